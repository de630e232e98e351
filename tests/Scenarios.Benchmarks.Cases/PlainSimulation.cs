using MathNet.Numerics.Random;

namespace Scenarios.Benchmarks;

/// <summary>A draw of one quantity.</summary>
internal delegate double Sampler(Random random);

/// <summary>A scenario as a plain loop sees it: model.md in samplers, nothing of the engine in it.</summary>
internal sealed record PlainScenario
{
    public required double HorizonDays { get; init; }

    public required double StepDays { get; init; }

    /// <summary>Drawn once per path.</summary>
    public Sampler Initial { get; init; } = _ => 0;

    /// <summary>Drawn once per path.</summary>
    public Sampler Cap { get; init; } = _ => double.PositiveInfinity;

    /// <summary>Drawn once per path; null for one ordinary gap.</summary>
    public Sampler? FirstArrival { get; init; }

    public required Sampler Gap { get; init; }

    /// <summary>Drawn once per path.</summary>
    public Sampler GapFactor { get; init; } = _ => 1;

    public required Sampler Size { get; init; }

    public bool SizeIsFixedInPath { get; init; }

    /// <summary>Drawn once per path.</summary>
    public Sampler SizeFactor { get; init; } = _ => 1;

    public double SkipProbability { get; init; }

    /// <summary>Do those who arrive send home as many of those present?</summary>
    public bool Relieves { get; init; }

    /// <summary>Does the cap limit those present, not everyone who ever arrived?</summary>
    public bool CapLimitsPresent { get; init; }

    /// <summary>The count whose first passage is timed.</summary>
    public double Threshold { get; init; } = double.PositiveInfinity;
}

/// <summary>
/// A renewal process with rewards, path by path in double precision, on the samplers and the generator of MathNet: what the
/// engine is held to, and what it is timed beside. It shares no code with it.
/// </summary>
internal sealed class PlainSimulation
{
    private readonly PlainScenario _scenario;
    private readonly double[] _days;

    /// <param name="scenario">What to simulate.</param>
    /// <param name="mostCount">No count is larger.</param>
    public PlainSimulation(PlainScenario scenario, int mostCount)
    {
        _scenario = scenario;
        var steps = (int)Math.Ceiling(scenario.HorizonDays / scenario.StepDays);
        _days = [.. Enumerable.Range(0, steps).Select(i => i * scenario.StepDays), scenario.HorizonDays];
        Cumulative = [.. _days.Select(_ => new int[mostCount + 1])];
        Present = [.. _days.Select(_ => new int[mostCount + 1])];
    }

    public int Paths { get; private set; }

    /// <summary>For each day of the grid, the number of paths by cumulative count.</summary>
    public int[][] Cumulative { get; }

    /// <summary>For each day of the grid, the number of paths by count present.</summary>
    public int[][] Present { get; }

    /// <summary>When the threshold was first reached, of the paths that got there; in no order.</summary>
    public List<double> Passages { get; } = [];

    /// <summary>Batches scheduled within the horizon.</summary>
    public long Batches { get; private set; }

    public void Run(int paths, int seed)
    {
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        for (var path = 0; path < paths; path++)
        {
            Walk(random);
        }

        Paths += paths;
    }

    public void Add(PlainSimulation other)
    {
        Paths += other.Paths;
        Batches += other.Batches;
        Passages.AddRange(other.Passages);
        AddTo(Cumulative, other.Cumulative);
        AddTo(Present, other.Present);
    }

    private static void AddTo(int[][] sums, int[][] terms)
    {
        foreach (var (sum, term) in sums.Zip(terms))
        {
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += term[i];
            }
        }
    }

    private void Walk(Random random)
    {
        var s = _scenario;
        var cap = Math.Floor(s.Cap(random) + 0.5);
        var cumulative = Math.Min(Math.Floor(s.Initial(random) + 0.5), cap);
        var present = cumulative;
        var gapFactor = s.GapFactor(random);
        var sizeFactor = s.SizeFactor(random);
        var fixedSize = s.SizeIsFixedInPath ? s.Size(random) : double.NaN;
        var time = s.FirstArrival is { } first ? first(random) : s.Gap(random) * gapFactor;
        if (cumulative >= s.Threshold)
        {
            Passages.Add(0);
        }

        var point = 0;
        while (time <= s.HorizonDays)
        {
            Batches++;
            for (; _days[point] < time; point++)
            {
                Cumulative[point][(int)cumulative]++;
                Present[point][(int)present]++;
            }

            var size = Math.Floor(((s.SizeIsFixedInPath ? fixedSize : s.Size(random)) * sizeFactor) + 0.5);
            if (random.NextDouble() >= s.SkipProbability)
            {
                var taken = !s.CapLimitsPresent ? cumulative : s.Relieves ? 0 : present;
                var arrived = Math.Min(size, Math.Max(0, cap - taken));
                var passes = cumulative < s.Threshold && cumulative + arrived >= s.Threshold;
                present += arrived - (s.Relieves ? Math.Min(present, arrived) : 0);
                cumulative += arrived;
                if (passes)
                {
                    Passages.Add(time);
                }
            }

            time += s.Gap(random) * gapFactor;
        }

        for (; point < _days.Length; point++)
        {
            Cumulative[point][(int)cumulative]++;
            Present[point][(int)present]++;
        }
    }
}
