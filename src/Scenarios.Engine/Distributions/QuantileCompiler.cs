using System.Collections.Concurrent;

namespace Scenarios.Engine.Distributions;

/// <summary>Fits the cubic pieces of a <see cref="QuantileFunction"/> to a distribution's exact quantiles.</summary>
internal static class QuantileCompiler
{
    /// <summary>Most pieces of the segments form besides those that its breaks and octaves ask for.</summary>
    public const int MostRefinements = 65_536;

    private const double UnitsPerOne = 4294967296.0; // 2^32: r counts in these units.
    private const int CacheCapacity = 512;
    private const int CachePieces = 1_000_000; // About 60 MB.

    /// <summary>Draws that may lie on a grid of 24 bits however coarse it is for them: what they move is below the error bounds.</summary>
    private const double NegligibleShare = 1.0 / 4096;

    /// <summary>Segments are checked at some points only, against this part of the bound; the body at its worst points.</summary>
    private const double Margin = 0.75;

    private static readonly ConcurrentDictionary<(Distribution, double), QuantileFunction> Cache = new();

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

        var compiled = Fit(distribution, scale);
        if (Cache.Count >= CacheCapacity || Cache.Values.Sum(f => f.PieceCount) + compiled.PieceCount > CachePieces)
        {
            Cache.Clear();
        }

