using System.Collections.Concurrent;

namespace Scenarios.Engine.Distributions;

/// <summary>Fits the cubic pieces of a <see cref="QuantileFunction"/> to a distribution's exact quantiles.</summary>
internal static class QuantileCompiler
{
    private const double UnitsPerOne = 4294967296.0; // 2^32: r counts in these units.
    private const int CacheCapacity = 512;

    private static readonly ConcurrentDictionary<(Distribution, double), QuantileFunction> Cache = new();

    /// <summary>Gauss-Legendre nodes and weights of order 6: exact for the products that a cubic projection integrates.</summary>
    private static readonly (double X, double W)[] Nodes =
    [
        (-0.932469514203152, 0.171324492379170), (-0.661209386466265, 0.360761573048139),
        (-0.238619186083197, 0.467913934572691), (0.238619186083197, 0.467913934572691),
        (0.661209386466265, 0.360761573048139), (0.932469514203152, 0.171324492379170),
    ];

    /// <summary>
    /// Compiles a distribution, its values multiplied by <paramref name="scale"/>. A few milliseconds the first time, a
    /// look-up from then on.
    /// </summary>
    public static QuantileFunction Compile(Distribution distribution, double scale = 1)
    {
        var key = (distribution, scale);
        if (Cache.TryGetValue(key, out var found))
        {
            return found;
        }

        var compiled = Fit(new ScaledQuantile(distribution, scale));
        if (Cache.Count >= CacheCapacity)
        {
            Cache.Clear();
        }

        return Cache.GetOrAdd(key, compiled);
    }

    private static QuantileFunction Fit(ScaledQuantile quantile) =>
        quantile.IsConstant ? QuantileFunction.OfConstant(quantile.Least)
        : FitBody(quantile) ?? FitSegments(quantile);

