using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Scenarios.Service.Storage;
using Any = Google.Protobuf.WellKnownTypes.Any;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace Scenarios.Service.Api.Errors;

/// <summary>
/// Every error that the API gives: status, reason of <see cref="V1.ErrorReason"/>, and details as google.rpc messages
/// (AIP-193).
/// </summary>
public static class ApiErrors
{
    /// <summary>The domain of every ErrorInfo.</summary>
    public const string Domain = "scenarios";

    /// <summary>Key in the metadata of STORAGE_UNAVAILABLE.</summary>
    internal const string StorageCause = "cause";

    private const string ScenarioType = "scenarios/Scenario";

    /// <summary>
    /// Details travel in a trailer, and clients built on gRPC's C core refuse more than 8 KiB of metadata, the other trailers and each one's
    /// overhead of 32 bytes included.
    /// </summary>
    private const int TrailerBytes = 7_700;

    /// <summary>Bytes of the details beside violations, mends and message: ErrorInfo, and what packs each.</summary>
    private const int DetailsBesideBytes = 300;

    /// <summary>Violations beyond this size are counted, not listed.</summary>
    private const int ListedViolationBytes = 4_000;

    /// <summary>What mends may take of the same trailer: they are said in the descriptions too.</summary>
    private const int MendBytes = 1_000;

    /// <summary>Faults that the message itself says: a client without the types of the details reads nothing else.</summary>
    private const int FaultsInMessage = 10;

    /// <summary>Bytes of a message on the wire.</summary>
    private const int MessageBytes = 1_400;

    /// <summary>Of which the number of the faults that are not said may take as much.</summary>
    private const int MoreBytes = 30;

    /// <summary>After it a call may find mended what takes an operator.</summary>
    private static readonly TimeSpan OperatorsTime = TimeSpan.FromSeconds(30);

    private const int LongestMetadata = 300;

    private const int LongestDescription = 2_000;

    /// <summary>INVALID_ARGUMENT: the request breaks rules.</summary>
    /// <param name="violations">All of them, at least one.</param>
    public static RpcException InvalidRequest(IReadOnlyList<Violation> violations)
    {
        var message = InWords("violations", [.. violations.Select(violation => $"{violation.Field}: {violation.Description}")]);
        var badRequest = Listed(message, violations.Select(violation => new BadRequest.Types.FieldViolation
        {
            Field = violation.Field,
            Description = Clipped(violation.Description, LongestDescription),
            Reason = UpperSnake(violation.Reason.ToString()),
        }));
        var mends = new V1.Mends();
        var forMends = Math.Min(MendBytes, DetailBytes(message) - badRequest.CalculateSize());
        foreach (var violation in violations.Take(badRequest.FieldViolations.Count))
        {
            foreach (var (label, text) in violation.Texts)
            {
                var mend = new V1.Mend { Field = violation.Field, Label = label, Text = text };
                if (mends.CalculateSize() + mend.CalculateSize() <= forMends)
                {
                    mends.Mends_.Add(mend);
                }
            }
        }

        IMessage[] details = mends.Mends_.Count > 0 ? [badRequest, mends] : [badRequest];
        return Error(
            Code.InvalidArgument,
            V1.ErrorReason.InvalidRequest,
            message,
            [("violations", violations.Count.ToString(CultureInfo.InvariantCulture))],
            details);
    }

    /// <summary>INVALID_ARGUMENT: a JSON request that cannot be read, or that has a field that does not exist.</summary>
    /// <param name="faults">All of them, at least one, each with the path of its field, empty where the body is no JSON at all.</param>
    public static RpcException MalformedJson(IReadOnlyList<Json.JsonFault> faults)
    {
        var message = InWords("faults", [.. faults.Select(fault => fault.Field.Length == 0 ? fault.Description : $"{fault.Field}: {fault.Description}")]);
        var badRequest = Listed(message, faults.Select(fault => new BadRequest.Types.FieldViolation
        {
            Field = Clipped(fault.Field, LongestMetadata),
            Description = Clipped(fault.Description, LongestDescription),
            Reason = UpperSnake(fault.Reason.ToString()),
        }));
        return Error(
            Code.InvalidArgument,
            V1.ErrorReason.MalformedJson,
            message,
            [("field", faults[0].Field)],
            badRequest);
    }

