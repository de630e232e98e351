namespace Scenarios.Service.Runs.Compute;

/// <summary>How much a run has to compute.</summary>
internal enum WorkClass
{
    /// <summary>Less than 50 ms of one thread: has places of its own and goes between the slices of large ones.</summary>
    Small,

    /// <summary>All else.</summary>
    Large,
}
