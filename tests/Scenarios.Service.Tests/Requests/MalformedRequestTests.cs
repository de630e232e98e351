using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Scenarios.Service.Api.Errors;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Requests;

public sealed class MalformedRequestTests
{
    private static readonly StatusCode[] Allowed = [StatusCode.InvalidArgument, StatusCode.ResourceExhausted, StatusCode.NotFound];

    [Fact]
    public void Parse_OfMalformedRequests_LetsThemThroughOrSaysWhatIsWrong()
    {
        var refused = 0;
        for (var i = 0; i < MalformedRequests.Count; i++)
        {
            var request = MalformedRequests.Request(seed: 1, i);
            refused += Refuses(request, i) ? 1 : 0;
        }

        Assert.InRange(refused, MalformedRequests.Count / 2, MalformedRequests.Count);
    }

    [Fact]
    public void Request_OfOneSeedAndIndex_IsAlwaysTheSame() =>
        Assert.Equal(MalformedRequests.Request(1, 17).ToByteString(), MalformedRequests.Request(1, 17).ToByteString());

    private static bool Refuses(ProjectRequest request, int index)
    {
        try
        {
            Parsers.Parse(request);
            return false;
        }
        catch (RpcException error)
        {
            Assert.Contains(error.StatusCode, Allowed);
            Assert.NotNull(error.GetRpcStatus()!.GetDetail<ErrorInfo>());

            // What clients on gRPC's C core accept: 8 KiB of metadata, details in base64.
            Assert.InRange((error.GetRpcStatus()!.CalculateSize() * 4 / 3) + PercentEncoding.LengthOf(error.Status.Detail), 1, 8_000);
            return true;
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"Request {index} is refused by accident: {error.Message}", error);
        }
    }
}
