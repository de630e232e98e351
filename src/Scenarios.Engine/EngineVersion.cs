namespace Scenarios.Engine;

/// <summary>The version of the arithmetic: changes whenever a bit of any answer may change, and is part of every name.</summary>
public static class EngineVersion
{
    /// <summary>The current version.</summary>
    public const string Current = "2";
}
