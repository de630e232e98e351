using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;

namespace Scenarios.Benchmarks;

/// <summary>Short ways to write an assumption.</summary>
internal static class Given
{
    public static Assumption Always(double value) => new(new ConstantDistribution(value), Resampling.PerPath);

    public static Assumption EachBatch(Distribution distribution, Distribution? factor = null) =>
        new(distribution, Resampling.PerBatch, factor);

    public static Assumption EachPath(Distribution distribution, Distribution? factor = null) =>
        new(distribution, Resampling.PerPath, factor);
}
