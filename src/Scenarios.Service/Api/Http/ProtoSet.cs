using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Health.V1;
using Grpc.Reflection;
using Scenarios.Service.Security;
using Alpha = Grpc.Reflection.V1Alpha;
using One = Grpc.Reflection.V1;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// The protos as a descriptor set with their comments, made by the build of Scenarios.Client: generated classes know theirs without comments.
/// Served as a file, and by reflection together with the types of error details, which no rpc names.
/// </summary>
internal static class ProtoSet
{
    /// <summary>Media type of the file.</summary>
    public const string ContentType = "application/protobuf";

    /// <summary>Address of the file: tools know a descriptor set by the ending.</summary>
    public const string Address = "/scenarios.binpb";

    private static readonly Lazy<byte[]> Bytes = new(Read);

    private static readonly ServiceDescriptor[] Services =
    [
        V1.ProjectionService.Descriptor, V1.ScenarioService.Descriptor, Health.Descriptor, One.ServerReflection.Descriptor, Alpha.ServerReflection.Descriptor,
    ];

    /// <summary>Adds reflection; comes before the library's own, which would have the generated classes' descriptors.</summary>
    public static void AddReflection(IServiceCollection services)
    {
        var names = Services.Select(service => service.FullName).ToArray();
        services.AddSingleton(_ => Symbols());
        services.AddSingleton(provider => new ReflectionServiceImpl(names, provider.GetRequiredService<SymbolRegistry>()));
        services.AddSingleton(provider => new ReflectionV1ServiceImpl(names, provider.GetRequiredService<SymbolRegistry>()));
        services.AddGrpcReflection();
    }

    /// <summary>Maps the file, on the HTTP listener. It says no more than reflection does.</summary>
    public static void MapProtoSet(this IEndpointRouteBuilder app) => app
        .MapMethods(Address, [HttpMethods.Get, HttpMethods.Head], http => Results.Bytes(Bytes.Value, ContentType).ExecuteAsync(http))
        .WithMetadata(Access.AnyToken)
        .Add(HttpListener.Restrict);

    private static SymbolRegistry Symbols()
    {
        var set = FileDescriptorSet.Parser.ParseFrom(Bytes.Value);
        var files = FileDescriptor.BuildFromByteStrings(set.File.Select(file => file.ToByteString()));
        return SymbolRegistry.FromFiles([.. files, .. Services.Select(service => service.File)]);
    }

    private static byte[] Read()
    {
        using var stream = typeof(V1.Scenario).Assembly.GetManifestResourceStream("scenarios.binpb")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
