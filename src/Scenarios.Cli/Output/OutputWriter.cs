using System.Text;

namespace Scenarios.Cli.Output;

/// <summary>
/// A writer whose failures say where they happened, and through which no control character passes unless it is allowed to.
/// </summary>
/// <param name="inner">Where the text goes.</param>
/// <param name="name">What that is, for messages: "Standard output".</param>
/// <param name="legible">Makes a piece of text legible.</param>
internal sealed class OutputWriter(TextWriter inner, string name, Func<string, string> legible) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Try(() => inner.Write(legible(value)));
        }
    }

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + "\n");

    /// <inheritdoc/>
    public override void WriteLine() => Write("\n");

    /// <inheritdoc/>
    public override Task WriteAsync(string? value) => Done(() => Write(value));

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value) => Done(() => WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(inner.Flush);

    /// <inheritdoc/>
    public override Task FlushAsync() => Done(Flush);

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Done(Flush);

    private static Task Done(Action write)
    {
        write();
        return Task.CompletedTask;
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"{name} cannot be written: {error.Message}", error);
        }
    }
}
