using Scenarios.Service.Runs;
using Scenarios.Service.Tests.Telemetry.Otlp;

namespace Scenarios.Service.Tests.Telemetry;

public sealed class ExportTests(ObservedService observed) : IClassFixture<ObservedService>
{
    private const int ServerKind = 2;

    [Fact]
    public void Trace_OfAProjection_LeadsFromTheClientToTheBytes()
    {
        var spans = observed.SpansOf(observed.Alone);
        var call = Assert.Single(spans, span => span.Kind == ServerKind);
        var run = Assert.Single(spans, span => span.Name == "run");
        var snapshots = spans.Where(span => span.Name == "snapshot").ToList();
        var encodings = spans.Where(span => span.Name == "encode").ToList();

        Assert.Equal(observed.Alone.SpanId, call.ParentSpanId.Hex());
        Assert.Equal("scenarios.v1.ProjectionService/Project", call.Name);
        Assert.Equal(call.SpanId, run.ParentSpanId);
        Assert.All(["compile", "admission"], name => Assert.Equal(run.SpanId, Assert.Single(spans, span => span.Name == name).ParentSpanId));
        Assert.All(spans.Where(span => span.Name is "shard" or "merge" or "snapshot"), span => Assert.Equal(run.SpanId, span.ParentSpanId));
        Assert.Equal(observed.Answers.Count, encodings.Count);
        Assert.Equal(observed.Answers.Count, encodings.Select(span => span.ParentSpanId).Distinct().Count());
        Assert.Subset(snapshots.Select(span => span.SpanId).ToHashSet(), encodings.Select(span => span.ParentSpanId).ToHashSet());
        Assert.All(spans, span => Assert.Equal(ClientTrace.State, span.TraceState));
        Assert.All(spans, span => Assert.True(span.StartTimeUnixNano >= call.StartTimeUnixNano && span.EndTimeUnixNano >= span.StartTimeUnixNano));
    }

    [Fact]
    public void Trace_OfAProjection_SaysWhatWasDone()
    {
        var spans = observed.SpansOf(observed.Alone);
        var projection = observed.Answers[^1].Projection.Name;
        var run = Assert.Single(spans, span => span.Name == "run");
        var shards = spans.Where(span => span.Name == "shard").ToList();

        Assert.Equal(projection, Assert.Single(spans, span => span.Kind == ServerKind).Attributes.Of("scenarios.projection.name"));
        Assert.Equal("OK", Assert.Single(spans, span => span.Kind == ServerKind).Attributes.Of("rpc.response.status_code"));
        Assert.Equal(200_000L, run.Attributes.Of("scenarios.run.paths"));
        Assert.Equal((long)shards.Count, run.Attributes.Of("scenarios.run.shards"));
        Assert.Equal(200_000L, shards.Sum(span => (long)span.Attributes.Of("scenarios.shard.paths")!));
        Assert.Equal(shards.Count, spans.Count(span => span.Name == "merge"));
        Assert.Contains(200_000L, spans.Where(span => span.Name == "snapshot").Select(span => span.Attributes.Of("scenarios.snapshot.paths")));
        Assert.All(spans.Where(span => span.Name is "snapshot" or "encode"), span => Assert.Equal(projection, span.Attributes.Of("scenarios.projection.name")));
    }

    [Fact]
    public void Trace_OfAReaderWhoJoins_IsLinkedToTheRunInTheTraceOfTheOneWhoStartedIt()
    {
        var run = Assert.Single(observed.SpansOf(observed.First), span => span.Name == "run");
        var joining = observed.SpansOf(observed.Joining);

        var link = Assert.Single(Assert.Single(joining, span => span.Kind == ServerKind).Links);
        Assert.Equal((run.TraceId, run.SpanId), (link.TraceId, link.SpanId));
        Assert.DoesNotContain(joining, span => span.Name == "run");
        Assert.Empty(Assert.Single(observed.SpansOf(observed.First), span => span.Kind == ServerKind).Links);
    }

