using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Scenarios.Service.Tests.Requests;

namespace Scenarios.Service.Tests.Host;

/// <summary>
/// Calls broken at random, over every protocol that the service speaks: messages that make no sense, bytes that are no messages, frames
/// that are no frames, JSON that is no JSON. The same seed and index give the same call.
/// </summary>
internal sealed partial class MalformedCalls : IDisposable
{
    /// <summary>A call that turns out valid may ask for minutes of work: its first message is answer enough, or this long.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(10);

    /// <summary>Kestrel's limit (MaxRequestLineSize), less what stands beside the address.</summary>
    private const int LongestRequestLine = 8_000;

    private static readonly Marshaller<byte[]> Raw = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private static readonly string[] JsonPieces =
    [
        "null", "{", "}", "[", "]", "[[[[[[[[", "\"", ",", ":", "1e999", "-", "\"\\ud800\"", "\\u0000", "true", "{\"a\":1}", "\"seed\":1,", "NaN", "0x1", " ", "\u00ff",
    ];

    private static readonly string[] Timeouts = ["1n", "50m", "99999999H", "123456789S", "x", "-1S", "", "1"];

    private readonly GrpcChannel _channel;
    private readonly HttpClient _http2;
    private readonly HttpClient _http;

    public MalformedCalls(Uri grpcAddress, Uri httpAddress)
    {
        _channel = GrpcChannel.ForAddress(grpcAddress, new() { HttpHandler = Handler(), DisposeHttpClient = true });
        _http2 = new(Handler()) { BaseAddress = grpcAddress };
        _http = new(Handler()) { BaseAddress = httpAddress };
    }

    /// <summary>Makes the call of an index and says how it ended.</summary>
    public async Task<MalformedOutcome> SendAsync(int seed, int index)
    {
        var random = new Random(unchecked((seed * 7_919) ^ (index * 397)));
        var (method, request) = MalformedRequests.Call(seed, index);
        using var patience = new CancellationTokenSource(LongEnough);
        var (protocol, send) = (index % 7) switch
        {
            0 => ("gRPC, messages", GrpcAsync(method, request.ToByteArray(), patience.Token)),
            1 => ("gRPC, bytes", GrpcAsync(method, Mutated(request.ToByteArray(), random), patience.Token)),
            2 => ("gRPC, frames", FramesAsync(_http2, "application/grpc", method, request, random, patience.Token)),
            3 => ("gRPC-Web, frames", FramesAsync(_http, "application/grpc-web", method, request, random, patience.Token)),
            4 => ("gRPC-Web, text", FramesAsync(_http, "application/grpc-web-text", method, request, random, patience.Token)),
            5 => ("JSON, messages", JsonAsync(method, request, random: null, patience.Token)),
            _ => ("JSON, bytes", JsonAsync(method, request, random, patience.Token)),
        };
        try
        {
            return new(index, protocol, method.Name, await send);
        }
        catch (RpcException error)
        {
            return new(index, protocol, method.Name, error.StatusCode.ToString(), error.Status.Detail);
        }
        catch (OperationCanceledException)
        {
            return new(index, protocol, method.Name, nameof(StatusCode.Cancelled));
        }
        catch (HttpRequestException error)
        {
            return new(index, protocol, method.Name, $"no answer: {error.GetBaseException().Message}");
        }
    }

    public void Dispose()
    {
        _channel.Dispose();
        _http2.Dispose();
        _http.Dispose();
    }

    private static SocketsHttpHandler Handler() => new() { EnableMultipleHttp2Connections = true, ActivityHeadersPropagator = null };

    private async Task<string> GrpcAsync(MethodDescriptor method, byte[] bytes, CancellationToken cancellation)
    {
        // One message or many: a client of streams takes both.
        var raw = new Method<byte[], byte[]>(MethodType.ServerStreaming, method.Service.FullName, method.Name, Raw, Raw);
        using var call = _channel.CreateCallInvoker().AsyncServerStreamingCall(raw, null, new(cancellationToken: cancellation), bytes);
        await call.ResponseStream.MoveNext(cancellation);
        return nameof(StatusCode.OK);
    }

