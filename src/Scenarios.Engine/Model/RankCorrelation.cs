using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra;

namespace Scenarios.Engine.Model;

/// <summary>The assumptions that can be correlated.</summary>
public enum AssumptionKind
{
    /// <summary><see cref="ArrivalModel.InitialCount"/>.</summary>
    InitialCount,

    /// <summary><see cref="ArrivalModel.Cap"/>.</summary>
    Cap,

    /// <summary><see cref="ArrivalModel.FirstArrivalDays"/>.</summary>
    FirstArrivalDays,

    /// <summary><see cref="ArrivalModel.RotationIntervalDays"/>.</summary>
    RotationIntervalDays,

    /// <summary><see cref="ArrivalModel.BatchSize"/>.</summary>
    BatchSize,

    /// <summary><see cref="ArrivalModel.TourLengthDays"/>.</summary>
    TourLengthDays,
}

/// <summary>
/// A rank (Spearman) correlation of two assumptions, through a Gaussian copula of their draws before path and event factors:
/// exact where both are continuous.
/// </summary>
/// <param name="A">One assumption.</param>
/// <param name="B">Another, drawn as often.</param>
/// <param name="Coefficient">Spearman's coefficient, in [-1, 1].</param>
public sealed record RankCorrelation(AssumptionKind A, AssumptionKind B, double Coefficient)
{
    /// <summary>Eigenvalues above its negative count as not negative: rounding of decimals, never a contradiction.</summary>
    private const double Tolerance = 1e-9;

    private const int MostIterations = 10_000;

    private const int Decimals = 3;

    /// <summary>The correlation of normal scores that gives a rank correlation: 2 sin(pi r / 6) (Kruskal 1958).</summary>
    /// <remarks>By its series, in a stated order of operations: the same bits on every machine.</remarks>
    public static double NormalCorrelation(double rankCorrelation)
    {
        if (Math.Abs(rankCorrelation) >= 1)
        {
            return Math.Sign(rankCorrelation);
        }

        var x = rankCorrelation * (Math.PI / 6);
        var square = x * x;
        var sum = 1.0;
        for (var k = 19; k >= 3; k -= 2)
        {
            sum = Math.FusedMultiplyAdd(-square / (k * (k - 1)), sum, 1);
        }

        return 2 * x * sum;
    }

    /// <summary>The rank correlation that a correlation of normal scores gives: 6 / pi asin(rho / 2).</summary>
    public static double OfNormal(double normalCorrelation) => 6 / Math.PI * Math.Asin(normalCorrelation / 2);

    /// <summary>The kinds that take part, each once, in order.</summary>
    public static ImmutableArray<AssumptionKind> Kinds(IEnumerable<RankCorrelation> correlations) =>
        [.. correlations.SelectMany(c => (AssumptionKind[])[c.A, c.B]).Distinct().Order()];

    /// <summary>The correlation matrix of normal scores of some kinds; pairs that are not given are uncorrelated.</summary>
    public static double[,] NormalMatrix(IEnumerable<RankCorrelation> correlations, ImmutableArray<AssumptionKind> kinds)
    {
        var matrix = new double[kinds.Length, kinds.Length];
        for (var i = 0; i < kinds.Length; i++)
        {
            matrix[i, i] = 1;
        }

        foreach (var correlation in correlations)
        {
            var (i, j) = (kinds.IndexOf(correlation.A), kinds.IndexOf(correlation.B));
            if (i >= 0 && j >= 0)
            {
                matrix[i, j] = matrix[j, i] = NormalCorrelation(correlation.Coefficient);
            }
        }

        return matrix;
    }

    /// <summary>Can the correlations hold together?</summary>
    public static bool IsPositiveSemiDefinite(double[,] normalMatrix) =>
        Matrix<double>.Build.DenseOfArray(normalMatrix).Evd(Symmetricity.Symmetric).EigenValues.All(value => value.Real >= -Tolerance);

    /// <summary>
    /// The valid correlations nearest to some that contradict one another, of all pairs among their kinds, to three decimals:
    /// the nearest matrix of normal scores (Higham, "Computing the nearest correlation matrix", 2002, algorithm 3.3), its
    /// smallest eigenvalue raised by as little as rounding takes to leave it valid.
    /// </summary>
    public static ImmutableArray<RankCorrelation> NearestValid(ImmutableArray<RankCorrelation> correlations)
    {
        var kinds = Kinds(correlations);
        var given = Matrix<double>.Build.DenseOfArray(NormalMatrix(correlations, kinds));
        for (var least = 0.0; ; least = Math.Max(2 * least, 1e-5))
        {
            var nearest = Rounded(Nearest(given, least), kinds);
            if (IsPositiveSemiDefinite(NormalMatrix(nearest, kinds)))
            {
                return nearest;
            }
        }
    }

    /// <summary>Alternating projections with Dykstra's correction: on matrices of least eigenvalue, and on those of unit diagonal.</summary>
    private static Matrix<double> Nearest(Matrix<double> given, double leastEigenvalue)
    {
        var y = given;
        var correction = Matrix<double>.Build.Dense(given.RowCount, given.ColumnCount);
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            var r = y - correction;
            var spectrum = r.Evd(Symmetricity.Symmetric);
            var values = spectrum.EigenValues.Map(value => Math.Max(value.Real, leastEigenvalue));
            var x = spectrum.EigenVectors * Matrix<double>.Build.DiagonalOfDiagonalVector(values) * spectrum.EigenVectors.Transpose();
            correction = x - r;
            var next = (x + x.Transpose()) / 2;
            next.SetDiagonal(Vector<double>.Build.Dense(next.RowCount, 1));
            var moved = (next - y).FrobeniusNorm();
            y = next;
            if (iteration > 0 && moved < Tolerance)
            {
                break;
            }
        }

        return y;
    }

    private static ImmutableArray<RankCorrelation> Rounded(Matrix<double> normal, ImmutableArray<AssumptionKind> kinds)
    {
        var pairs = ImmutableArray.CreateBuilder<RankCorrelation>();
        for (var i = 0; i < kinds.Length; i++)
        {
            for (var j = i + 1; j < kinds.Length; j++)
            {
                pairs.Add(new(kinds[i], kinds[j], Math.Round(OfNormal(Math.Clamp(normal[i, j], -1, 1)), Decimals)));
            }
        }

        return pairs.ToImmutable();
    }
}
