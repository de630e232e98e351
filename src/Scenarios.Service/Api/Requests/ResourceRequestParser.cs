using Scenarios.Service.Storage.Listing;

namespace Scenarios.Service.Api.Requests;

/// <summary>Parses requests for projections that are kept.</summary>
internal static class ResourceRequestParser
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

    /// <summary>Which projections to list.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST.</exception>
    public static ProjectionListing Parse(V1.ListProjectionsRequest request)
    {
        var root = RequestField.Root();
        var size = PageSize.Parse(root.At("page_size"), request.PageSize);
        var filter = ProjectionFilter.Parse(root.At("filter"), request.Filter);
        var list = $"projections\n{request.Filter.Trim()}";
        var token = root.At("page_token");
        var place = PageToken.Parse(token, request.PageToken, list);
        (long, string)? after = place is [var time, var name] && long.TryParse(time, out var ticks) ? (ticks, name) : null;
        if (place is [_, ..] && after is null)
        {
            PageToken.ReportForeign(token, request.PageToken);
        }

        root.ThrowIfViolated();
        return new(size, list, filter!, after);
    }
}
