using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;

namespace Scenarios.Service.Api.Responses;

/// <summary>Is something a matter of chance, or one number?</summary>
internal static class Spread
{
    public static bool Varies(Distribution distribution) => distribution.Min < distribution.Max;

    public static bool Varies(Assumption? assumption) => assumption is not null
        && (Varies(assumption.Distribution) || (assumption.PathFactor is { } factor && Varies(factor)));
}