    private async Task<string> FramesAsync(
        HttpClient client, string contentType, MethodDescriptor method, IMessage message, Random random, CancellationToken cancellation)
    {
        var body = Framed(random.Next(3) == 0 ? Mutated(message.ToByteArray(), random) : message.ToByteArray(), random);
        if (contentType.EndsWith("-text", StringComparison.Ordinal))
        {
            body = Encoding.ASCII.GetBytes(Convert.ToBase64String(body));
            body = random.Next(3) == 0 ? Mutated(body, random) : body;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{method.Service.FullName}/{method.Name}", UriKind.Relative))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } },
            Version = client == _http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.Accept.ParseAdd(contentType);
        if (random.Next(8) == 0)
        {
            request.Headers.TryAddWithoutValidation("grpc-timeout", Timeouts[random.Next(Timeouts.Length)]);
        }

        if (random.Next(16) == 0)
        {
            request.Headers.TryAddWithoutValidation("grpc-encoding", random.Next(2) == 0 ? "gzip" : "?");
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.Headers.TryGetValues("grpc-status", out var only))
        {
            return Named(only.Single());
        }

        if (!response.IsSuccessStatusCode)
        {
            return $"HTTP {(int)response.StatusCode}";
        }

        var (beginning, isWhole) = await BeginningAsync(response, cancellation);
        if (response.TrailingHeaders.TryGetValues("grpc-status", out var trailer))
        {
            return Named(trailer.Single());
        }

        var isText = response.Content.Headers.ContentType?.MediaType?.EndsWith("-text", StringComparison.Ordinal) == true;
        var inBody = StatusInBody().Match(Encoding.Latin1.GetString(isText ? Unpacked(beginning) : beginning));
        return inBody.Success ? Named(inBody.Groups[1].Value) : isWhole ? "no status" : nameof(StatusCode.OK);
    }

    private async Task<string> JsonAsync(MethodDescriptor method, IMessage message, Random? random, CancellationToken cancellation)
    {
        using var request = JsonRequest(method, message, random);
        using var response = await SendAsync(request, cancellation);
        if (response is null)
        {
            return "HTTP 414, unread";
        }

        var (beginning, _) = await BeginningAsync(response, cancellation);
        var text = Encoding.UTF8.GetString(beginning);
        var code = response.IsSuccessStatusCode ? ErrorLine().Match(text) : CodeInBody().Match(text);
        return code.Success ? Named(code.Groups[1].Value)
            : response.IsSuccessStatusCode ? nameof(StatusCode.OK)
            : $"HTTP {(int)response.StatusCode}";
    }

    /// <summary>
    /// Sends a request; null where its first line is longer than Kestrel reads, and the connection was closed on what is still being sent before
    /// the answer that says so was read.
    /// </summary>
    private async Task<HttpResponseMessage?> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException) when (request.RequestUri!.OriginalString.Length > LongestRequestLine)
        {
            return null;
        }
    }

    /// <summary>The request by the method's HTTP rule; with a <paramref name="random"/>, its body is broken.</summary>
    private static HttpRequestMessage JsonRequest(MethodDescriptor method, IMessage message, Random? random)
    {
        var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
        var (verb, pattern) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => (HttpMethod.Get, rule.Get),
            HttpRule.PatternOneofCase.Post => (HttpMethod.Post, rule.Post),
            HttpRule.PatternOneofCase.Patch => (HttpMethod.Patch, rule.Patch),
            HttpRule.PatternOneofCase.Delete => (HttpMethod.Delete, rule.Delete),
            _ => throw new NotSupportedException(rule.ToString()),
        };
        var inPath = "";
        var path = PathField().Replace(pattern, field =>
        {
            inPath = field.Groups[1].Value;
            return string.Join('/', Text(message, inPath).Split('/').Select(Uri.EscapeDataString));
        });
        var request = new HttpRequestMessage(verb, new Uri(path + Query(message, rule.Body, inPath), UriKind.Relative));
        if (rule.Body.Length > 0)
        {
            var body = rule.Body == "*" ? message : (IMessage?)message.Descriptor.FindFieldByName(rule.Body).Accessor.GetValue(message);
            var bytes = Encoding.UTF8.GetBytes(body is null ? "" : Json(body));
            request.Content = new ByteArrayContent(random is null ? bytes : MutatedJson(bytes, random))
            {
                Headers = { ContentType = new MediaTypeHeaderValue(random?.Next(30) == 0 ? "text/plain" : "application/json") },
            };
        }

        return request;
    }

    private static string Query(IMessage message, string body, string inPath)
    {
        var parameters = message.Descriptor.Fields.InDeclarationOrder()
            .Where(field => body != "*" && field.Name != body && field.Name != inPath && !field.IsRepeated)
            .Select(field => (field.Name, Value: field.Accessor.GetValue(message)))
            .Select(parameter => (parameter.Name, Text: parameter.Value switch
            {
                FieldMask mask => string.Join(',', mask.Paths),
                IMessage or null => "",
                var scalar => Convert.ToString(scalar, CultureInfo.InvariantCulture)!,
            }))
            .Where(parameter => parameter.Text.Length > 0 && parameter.Text is not ("0" or "False"))
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Text)}")
            .ToList();
        return parameters.Count == 0 ? "" : "?" + string.Join('&', parameters);
    }

    /// <summary>A text field of a message or of one within it: <c>scenario.name</c>.</summary>
    private static string Text(IMessage message, string path)
    {
        var names = path.Split('.');
        object? value = message;
        foreach (var name in names)
        {
            value = value is IMessage inner ? inner.Descriptor.FindFieldByName(name).Accessor.GetValue(inner) : null;
        }

        return value as string ?? "";
    }

    /// <summary>What protobuf's JSON cannot say, a time beyond all years, goes as it is said for debugging: that is no JSON either.</summary>
    private static string Json(IMessage message)
    {
        try
        {
            return JsonFormatter.Default.Format(message);
        }
        catch (InvalidOperationException)
        {
            return JsonFormatter.ToDiagnosticString(message);
        }
    }

    private static byte[] Framed(byte[] message, Random random)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        switch (random.Next(8))
        {
            case 0:
                frame[0] = (byte)random.Next(256);
                break;
            case 1:
                BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length + random.Next(-10, 10));
                break;
            case 2:
                random.NextBytes(frame.AsSpan(1, 4));
                break;
            case 3:
                return frame[..random.Next(frame.Length)];
            case 4:
                return [.. frame, .. frame];
            case 5:
                return Mutated(frame, random);
            default:
                break;
        }

        return frame;
    }

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        var mutated = new List<byte>(bytes);
        for (var mutation = random.Next(1, 9); mutation > 0; mutation--)
        {
            var at = random.Next(mutated.Count + 1);
            var length = Math.Min(random.Next(1, 40), mutated.Count - at);
            switch (random.Next(6))
            {
                case 0 when at < mutated.Count:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < mutated.Count:
                    mutated[at] = (byte)(random.Next(4) switch { 0 => 0, 1 => 0x7F, 2 => 0x80, _ => 0xFF });
                    break;
                case 2:
                    mutated.RemoveRange(at, length);
                    break;
                case 3:
                    mutated.InsertRange(at, mutated.GetRange(at, length));
                    break;
                case 4:
                    mutated.InsertRange(at, Enumerable.Range(0, random.Next(1, 12)).Select(_ => (byte)random.Next(256)).ToList());
                    break;
                case 5 when random.Next(4) == 0:
                    mutated.RemoveRange(at, mutated.Count - at);
                    break;
                default:
                    break;
            }
        }

        return [.. mutated];
    }

    private static byte[] MutatedJson(byte[] json, Random random)
    {
        var at = random.Next(json.Length + 1);
        return random.Next(3) switch
        {
            0 => Mutated(json, random),
            1 => [.. json[..at], .. Encoding.UTF8.GetBytes(JsonPieces[random.Next(JsonPieces.Length)]), .. json[at..]],
            _ => [.. json[..at], .. Encoding.UTF8.GetBytes(JsonPieces[random.Next(JsonPieces.Length)]), .. json[Math.Min(json.Length, at + random.Next(20))..]],
        };
    }

    /// <summary>The beginning of a body: up to its first line's end, or as much as tells how the call went.</summary>
    private static async Task<(byte[] Bytes, bool IsWhole)> BeginningAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[1 << 16];
        var count = 0;
        while (count < buffer.Length)
        {
            var read = await body.ReadAsync(buffer.AsMemory(count), cancellation);
            if (read == 0)
            {
                return (buffer[..count], true);
            }

            count += read;
        }

        return (buffer, false);
    }

    /// <summary>Base64 in pieces, each padded, as gRPC-Web's text form has it.</summary>
    private static byte[] Unpacked(byte[] text) => [.. text.Chunk(4).Where(four => four.Length == 4).SelectMany(four => Convert.FromBase64String(Encoding.ASCII.GetString(four)))];

    private static string Named(string code) => ((StatusCode)int.Parse(code, CultureInfo.InvariantCulture)).ToString();

    [GeneratedRegex(@"\{([a-z_.]+)=[a-z]+/\*\}")]
    private static partial Regex PathField();

    [GeneratedRegex(@"grpc-status:\s*(\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex StatusInBody();

    [GeneratedRegex(@"^\s*\{\s*""error"":\s*\{\s*""code"":\s*(\d+)")]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"^\s*\{\s*""code"":\s*(\d+)")]
    private static partial Regex CodeInBody();
}

/// <summary>How a call ended.</summary>
/// <param name="Index">Of the call: with the seed it makes the same call again.</param>
/// <param name="Protocol">What brought it, and what was broken.</param>
/// <param name="Method">The method called.</param>
/// <param name="Status">Its status, or the HTTP status where the answer has none of gRPC's.</param>
/// <param name="Detail">What a status of gRPC says beside.</param>
internal sealed record MalformedOutcome(int Index, string Protocol, string Method, string Status, string Detail = "")
{
    /// <summary>A client's fault, whatever is broken, never has one of these: the service would be at fault, or gone.</summary>
    public bool IsFault => Status is nameof(StatusCode.Unknown) or nameof(StatusCode.Internal) or nameof(StatusCode.DataLoss)
        or nameof(StatusCode.Unavailable) or nameof(StatusCode.Unauthenticated) or nameof(StatusCode.PermissionDenied) or "no status"
        || Status.StartsWith("HTTP 5", StringComparison.Ordinal) || Status.StartsWith("no answer", StringComparison.Ordinal);
}
