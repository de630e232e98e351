using Scenarios.Engine.Distributions;

namespace Scenarios.Engine.Tests.Distributions;

/// <summary>
/// Intervals that cover the line, each with its exact probability and with the probability that a draw lies in it.
/// </summary>
/// <remarks>
/// For atoms alone, one cell each. Otherwise 512 equiprobable ones, of which the outermost are halved ten times (to 2^-20).
/// Cells in which fewer than ten draws are expected are joined to their neighbours; so are those between which values crowd so
/// much that rounding to 24 bits may carry more over the edge than the stated error: draws do not ascend to the last bit.
/// </remarks>
internal sealed class Cells
{
    private const int GuideBits = 12;
    private const int Equiprobable = 512;
    private const double LeastExpected = 10;
    private const double SmallestFloat = 1.2e-38; // Draws are no nearer to zero.

    private readonly double[] _edges; // Cell i holds edges[i - 1] <= x < edges[i].
    private readonly int[] _guide;

    private Cells(double[] edges, double[] exact, double[] drawn, QuantileFunction function)
    {
        (_edges, Exact, Drawn) = (edges, exact, drawn);
        _guide = [.. Enumerable.Range(0, 1 << GuideBits).Select(i => Of(function.Evaluate(i << (32 - GuideBits)), 0))];
    }

    /// <summary>Exact probabilities.</summary>
    public double[] Exact { get; }

    /// <summary>Probabilities of a draw, over all bits.</summary>
    public double[] Drawn { get; }

    /// <summary>How far Pearson's statistic of draws is from central, because their probabilities are not the exact ones.</summary>
    public double Noncentrality(long draws) => Exact.Zip(Drawn, (p, q) => draws * (q - p) * (q - p) / p).Sum();

    /// <summary>The cells of a family, and a compiled function's probabilities in them.</summary>
    public static Cells Of(string name, Distribution distribution, QuantileFunction function, long draws)
    {
        var (edges, exact, drawn) = (new List<double>(), new List<double>(), new List<double>());
        var (below, from, bits) = (0.0, 1.0, 0L); // At the last edge.
        foreach (var edge in EdgesOf(name, distribution).Where(edge => IsSharp(distribution, function, edge)))
        {
            var (nextBelow, nextFrom) = (distribution.CdfBelow(edge), distribution.UpperTailFrom(edge));
            var probability = nextBelow <= 0.5 ? nextBelow - below : from - nextFrom;
            if (Math.Min(probability, nextFrom) * draws >= LeastExpected)
            {
                var nextBits = BitsBelow(function, edge);
                edges.Add(edge);
                exact.Add(probability);
                drawn.Add((nextBits - bits) / 4294967296.0);
                (below, from, bits) = (nextBelow, nextFrom, nextBits);
            }
        }

        exact.Add(from);
        drawn.Add(((1L << 32) - bits) / 4294967296.0);
        return new([.. edges], [.. exact], [.. drawn], function);
    }

    /// <summary>Where cells begin and end, ascending.</summary>
    public static double[] EdgesOf(string name, Distribution distribution)
    {
        if (((IEnumerable<object[]>)Families.Discrete).Any(discrete => name.Equals(discrete[0])))
        {
            return [.. distribution.Knots];
        }

        var tails = Enumerable.Range(10, 11).Select(k => Math.ScaleB(1, -k)).ToArray();
        return
        [
            .. Enumerable.Range(1, Equiprobable - 1).Select(i => distribution.Quantile(i / (double)Equiprobable))
                .Concat(tails.Select(distribution.Quantile)).Concat(tails.Select(distribution.UpperQuantile))
                .Where(x => x == 0 || Math.Abs(x) >= SmallestFloat).Distinct().Order(),
        ];
    }

    /// <summary>How many of the 2^32 values of the bits have a draw below x: by bisection, since draws ascend with them.</summary>
    public static long BitsBelow(QuantileFunction function, double x)
    {
        var (low, high) = (0L, 1L << 32);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = function.Evaluate((int)(uint)middle) >= x ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>The cell of a draw; its bits say where to look first, the draw itself where to end.</summary>
    public int Of(int bits, double draw) => Of(draw, _guide[(uint)bits >> (32 - GuideBits)]);

    private static bool IsSharp(Distribution distribution, QuantileFunction function, double edge)
    {
        var rounding = Math.Abs(edge) * QuantileFunction.Rounding;
        var hasAtom = distribution.CdfBelow(edge) < distribution.Cdf(edge);
        return hasAtom || distribution.CdfBelow(edge + rounding) - distribution.CdfBelow(edge - rounding) <= function.Error;
    }

    private int Of(double draw, int cell)
    {
        while (cell < _edges.Length && draw >= _edges[cell])
        {
            cell++;
        }

        while (cell > 0 && draw < _edges[cell - 1])
        {
            cell--;
        }

        return cell;
    }
}
