using System.Diagnostics;

namespace Scenarios.Service.Runs;

/// <summary>A span as W3C's Trace Context names it, so that what is done for it on another silo can be told as its child.</summary>
/// <param name="Parent">As the header <c>traceparent</c> has it.</param>
/// <param name="State">As the header <c>tracestate</c> has it; null where there is none.</param>
[GenerateSerializer, Immutable]
[Alias("scenarios.trace-context")]
internal sealed record TraceContext([property: Id(0)] string Parent, [property: Id(1)] string? State)
{
    /// <summary>The name of a span; null where there is none.</summary>
    public static TraceContext? Of(Activity? span) => span is { Id: { } id } ? new(id, span.TraceStateString) : null;

    /// <summary>The same for .NET.</summary>
    public ActivityContext ToActivityContext() => ActivityContext.Parse(Parent, State);
}
