namespace Scenarios.Service.Api.Requests;

/// <summary>Parses requests for projections that are kept.</summary>
public static class ResourceRequestParser
{
    /// <summary>The name of a projection.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST.</exception>
    public static string Parse(V1.GetProjectionRequest request)
    {
        var root = RequestField.Root();
        ReplayRequestParser.CheckProjectionName(root.At("name"), request.Name);
        root.ThrowIfViolated();
        return request.Name;
    }
}