        return Cache.GetOrAdd(key, compiled);
    }

    private static QuantileFunction Fit(Distribution distribution, double scale)
    {
        var exact = new ExactQuantiles(distribution, scale, isFine: false);
        if (exact.Least == exact.Most)
        {
            return QuantileFunction.OfConstant(exact.Least);
        }

        var fit = exact.IsNarrow ? null : FitBody(exact) ?? FitSegments(exact);
        return fit ?? FitSegments(new(distribution, scale, isFine: true))!;
    }

    /// <summary>
    /// Do values of 24 bits near <paramref name="value"/> lie too far apart for a share of draws that lies within
    /// <paramref name="span"/>? From one to the next the probability then moves by more than
    /// <see cref="QuantileFunction.LargestDensity"/> / 2^24.
    /// </summary>
    private static bool IsDense(double value, double span, double share) =>
        span > 0 && Math.Abs(value) * share > QuantileFunction.LargestDensity * span;

    /// <summary>The form for registers, or null if it would miss the error bound, leave the support or ask for finer draws.</summary>
    private static QuantileFunction? FitBody(ExactQuantiles exact)
    {
        if (exact.Breaks.Count > 2 || exact.HasAtoms)
        {
            return null;
        }

        var body = new float[4 * QuantileFunction.BodyPieces];
        var dense = 0.0;
        for (var i = 0; i < QuantileFunction.BodyPieces; i++)
        {
            var lower = i < 16;
            var exponent = ((i & 15) >> 1) == 7 ? 16 : 17 + ((i & 15) >> 1);
            var width = Math.ScaleB(0.5, exponent);
            var low = Math.ScaleB(1, exponent) + ((i & 1) * width);
            double At(double v) => exact.At(lower, v * (1 / 33554432.0));

            var fit = Cubic.Fit(At, low, low + width);
            dense += IsDense(fit.C0, fit.Span, width / 33554432.0) ? width / 33554432.0 : 0;
            var cubic = fit.InPowersFrom(low, width);
            var sign = lower ? 1 : -1;
            body[i] = (float)cubic.C0;
            body[32 + i] = (float)(sign * cubic.C1);
            body[64 + i] = (float)cubic.C2;
            body[96 + i] = (float)(sign * cubic.C3);
            // p = |v| 2^-25; the worst errors are at the ends of a piece and at a kink.
            var kinks = exact.Breaks.Select(b => (lower ? b : 1 - b) * 33554432.0).Where(v => v > low && v < low + width);
            foreach (var at in Enumerable.Range(0, 9).Select(k => low + (width * k / 8)).Concat(kinks))
            {
                var v = Math.Min((2 * Math.Floor(at / 2)) + 1, low + width - 1); // odd, within the piece
                var f = (float)(sign * v);
                var y = MathF.FusedMultiplyAdd(body[96 + i], f, body[64 + i]);
                y = MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(y, f, body[32 + i]), f, body[i]);
                var slope = Math.Abs(cubic.SlopeAt(v)) * 33554432.0;
                if (!exact.IsClose(y, At(v), slope, QuantileFunction.ErrorBound) || y < exact.Low || y > exact.High)
                {
                    return null;
                }
            }
        }

        if (dense > NegligibleShare)
        {
            return null;
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
                    double At(double odd) => exact.At(lower, odd * (1 / (2 * UnitsPerOne)));

                    var cubic = Cubic.Fit(At, low, low + width).Rounded();
                    tails[(((lower ? 0 : QuantileFunction.TailOctaves) + octave) * QuantileFunction.TailHalves) + half] =
                        new(low, 1 / width, cubic.C0, cubic.C1, cubic.C2, cubic.C3);
                    for (var k = 0; k <= 4; k++)
                    {
                        var slope = Math.Abs(cubic.SlopeAt(k / 4.0)) / width * (2 * UnitsPerOne);
                        if (!exact.IsClose(cubic.At(k / 4.0), At(low + (width * k / 4)), slope, QuantileFunction.ErrorBound))
                        {
                            return null;
                        }
                    }
                }
            }
        }

        return QuantileFunction.OfBody(exact.Least, exact.Most, exact.Low, exact.High, body, tails);
    }

    /// <summary>
    /// As many pieces as the bound takes; if those are too many, the bound is doubled, and the result says so. Null if they ask
    /// for finer draws.
    /// </summary>
    private static QuantileFunction? FitSegments(ExactQuantiles exact)
    {
        double[] ends = [.. exact.Breaks.Select(b => b * UnitsPerOne).Concat(OctaveEnds()).Append(UnitsPerOne).Order()];
        for (var bound = QuantileFunction.SegmentErrorBound; ; bound *= 2)
        {
            var segments = new List<QuantileFunction.Segment>();
            var from = 0.0;
            foreach (var to in ends)
            {
                FitBetween(exact, from, to, bound, ends.Length + MostRefinements, segments);
                from = to;
            }

            if (segments.Count < ends.Length + MostRefinements)
            {
                if (!exact.IsFine && segments.Where(IsDense).Sum(Share) > NegligibleShare)
                {
                    return null;
                }

                return QuantileFunction.OfSegments(exact.Least, exact.Most, exact.Low, exact.High, [.. segments], bound, exact.IsFine);
            }
        }
    }

    private static bool IsDense(QuantileFunction.Segment segment) =>
        IsDense(segment.C0, new Cubic(segment.C0, segment.C1, segment.C2, segment.C3).Span, Share(segment));

    /// <summary>The share of draws that a smooth segment covers.</summary>
    private static double Share(QuantileFunction.Segment segment) => segment.IsAtom ? 0 : 1 / (segment.InverseWidth * UnitsPerOne);

    /// <summary>Ends of the octaves of p: a cubic across more of a tail than this would be refined there anyway.</summary>
    private static IEnumerable<double> OctaveEnds()
    {
        for (var k = 1; k <= 31; k++)
        {
            yield return Math.ScaleB(1, k);
            yield return UnitsPerOne - Math.ScaleB(1, k);
        }
    }

    /// <summary>Covers the units (from, to] with an atom, or with as many cubics as the bound takes.</summary>
    private static void FitBetween(
        ExactQuantiles exact, double from, double to, double bound, int most, List<QuantileFunction.Segment> segments)
    {
        var last = LastBits(to);
        var first = segments.Count == 0 ? 0L : segments[^1].Last + 1L;
        if (last < first)
        {
            return;
        }

        var lowest = exact.AtUnits(first + 0.5);
        if (first == last || lowest == exact.AtUnits(last + 0.5))
        {
            segments.Add(new((uint)last, 0, 0, exact.Rounded(lowest), 0, 0, 0));
            return;
        }

        var cubic = exact.Rounded(Cubic.Fit(exact.AtUnits, from, to));
        var close = segments.Count >= most;
        double AtPart(int k) => Math.Clamp(from + ((to - from) * k / 8), first + 0.5, last + 0.5);
        for (var k = 0; k <= 8 && !close; k++)
        {
            var s = AtPart(k);
            var x = (s - from) / (to - from);

            // Where values crowd at one end, the cubic is steeper than the quantiles that it misses.
            var slope = Math.Min(
                Math.Abs(cubic.SlopeAt(x)) / (to - from),
                Math.Min(
                    exact.Slope(AtPart(Math.Max(k - 1, 0)), AtPart(Math.Max(k, 1))),
                    exact.Slope(AtPart(Math.Min(k, 7)), AtPart(Math.Min(k + 1, 8)))));
            if (!exact.IsClose(cubic.At(x), exact.AtUnits(s), slope * UnitsPerOne, Margin * bound))
            {
                break;
            }

            close = k == 8;
        }

        if (close)
        {
            segments.Add(new((uint)last, from, 1 / (to - from), cubic.C0, cubic.C1, cubic.C2, cubic.C3));
            return;
        }

        var middle = (from + to) / 2;
        FitBetween(exact, from, middle, bound, most, segments);
        FitBetween(exact, middle, to, bound, most, segments);
    }

    /// <summary>The last bits whose probability (r + 1/2) / 2^32 is not above a number of units.</summary>
    private static long LastBits(double units) => Math.Min((long)Math.Floor(units - 0.5), uint.MaxValue);

    /// <summary>A distribution's quantiles times a scale, by tail or by units of 2^-32, and how close a fit must be.</summary>
    private sealed class ExactQuantiles
    {
        private readonly Distribution _distribution;
        private readonly double _scale;
        private readonly double[] _knots;
        private readonly Dictionary<double, double> _known = [];
        private readonly double _median;
        private readonly double _spread;
        private readonly double _halfWithin;

        public ExactQuantiles(Distribution distribution, double scale, bool isFine)
        {
            (_distribution, _scale, IsFine) = (distribution, scale, isFine);
            _knots = [.. distribution.Knots.Select(k => k * scale)];
            Breaks = distribution.Breaks;
            Least = distribution.Min * scale;
            Most = distribution.Max * scale;
            (Low, High) = isFine ? (Least, Most)
                : (RoundedUp(Math.Max(Least, -float.MaxValue)), -RoundedUp(-Math.Min(Most, float.MaxValue)));
            if (Low == 0 && distribution.Cdf(0) == 0)
            {
                Low = SmallestPositive;
            }

            if (Low > High)
            {
                (Low, High) = (Least, Most); // The support is narrower than the spacing of 24-bit numbers.
            }

            _median = distribution.Quantile(0.5) * scale;
            var quartiles = Math.Min(_median - (distribution.Quantile(0.25) * scale), (distribution.UpperQuantile(0.25) * scale) - _median);
            _halfWithin = quartiles;
            _spread = Math.Min(Math.Sqrt(distribution.Variance) * scale, quartiles);
        }

        /// <summary>Is the fit to be of double precision?</summary>
        public bool IsFine { get; }

        /// <summary>Do values of 24 bits lie too far apart around the median?</summary>
        public bool IsNarrow => _halfWithin > 0 && IsDense(_median, _halfWithin, 0.25);

        public IReadOnlyList<double> Breaks { get; }

        public bool HasAtoms => _distribution.Knots.Any(k => _distribution.CdfBelow(k) < _distribution.Cdf(k));

        public double Least { get; }

        public double Most { get; }

        /// <summary>Smallest and largest draw that is no atom: a number of 24 bits within the support.</summary>
        public double Low { get; }

        public double High { get; }

        /// <summary>What rounding to double precision may add.</summary>
        private const double FineRounding = 1.0 / (1L << 48);

        private static double SmallestPositive => Math.ScaleB(1, -126);

        public double At(bool lower, double p)
        {
            var x = (lower ? _distribution.Quantile(p) : _distribution.UpperQuantile(p)) * _scale;
            return IsKnot(x) ? x : Math.Clamp(x, Low, High);
        }

        /// <summary>The same by units; halves of a piece ask again for what it asked for.</summary>
        public double AtUnits(double units)
        {
            if (!_known.TryGetValue(units, out var value))
            {
                value = units <= UnitsPerOne / 2 ? At(true, units / UnitsPerOne) : At(false, (UnitsPerOne - units) / UnitsPerOne);
                _known.Add(units, value);
            }

            return value;
        }

        /// <summary>Mean slope between two units; infinite between equal ones.</summary>
        public double Slope(double low, double high) =>
            high > low ? (AtUnits(high) - AtUnits(low)) / (high - low) : double.PositiveInfinity;

        /// <summary>An atom as it is; anything else to 24 bits, if it is not fine.</summary>
        public double Rounded(double x) => IsKnot(x) ? x : Math.Clamp(IsFine ? x : Binary24.Round(x), Low, High);

        /// <summary>A cubic to 24 bits; a fine one to 24 bits of what it spans.</summary>
        public Cubic Rounded(Cubic cubic)
        {
            var rounded = cubic.Rounded();
            if (!IsFine)
            {
                return rounded;
            }

            var unit = Math.ScaleB(1, Math.ILogB(Math.Abs(cubic.C1) + Math.Abs(cubic.C2) + Math.Abs(cubic.C3)) - 23);
            var origin = Math.Round(cubic.C0 / unit) * unit;
            return rounded with { C0 = double.IsFinite(origin) ? origin : cubic.C0 };
        }

        /// <summary>Is a fit close in value, and in probability (the slope is the derivative of the quantile by p)?</summary>
        public bool IsClose(double fitted, double value, double slope, double bound) =>
            Math.Abs(fitted - value)
            <= (bound * Math.Min(Math.Max(_spread, Math.Abs(value - _median)), slope)) + (Math.Abs(value) * (IsFine ? FineRounding : QuantileFunction.Rounding));

        private static double RoundedUp(double x) => Binary24.Round(x) is var r && r >= x ? r : MathF.BitIncrement((float)x);

        private bool IsKnot(double x) => Array.BinarySearch(_knots, x) >= 0;
    }
}