    [Fact]
    public void Spans_OfWhatARunRepeats_AreBoundedHoweverLongItIs() =>
        Assert.InRange(Enumerable.Range(1, 1_000_000).Count(number => RunTraces.Shows(number)), 20, 40);

    [Fact]
    public void Log_OfAFinishedProjection_CarriesItsNameAndItsTrace()
    {
        var name = observed.Answers[^1].Projection.Name;

        var record = Assert.Single(observed.Collector.Logs, record => Equals(record.Attributes.Of("Projection"), name));

        Assert.Equal(observed.Alone.TraceId, record.TraceId.Hex());
        Assert.Contains(record.SpanId, observed.SpansOf(observed.Alone).Select(span => span.SpanId));
        Assert.StartsWith($"{name} is Completed with 200000 paths", record.Body.StringValue, StringComparison.Ordinal);
        Assert.Equal("Information", record.SeverityText);
    }

    [Fact]
    public void Metrics_OfRunsAndCalls_ArriveWithTheirUnits()
    {
        (string Name, string Unit)[] expected =
        [
            ("scenarios.paths", "{path}"), ("scenarios.runs.active", "{run}"), ("scenarios.runs.begun", "{run}"), ("scenarios.readers.active", "{reader}"),
            ("scenarios.reader.messages", "{message}"), ("scenarios.run.first_snapshot.duration", "s"), ("scenarios.run.queue.duration", "s"),
            ("scenarios.snapshot.duration", "s"), ("scenarios.snapshot.encode.duration", "s"), ("rpc.server.call.duration", "s"),
            ("http.server.request.duration", "s"), ("dotnet.gc.collections", "{collection}"),
        ];
        var metrics = observed.Collector.Metrics.SelectMany(resource => resource.ScopeMetrics).SelectMany(scope => scope.Metrics).ToList();

        Assert.Subset(metrics.Select(metric => (metric.Name, metric.Unit)).ToHashSet(), expected.ToHashSet());
        Assert.All(metrics.Where(metric => metric.Name.StartsWith("scenarios.", StringComparison.Ordinal)), metric =>
            Assert.Equal(metric.Name.EndsWith(".duration", StringComparison.Ordinal), (metric.Unit, metric.DataCase) == ("s", Metric.DataOneofCase.Histogram)));
        Assert.All(observed.Collector.Metrics, resource => Assert.Equal("scenarios", resource.Resource.Attributes.Of("service.name")));
    }

    [Fact]
    public void Metrics_OfCalls_TellMethodAndStatus()
    {
        var points = Last("rpc.server.call.duration").Histogram.DataPoints;

        Assert.Contains(points, point => (point.Attributes.Of("rpc.method"), point.Attributes.Of("rpc.response.status_code"), point.Attributes.Of("rpc.system.name"))
            is ("scenarios.v1.ProjectionService/Project", "INVALID_ARGUMENT", "grpc") && point.Count == 1);
    }

    [Fact]
    public void Snapshots_AreEncodedOnce_HoweverManyReadersTheyHave()
    {
        var encoded = Last("scenarios.snapshot.encode.duration").Histogram.DataPoints.Sum(point => (long)point.Count);
        var made = Last("scenarios.snapshot.duration").Histogram.DataPoints.Sum(point => (long)point.Count);
        var taken = Last("scenarios.reader.messages").Sum.DataPoints.Sum(point => point.AsInt);

        Assert.InRange(encoded, 1, made);
        Assert.InRange(taken, encoded + ObservedService.ReaderCount - 1, long.MaxValue); // The last message of the twelve is one snapshot.
    }

    /// <summary>A metric as it was last sent: sums and counts add up from the start.</summary>
    private Metric Last(string name) => observed.Collector.Metrics
        .Select(resource => resource.ScopeMetrics.SelectMany(scope => scope.Metrics).SingleOrDefault(metric => metric.Name == name))
        .Last(metric => metric is not null)!;
}
