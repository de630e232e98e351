namespace Scenarios.Engine.Distributions;

/// <summary>Mean and variance as integrals of the quantile function, for distributions without closed forms.</summary>
internal static class QuantileMoments
{
    /// <summary>Gauss-Legendre nodes and weights of order 12 on [-1, 1], by symmetry.</summary>
    private static readonly (double X, double W)[] Nodes =
    [
        (0.125233408511468916, 0.249147045813402785), (0.367831498998180194, 0.233492536538354809),
        (0.587317954286617448, 0.203167426723065922), (0.769902674194304687, 0.160078328543346226),
        (0.904117256370474857, 0.106939325995318431), (0.981560634246719251, 0.0471753363865118272),
    ];

    /// <summary>Mean and variance; infinite where they overflow.</summary>
    public static (double Mean, double Variance) Of(Distribution distribution)
    {
        var parts = new List<(double Weight, double Value)>();
        var breaks = distribution.Breaks;
        Collect(distribution.Quantile, breaks.Where(b => b < 0.5), double.IsFinite(distribution.Min), parts);
        Collect(distribution.UpperQuantile, breaks.Where(b => b > 0.5).Select(b => 1 - b), double.IsFinite(distribution.Max), parts);
        var mean = parts.Sum(p => p.Weight * p.Value);
        var variance = parts.Sum(p => p.Weight * (p.Value - mean) * (p.Value - mean));
        return (mean, double.IsNaN(variance) ? double.PositiveInfinity : variance);
    }

    /// <summary>Pieces of one half of the probability: octaves, cut at the breaks; far out, wide ones in the logarithm.</summary>
    private static void Collect(
        Func<double, double> quantile, IEnumerable<double> breaks, bool bounded, List<(double Weight, double Value)> parts)
    {
        var octaves = Enumerable.Range(1, 64).Select(k => Math.ScaleB(1, -k));
        var far = bounded ? [] : Enumerable.Range(1, 58).Select(k => Math.ScaleB(1, -64 - (16 * k)));
        double[] ends = [.. octaves.Concat(far).Concat(breaks).Distinct().OrderDescending()];
        for (var i = 1; i < ends.Length; i++)
        {
            var (low, high) = (ends[i], ends[i - 1]);
            var inset = (high - low) * 1e-6;
            if (quantile(low + inset) is var nearLow && nearLow == quantile(high - inset))
            {
                parts.Add((high - low, nearLow)); // An atom.
                continue;
            }

            var ratio = high / low;
            foreach (var (x, w) in Nodes)
            {
                foreach (var t in (ReadOnlySpan<double>)[(1 - x) / 2, (1 + x) / 2])
                {
                    var p = ratio > 4 ? low * Math.Pow(ratio, t) : low + ((high - low) * t);
                    parts.Add((w / 2 * (ratio > 4 ? p * Math.Log(ratio) : high - low), quantile(p)));
                }
            }
        }

        parts.Add((ends[^1], quantile(ends[^1] / 2)));
    }
}
