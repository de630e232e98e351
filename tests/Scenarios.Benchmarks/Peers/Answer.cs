using System.Text.Json;

namespace Scenarios.Benchmarks.Peers;

/// <summary>What a contestant answers: the figures at the day that is checked, and how many it computed in all.</summary>
/// <param name="Paths">Paths simulated.</param>
/// <param name="Values">Figures computed: mean, standard deviation and five quantiles of each grid point, and the passages.</param>
/// <param name="Mean">Mean count at the day.</param>
/// <param name="Sd">Its standard deviation.</param>
/// <param name="Quantiles">Its quantiles .05 .25 .5 .75 .95.</param>
/// <param name="Cap">Probability of the cap by the horizon.</param>
/// <param name="Reached">Probability of 50,000 by the horizon.</param>
/// <param name="MedianDay">Median day on which 50,000 is reached.</param>
internal sealed record Answer(
    long Paths, int Values, double Mean, double Sd, double[] Quantiles, double Cap, double Reached, double? MedianDay)
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static JsonSerializerOptions Line { get; } = new(JsonSerializerDefaults.Web);

    public static Answer Read(string line) => JsonSerializer.Deserialize<Answer>(line, Line)!;

    public string Write() => JsonSerializer.Serialize(this, Line);
}
