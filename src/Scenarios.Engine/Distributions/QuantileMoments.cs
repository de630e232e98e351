namespace Scenarios.Engine.Distributions;

/// <summary>Mean and variance as integrals of the quantile function, for distributions without closed forms.</summary>
internal static class QuantileMoments
{
    private const double Tolerance = 1e-10;

    /// <summary>Most pieces that are halved: what bounds the time for a function that never becomes smooth.</summary>
    private const int MostHalvings = 1000;

    /// <summary>The Gauss-Kronrod pair of 7 and 15 points of QUADPACK on [-1, 1], by symmetry: node, weight of 15, weight of 7.</summary>
    private static readonly (double X, double W15, double W7)[] Nodes =
    [
        (0.991455371120812639, 0.022935322010529225, 0), (0.949107912342758525, 0.063092092629978553, 0.129484966168869693),
        (0.864864423359769073, 0.104790010322250184, 0), (0.741531185599394440, 0.140653259715525919, 0.279705391489276668),
        (0.586087235467691130, 0.169004726639267903, 0), (0.405845151377397167, 0.190350578064785410, 0.381830050505118945),
        (0.207784955007898468, 0.204432940075298892, 0), (0, 0.209482141084727828 / 2, 0.417959183673469388 / 2),
    ];

    /// <summary>Mean and variance; infinite where they overflow.</summary>
    public static (double Mean, double Variance) Of(Distribution distribution)
    {
        // About the median, and by the size of each piece's doubt, largest first.
        var median = distribution.Quantile(0.5);
        var pieces = new PriorityQueue<Piece, double>();
        double first = 0, second = 0, firstSize = 0, secondSize = 0, doubt = 0;
        double Doubt(Piece piece) =>
            (piece.FirstError / (firstSize + double.Epsilon)) + (piece.SecondError / (secondSize + double.Epsilon));

        Piece[] initial =
        [
            .. Ends(distribution.Breaks.Where(b => b < 0.5), double.IsFinite(distribution.Min))
                .Select(e => Piece.Integrate(p => distribution.Quantile(p) - median, e.Low, e.High)),
            .. Ends(distribution.Breaks.Where(b => b > 0.5).Select(b => 1 - b), double.IsFinite(distribution.Max))
                .Select(e => Piece.Integrate(q => distribution.UpperQuantile(q) - median, e.Low, e.High)),
        ];
        foreach (var piece in initial)
        {
            first += piece.First;
            second += piece.Second;
            firstSize += Math.Abs(piece.First);
            secondSize += piece.Second;
        }

        foreach (var piece in initial)
        {
            doubt += Doubt(piece);
            pieces.Enqueue(piece, -Doubt(piece));
        }

        for (var i = 0; i < MostHalvings && doubt > Tolerance && double.IsFinite(second); i++)
        {
            var piece = pieces.Dequeue();
            first -= piece.First;
            second -= piece.Second;
            doubt -= Doubt(piece);
            foreach (var half in piece.Halves())
            {
                first += half.First;
                second += half.Second;
                doubt += Doubt(half);
                pieces.Enqueue(half, -Doubt(half));
            }
        }

        return (median + first, double.IsFinite(second) ? Math.Max(second - (first * first), 0) : double.PositiveInfinity);
    }

    /// <summary>One half of the probability by octaves, cut at the breaks; far out, wide pieces in the logarithm.</summary>
    private static IEnumerable<(double Low, double High)> Ends(IEnumerable<double> breaks, bool bounded)
    {
        var octaves = Enumerable.Range(1, 64).Select(k => Math.ScaleB(1, -k));
        var far = bounded ? [] : Enumerable.Range(1, 58).Select(k => Math.ScaleB(1, -64 - (16 * k)));
        double[] ends = [.. octaves.Concat(far).Concat(breaks).Distinct().OrderDescending()];
        return ends.Zip(ends[1..], (high, low) => (low, high));
    }

    /// <summary>The integrals of a function and its square between two probabilities, and how far two rules differ.</summary>
    private sealed record Piece(
        Func<double, double> Of, double Low, double High, double First, double Second, double FirstError, double SecondError)
    {
        public static Piece Integrate(Func<double, double> of, double low, double high)
        {
            double first = 0, second = 0, coarseFirst = 0, coarseSecond = 0;
            var ratio = high / low;
            foreach (var (x, w15, w7) in Nodes)
            {
                foreach (var t in (ReadOnlySpan<double>)[(1 - x) / 2, (1 + x) / 2])
                {
                    var p = ratio > 4 ? low * Math.Pow(ratio, t) : low + ((high - low) * t);
                    var weight = (ratio > 4 ? p * Math.Log(ratio) : high - low) / 2;
                    var value = of(p);
                    first += weight * w15 * value;
                    second += weight * w15 * value * value;
                    coarseFirst += weight * w7 * value;
                    coarseSecond += weight * w7 * value * value;
                }
            }

            return new(of, low, high, first, second, Math.Abs(first - coarseFirst), Math.Abs(second - coarseSecond));
        }

        public Piece[] Halves()
        {
            var middle = High / Low > 4 ? Math.Sqrt(Low * High) : (Low + High) / 2;
            return [Integrate(Of, Low, middle), Integrate(Of, middle, High)];
        }
    }
}
