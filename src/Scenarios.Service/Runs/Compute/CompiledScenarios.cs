using Scenarios.Engine.Simulation;

namespace Scenarios.Service.Runs.Compute;

/// <summary>The scenarios that this silo compiled of late, by inner key: each is compiled once for all who ask meanwhile.</summary>
internal sealed class CompiledScenarios(EngineThreads engine)
{
    private const int MostKept = 64;

    /// <summary>An arrival in lanes of the widest vectors costs about 3 ns (kernel.md); measured once paths are computed.</summary>
    private const double NanosecondsPerArrival = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private long _uses;

    /// <summary>Compiles a scenario, or finds it compiled.</summary>
    public async Task<CompiledScenario> GetAsync(ProjectionSpec spec, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await Compile(spec, cancellation).WaitAsync(cancellation);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Somebody else had it compiled and left: now it is ours to do.
            }
        }
    }

    private Task<CompiledScenario> Compile(ProjectionSpec spec, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(spec.InnerKey, out var entry) || entry.Scenario.IsFaulted || entry.Scenario.IsCanceled)
            {
                entry = new(engine.RunAsync(
                    token =>
                    {
                        var projector = Projector.Compile(spec.Model, spec.Seed, spec.TallyThresholds, spec.ExtraDays, spec.Sampling, token);
                        return new CompiledScenario(projector, (projector.ArrivalsPerPath + 1) * NanosecondsPerArrival);
                    },
                    cancellation));
                _entries[spec.InnerKey] = entry;
                if (_entries.Count > MostKept)
                {
                    _entries.Remove(_entries.Where(pair => pair.Value != entry).MinBy(pair => pair.Value.LastUse).Key);
                }
            }

            entry.LastUse = ++_uses;
            return entry.Scenario;
        }
    }

    private sealed class Entry(Task<CompiledScenario> scenario)
    {
        public Task<CompiledScenario> Scenario => scenario;

        public long LastUse { get; set; }
    }
}
