namespace Scenarios.Engine.Simulation;

/// <summary>How paths are drawn.</summary>
public enum Sampling
{
    /// <summary>Every number is a counter-based random one; paths are independent.</summary>
    PseudoRandom,

    /// <summary>
    /// What matters most of a path is drawn from scrambled Sobol points, the rest as before: paths fill the space of futures more
    /// evenly, and the same precision takes fewer of them.
    /// </summary>
    QuasiRandom,
}