    /// <summary>NOT_FOUND: no such scenario.</summary>
    public static RpcException ScenarioNotFound(string name) => NotFound(
        V1.ErrorReason.ScenarioNotFound,
        ScenarioType,
        name,
        $"There is no scenario \"{name}\". ListScenarios names those that exist.");

    /// <summary>ALREADY_EXISTS: a scenario of that name is there.</summary>
    public static RpcException ScenarioExists(string name) => OfScenario(
        Code.AlreadyExists,
        V1.ErrorReason.ScenarioExists,
        name,
        $"There is a scenario \"{name}\" already. Update it, or choose another scenario_id.");

    /// <summary>ABORTED: the scenario has changed since the etag was read.</summary>
    public static RpcException EtagMismatch(string name, string given, string etag) => OfScenario(
        Code.Aborted,
        V1.ErrorReason.EtagMismatch,
        name,
        $"\"{name}\" has changed: its etag is \"{etag}\", not \"{Clipped(given, 60)}\". Get it again and repeat the change.",
        ("etag", etag),
        ("given", given));

    /// <summary>FAILED_PRECONDITION: a built-in scenario cannot be deleted.</summary>
    public static RpcException ScenarioBuiltIn(string name) => OfScenario(
        Code.FailedPrecondition,
        V1.ErrorReason.ScenarioBuiltIn,
        name,
        $"\"{name}\" comes with the service and cannot be deleted. It can be updated.");

