using Scenarios.Service.Runs.Compute;
using Scenarios.Service.Storage;

namespace Scenarios.Service.Runs.Grains;

/// <summary>What a run needs of the silo it lives on.</summary>
internal sealed record RunServices(
    EngineThreads Engine,
    CompiledScenarios Compiled,
    RunAdmission Admission,
    FinishedProjections Finished,
    TallyStore Tallies,
    RunInstruments Instruments,
    ServiceDrain Drain,
    TimeProvider Time,
    ILogger<RunGrain> Log);
