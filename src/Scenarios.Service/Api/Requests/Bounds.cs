namespace Scenarios.Service.Api.Requests;

/// <summary>The numbers that a field takes.</summary>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
/// <param name="IsOpenBelow">Is the smallest itself left out?</param>
/// <param name="IsOpenAbove">Is the largest itself left out?</param>
internal readonly record struct Bounds(double Least, double Most, bool IsOpenBelow = false, bool IsOpenAbove = false)
{
    /// <summary>
    /// No number of a request is larger: counts, and days in ticks, then stay within what the engine's arithmetic holds (2^50
    /// people, and 24-bit draws times factors).
    /// </summary>
    public const double Largest = 1e15;

    /// <summary>No number that must be above 0 is smaller.</summary>
    public const double Smallest = 1e-9;

    /// <summary>Any number.</summary>
    public static Bounds Any { get; } = new(-Largest, Largest);

    /// <summary>Any number from 0.</summary>
    public static Bounds NotNegative { get; } = new(0, Largest);

    /// <summary>Any number above 0.</summary>
    public static Bounds Positive { get; } = new(Smallest, Largest);

    /// <summary>A probability that is neither 0 nor 1.</summary>
    public static Bounds OpenUnit { get; } = new(0, 1, IsOpenBelow: true, IsOpenAbove: true);

    /// <summary>A probability.</summary>
    public static Bounds Unit { get; } = new(0, 1);

    /// <summary>Is a number allowed? Reports it at its field if not.</summary>
    public bool Allow(RequestField field, double value)
    {
        if (!double.IsFinite(value))
        {
            field.Report(ViolationReason.NotFinite, $"{Spoken.Number(value)} is not a finite number.", $"Give a number {this}.");
            return false;
        }

        if (value < Least || value > Most || (IsOpenBelow && value == Least) || (IsOpenAbove && value == Most))
        {
            field.Report(ViolationReason.OutOfRange, $"{Spoken.Number(value)} is not a number {this}.", $"Give a number {this}.");
            return false;
        }

        return true;
    }

    /// <summary>A number that must be given and allowed; null, and reported, if it is not.</summary>
    public double? Require(RequestField field, bool isGiven, double value)
    {
        if (!isGiven)
        {
            field.Report(ViolationReason.Required, "It is required; left out does not mean 0.", $"Give a number {this}.");
            return null;
        }

        return Allow(field, value) ? value : null;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(IsOpenBelow ? "above" : "from")} {Spoken.Number(Least)} {(IsOpenAbove ? "and below" : "to")} {Spoken.Number(Most)}";
}
