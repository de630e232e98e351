using System.Text;
using Scenarios.Service.Api.BuiltIn;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Requests;

/// <summary>A page of scenarios asked for, parsed and valid.</summary>
/// <param name="Size">Most scenarios of the page.</param>
/// <param name="After">Name after which the page begins; empty for the first page.</param>
public sealed record ScenarioPage(int Size, string After)
{
    /// <summary>The token of the page that begins after a scenario.</summary>
    public static string TokenAfter(string name) => Convert.ToHexStringLower(Encoding.ASCII.GetBytes(name));
}

/// <summary>Parses requests that get or list resources.</summary>
public static class ResourceRequestParser
{
    private const int DefaultPageSize = 50;
    private const int LargestPageSize = 1_000;
    private const int LongestToken = 2 * 80;

    /// <summary>The name of a scenario.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST.</exception>
    public static string Parse(V1.GetScenarioRequest request)
    {
        var root = RequestField.Root();
        BuiltInScenarios.CheckName(root.At("name"), request.Name);
        root.ThrowIfViolated();
        return request.Name;
    }

    /// <summary>The name of a projection.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST.</exception>
    public static string Parse(V1.GetProjectionRequest request)
    {
        var root = RequestField.Root();
        ReplayRequestParser.CheckProjectionName(root.At("name"), request.Name);
        root.ThrowIfViolated();
        return request.Name;
    }

    /// <summary>A page of scenarios.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST.</exception>
    public static ScenarioPage Parse(V1.ListScenariosRequest request)
    {
        var root = RequestField.Root();
        new Bounds(0, int.MaxValue).Allow(root.At("page_size"), request.PageSize);
        if (request.Filter.Length > 0)
        {
            root.At("filter").ReportNotAvailableYet("Filters are");
        }

        if (request.OrderBy.Length > 0)
        {
            root.At("order_by").ReportNotAvailableYet("Orders other than by name are");
        }

        var after = ParseToken(root.At("page_token"), request.PageToken);
        root.ThrowIfViolated();
        var size = request.PageSize == 0 ? DefaultPageSize : Math.Min(request.PageSize, LargestPageSize);
        return new(size, after);
    }

    private static string ParseToken(RequestField field, string token)
    {
        var bytes = new byte[LongestToken / 2];
        if (token.Length <= LongestToken
            && Convert.FromHexString(token, bytes, out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            var name = Encoding.ASCII.GetString(bytes, 0, length);
            if (ScenarioPage.TokenAfter(name) == token)
            {
                return name;
            }
        }

        field.Report(
            ViolationReason.BadFormat,
            $"{Spoken.Quote(token)} is not a token of this list.",
            "Give the next_page_token of the page before, or leave it out for the first page.");
        return "";
    }
}
