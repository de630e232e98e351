namespace Scenarios.Engine.Distributions;

/// <summary>A distribution on 0, 1, 2, ... without end. Every count is an atom.</summary>
public abstract record CountDistribution : Distribution
{
    /// <summary>Distance from the median up to which each atom is a knot of its own.</summary>
    /// <remarks>
    /// Further out a step of one is below <see cref="QuantileFunction.SegmentErrorBound"/> times the distance from the median, and
    /// a distribution as wide as the negative binomial may have 1e10 steps.
    /// </remarks>
    private const double AtomsWithin = 1 / QuantileFunction.SegmentErrorBound;

    /// <summary>Atoms with less than this beyond them are reached by no draw, not even on a condition of probability 1e-9.</summary>
    private const double Unreached = 1e-21;

    // Derived from the parameters, so equality leaves it out: the knots and the probabilities up to and above each.
    private readonly Lazy<(double[] Knots, double[] UpTo, double[] Above)> _atoms;

    private protected CountDistribution() => _atoms = new(ListAtoms);

    /// <inheritdoc/>
    public sealed override double Min => 0;

    /// <inheritdoc/>
    public sealed override double Max => double.PositiveInfinity;

    internal sealed override IReadOnlyList<double> Knots => _atoms.Value.Knots;

    /// <inheritdoc/>
    public sealed override double Cdf(double x) => x < 0 ? 0 : double.IsPositiveInfinity(x) ? 1 : Around(Math.Floor(x)).UpTo;

    /// <inheritdoc/>
    public sealed override double UpperTail(double x) => x < 0 ? 1 : double.IsPositiveInfinity(x) ? 0 : Around(Math.Floor(x)).Above;

    /// <inheritdoc/>
    public sealed override double CdfBelow(double x) => Cdf(Math.Ceiling(x) - 1);

    /// <inheritdoc/>
    public sealed override double UpperTailFrom(double x) => UpperTail(Math.Ceiling(x) - 1);

    /// <inheritdoc/>
    public sealed override double Quantile(double p)
    {
        var (knots, upTo, _) = _atoms.Value;
        return p > upTo[0] && p <= upTo[^1]
            ? knots[MonotoneSearch.First(knots.Length, i => upTo[i] >= p)]
            : Smallest(k => At(k).UpTo >= p, Guess(p, upper: false));
    }

    /// <inheritdoc/>
    public sealed override double UpperQuantile(double q)
    {
        var (knots, _, above) = _atoms.Value;
        return q < above[0] && q >= above[^1]
            ? knots[MonotoneSearch.First(knots.Length, i => above[i] <= q)]
            : Smallest(k => At(k).Above <= q, Guess(q, upper: true));
    }

    /// <inheritdoc/>
    public virtual bool Equals(CountDistribution? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>P(X &lt;= k) and P(X &gt; k) for whole k of at least 0, each with full relative accuracy where it is small.</summary>
    private protected abstract (double UpTo, double Above) At(double k);

    /// <summary>P(X = k).</summary>
    private protected abstract double Mass(double k);

    /// <summary>The same as <see cref="At"/>, read from the list where it is there.</summary>
    private (double UpTo, double Above) Around(double k)
    {
        var (knots, upTo, above) = _atoms.Value;
        var i = k - knots[0];
        return i >= 0 && i < knots.Length ? (upTo[(int)i], above[(int)i]) : At(k);
    }

    /// <summary>About the quantile at p, or at 1 - p: where to begin the search.</summary>
    private protected abstract double Guess(double p, bool upper);

    /// <summary>The smallest count that satisfies an ascending condition, searched outwards from a guess.</summary>
    private static double Smallest(Func<double, bool> satisfies, double guess)
    {
        var at = Math.Max(Math.Floor(guess), 0);
        var first = 1 + Math.Floor(Math.Sqrt(at) / 8);
        double above, below; // below fails, above satisfies.
        if (satisfies(at))
        {
            (above, below) = (at, Math.Max(at - first, -1));
            for (var step = first; below >= 0 && satisfies(below); step *= 2)
            {
                above = below;
                below = Math.Max(below - step, -1);
            }
        }
        else
        {
            (below, above) = (at, at + first);
            for (var step = first; !satisfies(above); step *= 2)
            {
                below = above;
                above += step;
            }
        }

        while (above - below > 1)
        {
            var middle = Math.Floor((above + below) / 2);
            if (middle <= below || middle >= above)
            {
                break; // Beyond 2^53 not every count is a double.
            }

            (below, above) = satisfies(middle) ? (below, middle) : (middle, above);
        }

        return above;
    }

    private (double[] Knots, double[] UpTo, double[] Above) ListAtoms()
    {
        var median = Smallest(k => At(k).UpTo >= 0.5, Mean);
        var first = Math.Max(Smallest(k => At(k).UpTo >= Unreached, median), median - AtomsWithin);
        var last = Math.Min(Smallest(k => At(k).Above <= Unreached, median), median + AtomsWithin);
        var count = (int)(last - first) + 1;
        var (knots, masses, upTo, above) = (new double[count], new double[count], new double[count], new double[count]);
        upTo[0] = At(first).UpTo;
        above[^1] = At(last).Above;
        for (var i = 0; i < count; i++)
        {
            knots[i] = first + i;
            var mass = Mass(first + i);
            upTo[i] = i == 0 ? upTo[0] : Math.Min(upTo[i - 1] + mass, 1);
            masses[i] = mass;
        }

        for (var i = count - 2; i >= 0; i--)
        {
            above[i] = Math.Min(above[i + 1] + masses[i + 1], 1);
        }

        return (knots, upTo, above);
    }
}
