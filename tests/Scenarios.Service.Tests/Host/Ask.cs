using Grpc.Core;

namespace Scenarios.Service.Tests.Host;

/// <summary>What the tests of the host ask for.</summary>
internal static class Ask
{
    /// <summary>The founding scenario after one year and two. A seed asked for before is answered from memory, in one message.</summary>
    public static V1.ProjectRequest Founding(long paths = 20_000, long seed = 1, bool finalOnly = false) => new()
    {
        ScenarioName = "scenarios/dprk-rotation",
        Paths = paths,
        Seed = seed,
        ReportDays = { 365, 730 },
        FinalOnly = finalOnly,
    };

    /// <summary>About 2,500 arrivals a path: as many paths as are allowed are many minutes of work.</summary>
    public static V1.ProjectRequest Endless(long seed = 1) => new()
    {
        Scenario = new()
        {
            StartDate = new() { Year = 2024, Month = 11, Day = 17 },
            HorizonDays = 3_650,
            StepDays = 365,
            Assumptions = new()
            {
                RotationIntervalDays = new() { Distribution = new() { Exponential = new() { Mean = 1.5 } } },
                BatchSize = new() { Distribution = new() { Uniform = new() { Min = 1, Max = 100 } } },
            },
        },
        Paths = 100_000_000,
        Seed = seed,
    };

    /// <summary>All messages of a stream.</summary>
    public static async Task<List<V1.ProjectResponse>> AllAsync(this AsyncServerStreamingCall<V1.ProjectResponse> call)
    {
        using (call)
        {
            var messages = new List<V1.ProjectResponse>();
            await foreach (var message in call.ResponseStream.ReadAllAsync())
            {
                messages.Add(message);
            }

            return messages;
        }
    }

    /// <summary>Waits for the first message of a stream.</summary>
    public static async Task<V1.ProjectResponse> FirstAsync(this AsyncServerStreamingCall<V1.ProjectResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext().WaitAsync(RunningService.Patience));
        return call.ResponseStream.Current;
    }
}
