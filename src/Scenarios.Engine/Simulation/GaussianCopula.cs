using Scenarios.Engine.Randomness;

namespace Scenarios.Engine.Simulation;

/// <summary>Turns independent random bits into bits whose normal scores are correlated.</summary>
/// <remarks>
/// By the Cholesky factor of the correlation matrix of the scores, which may be singular. What is correlated with nothing
/// before it keeps its bits.
/// </remarks>
internal sealed class GaussianCopula
{
    /// <summary>A pivot below it is a score that those before it determine.</summary>
    private const double NoPivot = 1e-9;

    /// <summary>A pivot further below zero than rounding takes it is a contradiction.</summary>
    private const double Contradiction = -1e-6;

    private const int Group = 64;

    private readonly double[]?[] _rows;

    /// <param name="normalMatrix">A positive semi-definite matrix of unit diagonal.</param>
    /// <exception cref="ArgumentException">It is not positive semi-definite.</exception>
    public GaussianCopula(double[,] normalMatrix) => _rows = [.. Cholesky(normalMatrix).Select(row => row[..^1].All(c => c == 0) ? null : row)];

    /// <summary>Bits of one of them, given the independent bits of all.</summary>
    public int Bits(int index, ReadOnlySpan<int> independent)
    {
        if (_rows[index] is not { } row)
        {
            return independent[index];
        }

        var score = 0.0;
        for (var j = 0; j < row.Length; j++)
        {
            if (row[j] != 0)
            {
                score = Math.FusedMultiplyAdd(row[j], NormalScores.OfBits(independent[j]), score);
            }
        }

        return NormalScores.ToBits(score);
    }

    /// <summary>The same for columns of bits; the result may be one of them.</summary>
    public unsafe void Bits(int index, int*[] independent, int* result, int lanes)
    {
        if (_rows[index] is not { } row)
        {
            new ReadOnlySpan<int>(independent[index], lanes).CopyTo(new(result, lanes));
            return;
        }

        var scores = stackalloc double[Group];
        for (var first = 0; first < lanes; first += Group)
        {
            var count = Math.Min(Group, lanes - first);
            new Span<double>(scores, count).Clear();
            for (var j = 0; j < row.Length; j++)
            {
                var bits = independent[j] + first;
                for (var i = 0; i < count && row[j] != 0; i++)
                {
                    scores[i] = Math.FusedMultiplyAdd(row[j], NormalScores.OfBits(bits[i]), scores[i]);
                }
            }

            for (var i = 0; i < count; i++)
            {
                result[first + i] = NormalScores.ToBits(scores[i]);
            }
        }
    }

    /// <summary>All coefficients, for a digest.</summary>
    public IEnumerable<double> Coefficients => _rows.SelectMany(row => row ?? []);

    private static double[][] Cholesky(double[,] matrix)
    {
        var size = matrix.GetLength(0);
        var rows = new double[size][];
        for (var i = 0; i < size; i++)
        {
            rows[i] = new double[i + 1];
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[i, j];
                for (var k = 0; k < j; k++)
                {
                    rest = Math.FusedMultiplyAdd(-rows[i][k], rows[j][k], rest);
                }

                if (j == i && rest < Contradiction)
                {
                    throw new ArgumentException("The correlations cannot hold together.");
                }

                rows[i][j] = j == i ? (rest > NoPivot ? Math.Sqrt(rest) : 0) : rows[j][j] > 0 ? rest / rows[j][j] : 0;
            }
        }

        return rows;
    }
}
