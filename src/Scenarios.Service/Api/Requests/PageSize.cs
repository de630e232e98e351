namespace Scenarios.Service.Api.Requests;

/// <summary>How many elements a page of a list has at most (AIP-158).</summary>
internal static class PageSize
{
    private const int Default = 50;
    private const int Largest = 1_000;

    /// <summary>The size asked for: 0 is the default, and what is too large counts as the largest.</summary>
    public static int Parse(RequestField field, int size)
    {
        new Bounds(0, int.MaxValue).Allow(field, size);
        return size == 0 ? Default : Math.Min(size, Largest);
    }
}
