using System.Net;
using System.Text;
using System.Text.Json;
using Google.Api;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Scenarios.Service.Tests.Host;

public sealed class JsonInputTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private readonly RunningService _service = fixture.Service;

    [Theory]
    [InlineData("""{"scenario_name": "scenarios/dprk-rotation", "paths": 1000.0, "seed": "7e0", "report_days": ["365"], "final_only": true, "thresholds": null}""")]
    [InlineData("""{"scenarioName": "scenarios/dprk-rotation", "paths": "1e3", "seed": 7, "reportDays": [365.0], "finalOnly": true, "sampling": "pseudo_random"}""")]
    public async Task I5_NumbersInAnySpellingOfProtobufsJson_AreReadOverHttp(string body)
    {
        var (status, answer) = await PostAsync("v1/projections:project", body);
        Assert.True(status == HttpStatusCode.OK, answer);
        var projection = JsonDocument.Parse(answer.Split('\n')[0]).RootElement.GetProperty("projection");
        Assert.Equal(("1000", "7"), (projection.GetProperty("paths").GetString(), projection.GetProperty("seed").GetString()));
    }

    [Fact]
    public async Task I6_OverridesWrittenAsNumbersAndFlags_AreTaken()
    {
        async Task<string> Name(string overrides)
        {
            var (status, answer) = await PostAsync(
                "v1/projections:project",
                $$$"""{"scenario_name": "scenarios/dprk-rotation", "paths": 1000, "final_only": true, "overrides": {{{overrides}}}}""");
            Assert.True(status == HttpStatusCode.OK, answer);
            return JsonDocument.Parse(answer.Split('\n')[0]).RootElement.GetProperty("projection").GetProperty("name").GetString()!;
        }

        Assert.Equal(
            await Name("""{"cap": "60000", "events.beijing-leverage.disabled": "false"}"""),
            await Name("""{"cap": 60000, "events.beijing-leverage.disabled": false}"""));
    }

    [Theory]
    [InlineData("""{"paths": 1,}""", "", "line 1, column 12")]
    [InlineData("{\n // a\n \"paths\": 1}", "", "line 2, column 2")]
    [InlineData("""{"scenario": {"start_date": "1863-01-01"}}""", "scenario.start_date", """{"year": 1863, "month": 1, "day": 1}""")]
    [InlineData("""{"scenario": {"assumptions": {"cap": "poisson(2)"}}}""", "scenario.assumptions.cap", """{"distribution": {"text": "poisson(2)"}}""")]
    [InlineData("""{"scenario": {"assumptions": {"cap": {"distribution": 5}}}}""", "scenario.assumptions.cap.distribution", """{"constant": 5}""")]
    public async Task I1_AndI2_FaultsOverHttp_SayFieldPlaceAndShape_InTheServicesOwnWords(string body, string field, string contained)
    {
        var (status, answer) = await PostAsync("v1/projections:project", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        var violation = Violations(answer)[0];
        Assert.Equal(field, violation.Field);
        Assert.Contains(contained, violation.Description, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("ine 1, column", violation.Description.Replace("ine 2", "ine 1", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task I10_BytesThatAreNotUtf8_AreNamedOverHttp()
    {
        byte[] body = [.. "{\"scenario_name\": \""u8, 0xFF, 0xFE, .. "\"}"u8];
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        using var response = await _service.Http.PostAsync(new Uri("v1/projections:project", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("column 20: The bytes FF FE are not valid UTF-8", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> QueryParameters()
    {
        var parameters = new TheoryData<string, string, string>();
        foreach (var service in new[] { V1.ScenarioService.Descriptor, V1.ProjectionService.Descriptor })
        {
            foreach (var method in service.Methods)
            {
                var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
                var path = rule.Get + rule.Post + rule.Patch + rule.Delete;
                foreach (var field in method.InputType.Fields.InDeclarationOrder())
                {
                    var isScalar = field.FieldType != FieldType.Message || field.MessageType == FieldMask.Descriptor;
                    if (isScalar && !field.IsRepeated && rule.Body != "*" && rule.Body != field.Name && !path.Contains($"{{{field.Name}=", StringComparison.Ordinal))
                    {
                        parameters.Add(service.Name, method.Name, field.Name);
                    }
                }
            }
        }

        return parameters;
    }

    [Theory]
    [MemberData(nameof(QueryParameters))]
    public async Task E1_AQueryParameterGivenTwice_InOneSpellingOrTwo_IsRefused(string serviceName, string methodName, string parameter)
    {
        var service = serviceName == V1.ScenarioService.Descriptor.Name ? V1.ScenarioService.Descriptor : V1.ProjectionService.Descriptor;
        var method = service.FindMethodByName(methodName);
        var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
        var path = (rule.Get + rule.Post + rule.Patch + rule.Delete)
            .Replace("{scenario.name=scenarios/*}", "scenarios/dprk-rotation", StringComparison.Ordinal)
            .Replace("{name=scenarios/*}", "scenarios/dprk-rotation", StringComparison.Ordinal)
            .Replace("{name=projections/*}", "projections/" + new string('a', 32), StringComparison.Ordinal);
        var verb = rule.Get.Length > 0 ? HttpMethod.Get : rule.Post.Length > 0 ? HttpMethod.Post : rule.Patch.Length > 0 ? HttpMethod.Patch : HttpMethod.Delete;
        var field = method.InputType.FindFieldByName(parameter);
        string[] values = field.FieldType switch
        {
            FieldType.Bool => ["true", "false"],
            FieldType.Int32 => ["1", "2"],
            _ => ["noun", "verb"],
        };
        var before = await _service.Scenarios.GetScenarioAsync(new() { Name = "scenarios/dprk-rotation" }, RunningService.InTime);
        foreach (var (first, second) in new[] { (values[0], values[0]), (values[0], values[1]), (values[1], values[0]) })
        {
            foreach (var (one, other) in new[] { (field.Name, field.Name), (field.Name, field.JsonName), (field.JsonName, field.Name), (field.JsonName, field.JsonName) })
            {
                using var request = new HttpRequestMessage(verb, new Uri($"{path.TrimStart('/')}?{one}={first}&{other}={second}", UriKind.Relative))
                {
                    Content = rule.Body.Length > 0 ? new StringContent("""{"noun": "dryruns"}""", Encoding.UTF8, "application/json") : null,
                };
                using var response = await _service.Http.SendAsync(request).WaitAsync(RunningService.Patience);
                var answer = await response.Content.ReadAsStringAsync();
                Assert.True(response.StatusCode == HttpStatusCode.BadRequest, answer);
                Assert.Equal((parameter, "DUPLICATE"), Violations(answer).Select(violation => (violation.Field, violation.Reason)).Single());
            }
        }

        Assert.Equal(before, await _service.Scenarios.GetScenarioAsync(new() { Name = "scenarios/dprk-rotation" }, RunningService.InTime));
    }

    [Fact]
    public async Task I12_EveryReasonOfAViolation_IsInTheCatalogue()
    {
        var catalogue = V1.ViolationReasonReflection.Descriptor.EnumTypes.Single().Values.Select(value => value.Name).ToHashSet();
        string[] bodies =
        [
            """{"pahts": 1, "paths": [], "sampling": "x", "seed": 1, "seed": 2, "scenario_name": "a", "scenario": {}}""",
            "{",
            """{"scenario_name": "x", "paths": -1, "quantile_levels": [2, 0.5, 0.5, "NaN"], "thresholds": [1, 1], "sampling": 9}""",
            """{"scenario": {"observations": [{}], "correlations": [{"a": "x"}], "events": [{"after": "y"}], "labels": {"": "\u001b"}}}""",
            """{"scenario_name": "scenarios/dprk-rotation", "overrides": {"nothing": 1, "cap": "x", "batch_size": "uniform(5, 3)", "rotation_interval_days": "normal(1, 5)"}}""",
        ];
        var seen = new HashSet<string>();
        foreach (var body in bodies)
        {
            var (_, answer) = await PostAsync("v1/projections:project", body);
            seen.UnionWith(Violations(answer).Select(violation => violation.Reason));
        }

        Assert.Subset(catalogue, seen);
        Assert.True(seen.Count > 10, string.Join(' ', seen));
        Assert.DoesNotContain("VIOLATION_REASON_UNSPECIFIED", seen);
        foreach (var reason in System.Enum.GetValues<V1.ViolationReason>())
        {
            var error = Api.Errors.ApiErrors.InvalidRequest([new("field", reason, "Wrong.", "Mend it.")]);
            var sent = error.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>().FieldViolations[0].Reason;
            Assert.True(reason == V1.ViolationReason.Unspecified || catalogue.Contains(sent), sent);
        }
    }

    private static (string Field, string Description, string Reason)[] Violations(string answer) =>
    [
        .. JsonDocument.Parse(answer).RootElement.GetProperty("details").EnumerateArray()
            .Single(detail => detail.GetProperty("@type").GetString()!.EndsWith("BadRequest", StringComparison.Ordinal))
            .GetProperty("fieldViolations").EnumerateArray()
            .Select(violation => (
                violation.GetProperty("field").GetString()!, violation.GetProperty("description").GetString()!, violation.GetProperty("reason").GetString()!)),
    ];

    private async Task<(HttpStatusCode Status, string Answer)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _service.Http.PostAsync(new Uri(path, UriKind.Relative), content).WaitAsync(RunningService.Patience);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
