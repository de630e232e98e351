using System.ComponentModel.DataAnnotations;

namespace Scenarios.Service.Runs;

/// <summary>What computing may use: the configuration section <c>Engine</c>.</summary>
public sealed class EngineOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Engine";

    /// <summary>Threads that compute. Default: one per core. Changes no number.</summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = Environment.ProcessorCount;
}
