namespace Scenarios.Benchmarks.Peers;

/// <summary>Computes a scenario within a process of its own, run by run.</summary>
internal interface IContestant : IAsyncDisposable
{
    /// <summary>A run with all outputs.</summary>
    Task<Answer> RunAsync(long paths, int seed);

    /// <summary>What is seen first of a run.</summary>
    /// <remarks>Who has nothing to show on the way shows the finished run of a thousand paths.</remarks>
    Task<Answer> FirstAsync(int seed) => RunAsync(1000, seed);
}
