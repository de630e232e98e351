using Scenarios.Benchmarks;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;
using Scenarios.Engine.Tests.Oracles;

namespace Scenarios.Engine.Tests.Statistics;

/// <summary>1.96 standard errors to either side hold the exact value in 95 of 100 projections.</summary>
public sealed class StandardErrorTests
{
    private const int Seeds = 400;
    private const int Paths = 4000;
    private const double Nominal = 0.95;

    private static readonly double[] Levels = [0.05, 0.25, 0.5, 0.75, 0.95];

    private static readonly Lazy<ProjectionSummary[]> Projections = new(() => [.. Enumerable.Range(0, Seeds).Select(seed =>
    {
        var projector = Projector.Compile(KnownScenarios.Weekly.Model, seed, [50_000, 90_000], []);
        var tally = projector.CreateTally();
        projector.Simulate(0, Paths, tally);
        return projector.Summarize(tally, new() { QuantileLevels = [.. Levels], ReportDays = [364, 728], Thresholds = [50_000, 90_000] });
    })]);

    [Theory]
    [InlineData(0, 364)]
    [InlineData(1, 728)]
    public void Intervals_OfMomentsAndQuantiles_CoverTheExactValuesAsOftenAsTheySay(int point, double day)
    {
        var law = RenewalOracle.Weekly.On(day);
        Check(s => (s.Points[point].Cumulative.Mean, s.Points[point].Cumulative.MeanStandardError), law.Mean, $"mean on day {day}");
        Check(
            s => (s.Points[point].Cumulative.StandardDeviation, s.Points[point].Cumulative.StandardDeviationStandardError),
            law.StandardDeviation,
            $"deviation on day {day}");
        for (var i = 0; i < Levels.Length; i++)
        {
            var level = i;
            Check(
                s => (s.Points[point].Cumulative.Quantiles[level], s.Points[point].Cumulative.QuantileStandardErrors[level]),
                law.Quantile(Levels[level]),
                $"quantile {Levels[level]} on day {day}");
        }
    }

    [Fact]
    public void Intervals_OfPassages_CoverTheExactValuesAtLeastAsOftenAsTheySay()
    {
        var law = RenewalOracle.Weekly.PassageOf(50_000);
        foreach (var level in (ReadOnlySpan<int>)[1, 2])
        {
            var at = level;
            Check(
                s => (s.Thresholds[0].Quantiles[at].Day!.Value, s.Thresholds[0].Quantiles[at].DayStandardError!.Value),
                law.Quantile(Levels[at]),
                $"passage of 50,000, quantile {Levels[at]}");
        }

        static Func<ProjectionSummary, (double, double)> Reached(int threshold) => s =>
            (s.Thresholds[threshold].Reached.Probability, s.Thresholds[threshold].Reached.StandardError);

        Check(Reached(0), law.By(728), "50,000 passed", atLeast: true);
        Check(Reached(1), RenewalOracle.Weekly.PassageOf(90_000).By(728), "90,000 passed", atLeast: true);
    }

    private static void Check(Func<ProjectionSummary, (double Value, double Error)> read, double exact, string what, bool atLeast = false)
    {
        var covered = Projections.Value.Select(read).Count(x => Math.Abs(x.Value - exact) <= StandardErrors.Z95 * x.Error);
        Agreement.OfCoverage(Nominal, covered, Seeds, what, atLeast);
    }
}
