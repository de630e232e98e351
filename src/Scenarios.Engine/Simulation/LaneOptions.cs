namespace Scenarios.Engine.Simulation;

/// <summary>As a type argument: the scenario uses it. The compiler of each instantiation removes what is not used.</summary>
internal readonly struct Yes;

/// <summary>As a type argument: the scenario does not use it.</summary>
internal readonly struct No;

/// <summary>As a type argument: there is no cap.</summary>
internal readonly struct NoCap;

/// <summary>As a type argument: all paths have the same cap, and stay there.</summary>
internal readonly struct OneCap;

/// <summary>As a type argument: each path has its own cap, and stays there.</summary>
internal readonly struct OwnCap;

/// <summary>As a type argument: the cap limits each batch, never the total.</summary>
internal readonly struct CapOfBatch;