    /// <summary>UNAVAILABLE, with RetryInfo: the database cannot be used now. What only its operator can mend takes longer.</summary>
    internal static RpcException StorageUnavailable(StorageFault fault)
    {
        var (problem, retryAfter) = fault switch
        {
            StorageFault.DiskFull => ("The disk of the service's database is full: nothing can be stored until its operator makes room. "
                + "What is stored can be read.", OperatorsTime),
            StorageFault.ReadOnly => ("The service's database cannot be written: nothing can be stored until its operator allows it. "
                + "What is stored can be read.", OperatorsTime),
            StorageFault.Corrupt => ("The service's database is damaged: its operator has to restore it.", OperatorsTime),
            StorageFault.IoError => ("The disk of the service's database fails.", OperatorsTime),
            StorageFault.Busy => ("The service's database is busy with other writers.", TimeSpan.FromSeconds(1)),
            _ => ("The service's database does not answer.", TimeSpan.FromSeconds(1)),
        };
        return Error(
            Code.Unavailable,
            V1.ErrorReason.StorageUnavailable,
            $"{problem} Try again in {InSeconds(retryAfter)}.",
            [(StorageCause, UpperSnake(fault.ToString()))],
            new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) });
    }

    /// <summary>NOT_FOUND: no finished projection of that name is kept.</summary>
    public static RpcException ProjectionNotFinished(string name) => NotFound(
        V1.ErrorReason.ProjectionNotFinished,
        "scenarios/Projection",
        name,
        $"No finished projection \"{name}\" is kept. Project again: the same request gives the same name.");

    /// <summary>RESOURCE_EXHAUSTED, without RetryInfo: the request can never fit.</summary>
    /// <param name="limit">The limit, by its configuration key where it has one: <c>Limits:MaxJumps</c>.</param>
    /// <param name="asked">What was asked, with its unit: "3.65e15 expected arrivals".</param>
    /// <param name="allowed">What is allowed, with its unit.</param>
    /// <param name="fits">What would fit, as a sentence: "27,378 paths would fit."</param>
    public static RpcException RequestTooLarge(string limit, string asked, string allowed, string fits) => Error(
        Code.ResourceExhausted,
        V1.ErrorReason.RequestTooLarge,
        $"The request is too large: {asked}, {allowed} allowed ({limit}). {fits}",
        [("limit", limit), ("asked", asked), ("allowed", allowed), ("fits", fits)]);

    /// <summary>RESOURCE_EXHAUSTED, without RetryInfo: the bytes of a request are too many to be read.</summary>
    public static RpcException MessageTooLarge() => RequestTooLarge(
        "message size", "a message of more than 3.5 MiB", "3.5 MiB", "Leave out what the projection does not need.");

    /// <summary>RESOURCE_EXHAUSTED, with RetryInfo: too many runs or readers now.</summary>
    /// <param name="limit">The limit's configuration key: <c>Limits:MaxQueuedRuns</c>.</param>
    /// <param name="allowed">What is allowed, with its unit: "256 waiting runs".</param>
    /// <param name="retryAfter">When to try again.</param>
    public static RpcException Busy(string limit, string allowed, TimeSpan retryAfter) => Error(
        Code.ResourceExhausted,
        V1.ErrorReason.Busy,
        $"The service is busy: {allowed} are all taken ({limit}). Try again in {InSeconds(retryAfter)}.",
        [("limit", limit), ("allowed", allowed)],
        new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) });

    /// <summary>RESOURCE_EXHAUSTED: the reader took no message for that long.</summary>
    public static RpcException ReaderTooSlow(double seconds) => Error(
        Code.ResourceExhausted,
        V1.ErrorReason.ReaderTooSlow,
        $"The reader took no message for {seconds:0.###} s. Send the request again: the newest snapshot comes at once.",
        [("seconds", seconds.ToString("0.###", CultureInfo.InvariantCulture))]);

    /// <summary>DEADLINE_EXCEEDED, before it has passed: the answer cannot be there by then.</summary>
    /// <param name="needed">The least time that it takes.</param>
    /// <param name="left">What is left until the deadline.</param>
    public static RpcException DeadlineTooShort(TimeSpan needed, TimeSpan left) => Error(
        Code.DeadlineExceeded,
        V1.ErrorReason.DeadlineTooShort,
        $"The answer takes {InSeconds(needed)} at least, and the deadline leaves {InSeconds(left)}. Give it more time, ask for fewer paths, "
            + "or leave final_only out to get snapshots until then.",
        [("seconds", needed.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)), ("left", left.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture))]);

    /// <summary>DEADLINE_EXCEEDED: it had passed before anything was done.</summary>
    public static RpcException DeadlinePassed() => Error(
        Code.DeadlineExceeded,
        V1.ErrorReason.DeadlinePassed,
        "The deadline had passed when the request came. Give it more time.",
        []);

    /// <summary>PERMISSION_DENIED: the request names a host that is not the service's.</summary>
    public static RpcException HostRefused(string host) => Error(
        Code.PermissionDenied,
        V1.ErrorReason.HostRefused,
        $"The request is for the host \"{Clipped(host, 100)}\", and only this machine's own names are taken while nobody needs a token: localhost, 127.0.0.1, [::1]. "
            + "Ask by one of them, or name the host in AllowedHosts (environment: AllowedHosts=scenarios.example).",
        [("host", host)]);

    /// <summary>INVALID_ARGUMENT: a body of a type that is not taken there.</summary>
    /// <param name="given">The Content-Type, or the Content-Encoding; empty if there is none.</param>
    /// <param name="allowed">Types that are taken.</param>
    /// <param name="message">What is wrong and what to do.</param>
    public static RpcException UnsupportedContentType(string given, string allowed, string message) => Error(
        Code.InvalidArgument,
        V1.ErrorReason.UnsupportedContentType,
        message,
        [("content_type", given), ("allowed", allowed)]);

    /// <summary>INVALID_ARGUMENT: gRPC over HTTP/1.1.</summary>
    /// <param name="version">The version that it came by: "HTTP/1.1".</param>
    public static RpcException UnsupportedHttpVersion(string version) => Error(
        Code.InvalidArgument,
        V1.ErrorReason.UnsupportedHttpVersion,
        $"gRPC needs HTTP/2, and this came by {version}. gRPC is on the listener Kestrel:Endpoints:Grpc (port 5081 unless configured), which takes "
            + "HTTP/2 alone; a proxy on the way must keep it. By HTTP/1.1 there are gRPC-Web (application/grpc-web) and JSON (/v1).",
        [("version", version)]);

    /// <summary>INVALID_ARGUMENT: a header that cannot be read.</summary>
    /// <param name="header">Its name.</param>
    /// <param name="value">What it says.</param>
    /// <param name="wanted">What it may say, as sentences.</param>
    public static RpcException MalformedHeader(string header, string value, string wanted) => Error(
        Code.InvalidArgument,
        V1.ErrorReason.MalformedHeader,
        $"The header {header} is \"{Clipped(value, 80)}\". {wanted}",
        [("header", header), ("value", value)]);

    /// <summary>NOT_FOUND: there is nothing at the address.</summary>
    public static RpcException PathNotFound(string path) => Error(
        Code.NotFound,
        V1.ErrorReason.PathNotFound,
        $"There is nothing at {Clipped(path, 200)}. The JSON API is below /v1, as the protos say at each rpc (google.api.http); the page is at /.",
        [("path", path)]);

    /// <summary>UNIMPLEMENTED: the address does not take the HTTP method.</summary>
    /// <param name="method">The method: "PUT".</param>
    /// <param name="path">The address.</param>
    /// <param name="allowed">The methods that it takes: "GET, POST".</param>
    public static RpcException MethodNotAllowed(string method, string path, string allowed) => Error(
        Code.Unimplemented,
        V1.ErrorReason.MethodNotAllowed,
        $"{Clipped(method, 30)} is not taken at {Clipped(path, 200)}, only {allowed}.",
        [("method", method), ("allowed", allowed)]);

    /// <summary>UNIMPLEMENTED: there is no rpc of this name.</summary>
    /// <param name="method">The name called: "scenarios.v1.ProjectionService/Projekt".</param>
    /// <param name="known">What there is, as a sentence.</param>
    public static RpcException NoSuchRpc(string method, string known) => Error(
        Code.Unimplemented,
        V1.ErrorReason.NoSuchRpc,
        $"There is no rpc {Clipped(method, 200)}. {known}",
        [("method", method)]);

    /// <summary>INVALID_ARGUMENT: a request that breaks off, or whose framing cannot be read.</summary>
    /// <param name="httpStatus">The HTTP status that the server gives it.</param>
    /// <param name="phrase">What that status means: "Request Timeout".</param>
    public static RpcException MalformedHttp(int httpStatus, string phrase) => Error(
        Code.InvalidArgument,
        V1.ErrorReason.MalformedHttp,
        $"The request could not be read as HTTP: {httpStatus} {phrase}. Send the body whole, as its Content-Length or its chunks say.",
        [("status", httpStatus.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>UNAVAILABLE, with RetryInfo: the service is shutting down.</summary>
    public static RpcException Draining(TimeSpan retryAfter) => Error(
        Code.Unavailable,
        V1.ErrorReason.Draining,
        $"The service is shutting down. Send the request again in {InSeconds(retryAfter)}.",
        [],
        new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) });

    /// <summary>UNAUTHENTICATED: there is no token where one is needed.</summary>
    public static RpcException TokenMissing() => Error(
        Code.Unauthenticated,
        V1.ErrorReason.TokenMissing,
        "The service needs a token and got none. Send it with the request: \"authorization: Bearer TOKEN\".",
        []);

    /// <summary>UNAUTHENTICATED: the token is not one that the service trusts.</summary>
    /// <param name="fault">What is wrong with it, never the token itself: "it has expired".</param>
    public static RpcException TokenRefused(string fault) => Error(
        Code.Unauthenticated,
        V1.ErrorReason.TokenRefused,
        $"The token is refused: {fault}. Get another one from the issuer that the service trusts.",
        [("fault", fault)]);

    /// <summary>UNAVAILABLE, with RetryInfo: the issuer's keys cannot be fetched, so that no token can be checked.</summary>
    public static RpcException IssuerUnreachable(TimeSpan retryAfter) => Error(
        Code.Unavailable,
        V1.ErrorReason.IssuerUnreachable,
        $"The service cannot reach the issuer whose keys it needs to check the token. Try again in {InSeconds(retryAfter)}.",
        [],
        new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) });

    /// <summary>PERMISSION_DENIED: the token is good, but not for this.</summary>
    /// <param name="method">What was called: <c>scenarios.v1.ProjectionService/Project</c>.</param>
    /// <param name="scope">The scope that the token lacks.</param>
    public static RpcException ScopeMissing(string method, string scope) => Error(
        Code.PermissionDenied,
        V1.ErrorReason.ScopeMissing,
        $"The token lacks the scope \"{scope}\", which {method} needs here. Get a token that holds it in its claim \"scope\".",
        [("method", method), ("scope", scope)]);

    /// <summary>INTERNAL: a fault of the service. It is in its log; no caller can do anything about it.</summary>
    public static RpcException Failed() => new(new(StatusCode.Internal, "The service failed. The fault is in its log."));

    /// <summary>The name of an enum's value in UPPER_SNAKE.</summary>
    internal static string UpperSnake(string pascal)
    {
        var snake = new StringBuilder(pascal.Length + 8);
        foreach (var letter in pascal)
        {
            if (char.IsUpper(letter) && snake.Length > 0)
            {
                snake.Append('_');
            }

            snake.Append(char.ToUpperInvariant(letter));
        }

        return snake.ToString();
    }

    private static RpcException OfScenario(
        Code code, V1.ErrorReason reason, string name, string message, params ReadOnlySpan<(string Key, string Value)> metadata) => Error(
        code,
        reason,
        message,
        [("name", name), .. metadata],
        new ResourceInfo { ResourceType = ScenarioType, ResourceName = name, Description = message });

    private static RpcException NotFound(V1.ErrorReason reason, string type, string name, string message) => Error(
        Code.NotFound,
        reason,
        message,
        [("name", name)],
        new ResourceInfo { ResourceType = type, ResourceName = name, Description = message });

    private static RpcException Error(
        Code code,
        V1.ErrorReason reason,
        string message,
        ReadOnlySpan<(string Key, string Value)> metadata,
        params ReadOnlySpan<IMessage> details)
    {
        var info = new ErrorInfo { Domain = Domain, Reason = UpperSnake(reason.ToString()) };
        foreach (var (key, value) in metadata)
        {
            info.Metadata.Add(key, Clipped(value, LongestMetadata));
        }

        var status = new Google.Rpc.Status { Code = (int)code, Message = Fitted(message, MessageBytes) };
        foreach (var detail in details)
        {
            status.Details.Add(Any.Pack(detail));
        }

        status.Details.Add(Any.Pack(info));
        return status.ToRpcException();
    }

    /// <summary>As many violations as the trailer has room for beside the message; at least one.</summary>
    private static BadRequest Listed(string message, IEnumerable<BadRequest.Types.FieldViolation> violations)
    {
        var most = Math.Min(ListedViolationBytes, DetailBytes(message) * 4 / 5);
        var listed = new BadRequest();
        foreach (var violation in violations)
        {
            if (listed.FieldViolations.Count > 0 && listed.CalculateSize() + violation.CalculateSize() > most)
            {
                break;
            }

            listed.FieldViolations.Add(violation);
        }

        return listed;
    }

    /// <summary>What a message leaves for violations and mends. It travels twice: as itself, and within the details, which are in Base64.</summary>
    private static int DetailBytes(string message) =>
        ((TrailerBytes - PercentEncoding.LengthOf(message)) / 4 * 3) - Encoding.UTF8.GetByteCount(message) - DetailsBesideBytes;

    /// <summary>The faults, one after another, of many the first ten, and how many more there are. Long ones are cut so that all have room.</summary>
    private static string InWords(string what, IReadOnlyList<string> faults)
    {
        if (faults.Count == 1)
        {
            return Fitted(faults[0], MessageBytes);
        }

        var said = Math.Min(faults.Count, FaultsInMessage);
        var text = $"{faults.Count:#,0} {what}:";
        for (var fault = 0; fault < said; fault++)
        {
            var room = (MessageBytes - MoreBytes - PercentEncoding.LengthOf(text)) / (said - fault);
            text += Fitted($" ({fault + 1}) {faults[fault]}", room);
        }

        return said == faults.Count ? text : $"{text} And {faults.Count - said:#,0} more.";
    }

    /// <summary>A text cut to a number of bytes on the wire, control characters escaped.</summary>
    private static string Fitted(string text, int bytes)
    {
        text = CodePoints.Escaped(text);
        if (PercentEncoding.LengthOf(text) <= bytes)
        {
            return text;
        }

        var length = 0;
        var left = bytes - "...".Length;
        foreach (var rune in text.EnumerateRunes())
        {
            left -= PercentEncoding.LengthOf(rune.ToString());
            if (left < 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length] + "...";
    }

    /// <summary>A text cut to a number of characters, control characters escaped: it goes to terminals and logs.</summary>
    internal static string Clipped(string text, int length) => CodePoints.Clipped(CodePoints.Escaped(text), length);

    private static string InSeconds(TimeSpan time) => $"{time.TotalSeconds:0.###} s";
}
