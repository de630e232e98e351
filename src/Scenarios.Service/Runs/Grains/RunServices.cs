using Scenarios.Service.Runs.Compute;

namespace Scenarios.Service.Runs.Grains;

/// <summary>What a run needs of the silo it lives on.</summary>
internal sealed record RunServices(
    EngineThreads Engine,
    CompiledScenarios Compiled,
    RunAdmission Admission,
    FinishedProjections Finished,
    RunInstruments Instruments,
    ServiceDrain Drain,
    TimeProvider Time,
    ILogger<RunGrain> Log);