    /// <summary>The form for registers, or null where it would miss the error bound.</summary>
    private static QuantileFunction? FitBody(ScaledQuantile quantile)
    {
        if (quantile.Breaks.Count > 2)
        {
            return null;
        }

        var body = new float[4 * QuantileFunction.BodyPieces];
        for (var i = 0; i < QuantileFunction.BodyPieces; i++)
        {
            var lower = i < 16;
            var exponent = ((i & 15) >> 1) == 7 ? 16 : 17 + ((i & 15) >> 1);
            var width = Math.ScaleB(0.5, exponent);
            var low = Math.ScaleB(1, exponent) + ((i & 1) * width);
            double At(double v) => quantile.At(lower, v * (1 / 33554432.0)); // p = |v| 2^-25

            var cubic = Cubic.Fit(At, low, low + width).InPowersFrom(low, width);
            var sign = lower ? 1 : -1;
            body[i] = (float)cubic.C0;
            body[32 + i] = (float)(sign * cubic.C1);
            body[64 + i] = (float)cubic.C2;
            body[96 + i] = (float)(sign * cubic.C3);
            for (var k = 0; k <= 4; k++)
            {
                var v = Math.Min(Math.Floor(low + (width * k / 4)) + 1, low + width - 1); // odd, within the piece
                var f = (float)(sign * v);
                var fitted = MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(body[96 + i], f, body[64 + i]), f, body[32 + i]), f, body[i]);
                if (!quantile.IsClose(fitted, At(v)))
                {
                    return null;
                }
            }
        }

        var tails = new QuantileFunction.TailPiece[2 * QuantileFunction.TailOctaves * QuantileFunction.TailHalves];
        foreach (var lower in (ReadOnlySpan<bool>)[true, false])
        {
            for (var octave = 0; octave < QuantileFunction.TailOctaves; octave++)
            {
                for (var half = 0; half < QuantileFunction.TailHalves; half++)
                {
                    var width = Math.ScaleB(0.5, octave);
                    var low = Math.ScaleB(1, octave) + (half * width);
                    double At(double odd) => quantile.At(lower, odd * (1 / (2 * UnitsPerOne)));

                    var cubic = Cubic.Fit(At, low, low + width);
                    var piece = new QuantileFunction.TailPiece(low, 1 / width, (float)cubic.C0, (float)cubic.C1, (float)cubic.C2, (float)cubic.C3);
                    tails[(((lower ? 0 : QuantileFunction.TailOctaves) + octave) * QuantileFunction.TailHalves) + half] = piece;
                    if (!quantile.IsClose(cubic.At(0), At(low)) || !quantile.IsClose(cubic.At(1), At(low + width)) || !quantile.IsClose(cubic.At(0.5), At(low + (width / 2))))
                    {
                        return null;
                    }
                }
            }
        }

        return QuantileFunction.OfBody(quantile.Least, quantile.Most, body, tails);
    }

    private static QuantileFunction FitSegments(ScaledQuantile quantile)
    {
        var segments = new List<QuantileFunction.Segment>();
        var from = 0.0;
        foreach (var to in quantile.Breaks.Select(b => b * UnitsPerOne).Concat(OctaveEnds()).Append(UnitsPerOne).Order())
        {
            FitBetween(quantile, from, to, segments);
            from = to;
        }

        return QuantileFunction.OfSegments(quantile.Least, quantile.Most, [.. segments]);
    }

    /// <summary>Ends of the octaves of p: a cubic across more of a tail than this would be refined there anyway.</summary>
    private static IEnumerable<double> OctaveEnds()
    {
        for (var k = 1; k <= 31; k++)
        {
            yield return Math.ScaleB(1, k);
            yield return UnitsPerOne - Math.ScaleB(1, k);
        }
    }

    /// <summary>Covers the units (from, to] with an atom, or with as many cubics as the error bound takes.</summary>
    private static void FitBetween(ScaledQuantile quantile, double from, double to, List<QuantileFunction.Segment> segments)
    {
        var last = LastBits(to);
        var first = segments.Count == 0 ? 0L : segments[^1].Last + 1L;
        if (last < first)
        {
            return;
        }

        var lowest = quantile.AtUnits(first + 0.5);
        var highest = first == last ? lowest : quantile.AtUnits(last + 0.5);
        if (lowest == highest)
        {
            segments.Add(new((uint)last, 0, 0, lowest, 0, 0, 0));
            return;
        }

        var cubic = Cubic.Fit(quantile.AtUnits, from, to).Rounded();
        var close = true;
        for (var k = 0; k <= 8 && close; k++)
        {
            var s = Math.Clamp(from + ((to - from) * k / 8), first + 0.5, last + 0.5);
            close = quantile.IsClose(cubic.At((s - from) / (to - from)), quantile.AtUnits(s));
        }

        if (close || last - first < 2)
        {
            segments.Add(new((uint)last, from, 1 / (to - from), cubic.C0, cubic.C1, cubic.C2, cubic.C3));
            return;
        }

        var middle = (from + to) / 2;
        FitBetween(quantile, from, middle, segments);
        FitBetween(quantile, middle, to, segments);
    }

    /// <summary>The last bits whose probability (r + 1/2) / 2^32 is not above a number of units.</summary>
    private static long LastBits(double units) => Math.Min((long)Math.Floor(units - 0.5), uint.MaxValue);

    /// <summary>A distribution's quantiles times a scale, by tail or by units of 2^-32, and how close a fit must be.</summary>
    private sealed class ScaledQuantile(Distribution distribution, double scale)
    {
        private readonly double _median = distribution.Quantile(0.5) * scale;
        private readonly double _deviation = Math.Sqrt(distribution.Variance) * scale;

        public IReadOnlyList<double> Breaks { get; } = distribution.Breaks;

        public double Least { get; } = distribution.Min * scale;

        public double Most { get; } = distribution.Max * scale;

        public bool IsConstant => Least == Most;

        public double At(bool lower, double p) => (lower ? distribution.Quantile(p) : distribution.UpperQuantile(p)) * scale;

        public double AtUnits(double units) =>
            units <= UnitsPerOne / 2 ? At(true, units / UnitsPerOne) : At(false, (UnitsPerOne - units) / UnitsPerOne);

        public bool IsClose(double fitted, double exact) =>
            Math.Abs(fitted - exact) <= QuantileFunction.ErrorBound * Math.Max(_deviation, Math.Abs(exact - _median));
    }

    /// <summary>A cubic in x of [0, 1].</summary>
    private readonly record struct Cubic(double C0, double C1, double C2, double C3)
    {
        public double At(double x) => C0 + (x * (C1 + (x * (C2 + (x * C3)))));

        public Cubic Rounded() => new((float)C0, (float)C1, (float)C2, (float)C3);

        /// <summary>The least-squares cubic on [from, to], by projection on Legendre polynomials.</summary>
        public static Cubic Fit(Func<double, double> f, double from, double to)
        {
            double a0 = 0, a1 = 0, a2 = 0, a3 = 0;
            foreach (var (x, w) in Nodes)
            {
                var y = w * f(from + ((to - from) * (x + 1) / 2));
                a0 += y / 2;
                a1 += y * x * 3 / 2;
                a2 += y * ((3 * x * x) - 1) * 5 / 4;
                a3 += y * ((5 * x * x) - 3) * x * 7 / 4;
            }

            // Shifted Legendre polynomials in t = (x + 1) / 2: 2t - 1, 6t^2 - 6t + 1, 20t^3 - 30t^2 + 12t - 1.
            return new(a0 - a1 + a2 - a3, (2 * a1) - (6 * a2) + (12 * a3), (6 * a2) - (30 * a3), 20 * a3);
        }

        /// <summary>The same cubic in powers of v, where x = (v - low) / width.</summary>
        public Cubic InPowersFrom(double low, double width)
        {
            var (b1, b2, b3) = (C1 / width, C2 / (width * width), C3 / (width * width * width));
            return new(
                C0 - (b1 * low) + (b2 * low * low) - (b3 * low * low * low),
                b1 - (2 * b2 * low) + (3 * b3 * low * low),
                b2 - (3 * b3 * low),
                b3);
        }
    }
}
