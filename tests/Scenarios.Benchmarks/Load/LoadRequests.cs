using Google.Protobuf.WellKnownTypes;

namespace Scenarios.Benchmarks.Load;

/// <summary>What those who load the service ask for. Each seed is a run of its own.</summary>
internal static class LoadRequests
{
    /// <summary>The founding scenario with another ceiling: what a dragged slider asks.</summary>
    public static V1.ProjectRequest WhatIf(long seed) => new()
    {
        ScenarioName = "scenarios/dprk-rotation",
        Overrides = { ["cap"] = $"{50_000 + (seed % 500 * 100)}" },
        Paths = 10_000,
        Seed = seed,
        FinalOnly = true,
    };

    /// <summary>The founding scenario.</summary>
    public static V1.ProjectRequest Founding(long paths, long seed) => new() { ScenarioName = "scenarios/dprk-rotation", Paths = paths, Seed = seed };

    /// <summary>B2: daily for five years, 207 arrivals a path.</summary>
    public static V1.ProjectRequest Dense(long paths, long seed) => new()
    {
        Scenario = new()
        {
            DisplayName = "B2 daily",
            StartDate = new() { Year = 2024, Month = 11, Day = 17 },
            HorizonDays = 1_825,
            StepDays = 1,
            Assumptions = new()
            {
                RotationIntervalDays = new() { Distribution = new() { Gamma = new() { Shape = 2, Scale = 3.5 } } },
                BatchSize = new() { Distribution = new() { Pert = new() { Min = 100, Mode = 400, Max = 1_200 } } },
                Cap = new() { Distribution = new() { Constant = 100_000 } },
            },
        },
        Paths = paths,
        Seed = seed,
        FinalOnly = true,
    };

    /// <summary>Weekly for two years with some 500 arrivals a path: the message of the founding scenario, and minutes of work.</summary>
    public static V1.ProjectRequest Lasting(long seed, TimeSpan? updateInterval = null) => new()
    {
        Scenario = new()
        {
            DisplayName = "Lasting",
            StartDate = new() { Year = 2024, Month = 11, Day = 17 },
            HorizonDays = 730,
            StepDays = 7,
            Assumptions = new()
            {
                RotationIntervalDays = new() { Distribution = new() { Exponential = new() { Mean = 1.5 } } },
                BatchSize = new() { Distribution = new() { Uniform = new() { Min = 1, Max = 400 } } },
                Cap = new() { Distribution = new() { Constant = 1_000_000 } },
            },
        },
        Paths = 100_000_000,
        Seed = seed,
        UpdateInterval = updateInterval is { } interval ? Duration.FromTimeSpan(interval) : null,
    };
}
