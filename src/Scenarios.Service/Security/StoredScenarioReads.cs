using System.Collections;
using System.Collections.Concurrent;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Net.Http.Headers;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Security;

/// <summary>
/// A request to compute that names a stored scenario reads it: the caller needs <see cref="Scopes.ReadScenarios"/> too. The protos say
/// which fields name one (google.api.resource_reference), so that no method can forget it.
/// </summary>
internal sealed class StoredScenarioReads : Interceptor
{
    private const string ScenarioType = "scenarios/Scenario";

    private static readonly ConcurrentDictionary<MessageDescriptor, bool> MayName = new();

    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(request as IMessage, context);
        return continuation(request, context);
    }

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(request as IMessage, context);
        return continuation(request, responseStream, context);
    }

    /// <summary>Whether a message, or one within it, names a stored scenario.</summary>
    public static bool NamesScenario(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var named = IsScenarioName(field)
                ? Values(field, message).OfType<string>().Any(name => name.Length > 0)
                : CanDescend(field) && Values(field, message).OfType<IMessage>().Any(NamesScenario);
            if (named)
            {
                return true;
            }
        }

        return false;
    }

    private static void Check(IMessage? request, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (request is not null && Access.Of(http.GetEndpoint()).ReadsNamedScenarios && !http.User.Holds(Scopes.ReadScenarios)
            && NamesScenario(request))
        {
            http.Response.Headers[HeaderNames.WWWAuthenticate] = AccessRefusals.InsufficientScope(Scopes.ReadScenarios);
            throw ApiErrors.ScopeMissing(context.Method.TrimStart('/'), Scopes.ReadScenarios);
        }
    }

    private static IEnumerable Values(FieldDescriptor field, IMessage message) => field.Accessor.GetValue(message) switch
    {
        string text => new[] { text },
        IList list => list,
        null => Array.Empty<object>(),
        var value => new[] { value },
    };

    private static bool IsScenarioName(FieldDescriptor field) =>
        field.FieldType == FieldType.String && field.GetOptions()?.GetExtension(ResourceExtensions.ResourceReference)?.Type == ScenarioType;

    private static bool CanDescend(FieldDescriptor field) =>
        field is { FieldType: FieldType.Message, IsMap: false } && MayName.GetOrAdd(field.MessageType, type => Reachable(type).Any(
            reached => reached.Fields.InDeclarationOrder().Any(IsScenarioName)));

    private static HashSet<MessageDescriptor> Reachable(MessageDescriptor root)
    {
        var reached = new HashSet<MessageDescriptor>();
        var waiting = new Stack<MessageDescriptor>([root]);
        while (waiting.TryPop(out var type))
        {
            if (reached.Add(type))
            {
                foreach (var field in type.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message))
                {
                    waiting.Push(field.MessageType);
                }
            }
        }

        return reached;
    }
}
