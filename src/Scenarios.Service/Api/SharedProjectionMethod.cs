using System.Buffers;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Scenarios.Service.Runs.Readers;

namespace Scenarios.Service.Api;

/// <summary>
/// <c>Project</c> with a marshaller that writes the bytes which all readers of a projection share, and the reader's own progress. The
/// generated binding encodes a message anew for each reader, and cannot be told otherwise: this one goes before it.
/// </summary>
internal sealed class SharedProjectionMethod : IServiceMethodProvider<ProjectionService>
{
    /// <summary>A tag of one byte, and a length of five at most.</summary>
    private const int MostHeadBytes = 6;

    private static readonly Method<V1.ProjectRequest, V1.ProjectResponse> Project = new(
        MethodType.ServerStreaming,
        V1.ProjectionService.Descriptor.FullName,
        nameof(ProjectionService.Project),
        Marshallers.Create<V1.ProjectRequest>(
            (_, _) => throw new NotSupportedException("A service writes no requests."),
            context => V1.ProjectRequest.Parser.ParseFrom(context.PayloadAsReadOnlySequence())),
        Marshallers.Create<V1.ProjectResponse>(
            Write,
            _ => throw new NotSupportedException("A service reads no responses.")));

    /// <inheritdoc/>
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<ProjectionService> context) => context.AddServerStreamingMethod(
        Project,
        [new HttpMethodMetadata([HttpMethods.Post], acceptCorsPreflight: true)],
        (service, request, stream, call) => service.Project(request, stream, call));

    /// <summary>Puts the method before the generated one of the same path.</summary>
    public static void Prefer(EndpointBuilder endpoint)
    {
        if (endpoint is RouteEndpointBuilder route && route.Metadata.OfType<GrpcMethodMetadata>().Any(grpc => ReferenceEquals(grpc.Method, Project)))
        {
            route.Order = -1;
        }
    }

    /// <summary>Writes a message as its generated code would.</summary>
    internal static void Write(V1.ProjectResponse response, SerializationContext context)
    {
        var shared = response.Projection is { } projection ? SharedProjection.Of(projection) : null;
        if (shared is null)
        {
            context.SetPayloadLength(response.CalculateSize());
            response.WriteTo(context.GetBufferWriter());
            context.Complete();
            return;
        }

        var head = new byte[MostHeadBytes];
        var headWriter = new CodedOutputStream(head);
        headWriter.WriteTag(V1.ProjectResponse.ProjectionFieldNumber, WireFormat.WireType.LengthDelimited);
        headWriter.WriteLength(shared.Bytes.Length);
        var rest = new V1.ProjectResponse { Progress = response.Progress };
        var before = head.AsMemory(0, (int)headWriter.Position);
        var after = rest.ToByteArray();
        context.SetPayloadLength(before.Length + shared.Bytes.Length + after.Length);
        var output = context.GetBufferWriter();
        output.Write(before.Span);
        output.Write(shared.Bytes);
        output.Write(after);
        GzipMessages.Complete(context, new(before, shared, after));
    }
}
