using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Storage;

/// <summary>Scenarios to keep.</summary>
internal static class StoredScenarios
{
    /// <summary>A small valid scenario.</summary>
    public static V1.Scenario Named(string displayName, params (string Key, string Value)[] labels)
    {
        var scenario = new V1.Scenario
        {
            DisplayName = displayName,
            StartDate = new() { Year = 2024, Month = 11, Day = 17 },
            HorizonDays = 364,
            StepDays = 7,
            Assumptions = new()
            {
                RotationIntervalDays = new() { Distribution = new() { Text = "60 to 180" } },
                BatchSize = new() { Distribution = new() { Triangular = new() { Min = 2_000, Mode = 5_000, Max = 15_000 } } },
                Cap = new() { Distribution = new() { Constant = 100_000 } },
            },
        };
        foreach (var (key, value) in labels)
        {
            scenario.Labels.Add(key, value);
        }

        return scenario;
    }

    /// <summary>A scenario less what only its storage knows.</summary>
    public static V1.Scenario TextOf(V1.Scenario scenario)
    {
        var text = scenario.Clone();
        (text.Name, text.Etag, text.RevisionId, text.CreateTime, text.UpdateTime) = ("", "", "", null, null);
        return text;
    }

    /// <summary>Makes a scenario.</summary>
    public static async Task<V1.Scenario> CreateAsync(this RunningService service, string id, V1.Scenario scenario) =>
        await service.Scenarios.CreateScenarioAsync(new() { ScenarioId = id, Scenario = scenario }, RunningService.InTime);

    /// <summary>Gets a scenario or a revision.</summary>
    public static async Task<V1.Scenario> GetAsync(this RunningService service, string name) =>
        await service.Scenarios.GetScenarioAsync(new() { Name = name }, RunningService.InTime);
}
