using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client;
using Scenarios.V1;

namespace Scenarios.Client;

/// <summary>
/// Client of the Scenarios service. Thread-safe; make one and keep it.
/// <para>
/// The same request gives the same answer, so a request that could not be answered is sent again by itself: where nobody
/// could be reached, and where the service says when to come back (busy, draining). Every method throws
/// <see cref="ScenariosException"/> where the service refuses, or retries are used up, and
/// <see cref="OperationCanceledException"/> where the caller cancels; cancelling stops the work in the service too.
/// </para>
/// </summary>
public sealed class ScenariosClient : IDisposable
{
    private readonly GrpcChannel? _ownChannel;
    private readonly string _address;
    private readonly ProjectionService.ProjectionServiceClient _projections;
    private readonly ScenarioService.ScenarioServiceClient _scenarios;
    private readonly RetryPolicy _retries;

    /// <summary>A client with a channel of its own.</summary>
    /// <param name="address">The gRPC listener: <c>http://localhost:5081</c>, or https where the service has a certificate.</param>
    /// <param name="options">How patient to be, and the token; null for the defaults.</param>
    /// <exception cref="ArgumentException">A token would travel to another machine in plain text; the options do not allow it.</exception>
    public ScenariosClient(Uri address, ScenariosClientOptions? options = null)
        : this(OpenChannel(address, options ?? new()), options, owned: true) => _address = address.OriginalString;

    /// <summary>A client on a channel that the caller made, with credentials for instance, and disposes of.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="options">How patient to be; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options have a token, which only the maker of a channel can give it.</exception>
    public ScenariosClient(ChannelBase channel, ScenariosClientOptions? options = null)
        : this(channel, options, owned: false)
    {
        if (options?.Token is not null)
        {
            throw new ArgumentException(
                "Give the channel its call credentials; the client adds a token to its own channels only.", nameof(options));
        }
    }

    private ScenariosClient(ChannelBase channel, ScenariosClientOptions? options, bool owned)
    {
        _ownChannel = owned ? (GrpcChannel)channel : null;
        _address = channel.Target;
        _projections = new(channel);
        _scenarios = new(channel);
        _retries = new(options ?? new());
    }

    /// <summary>
    /// Projects a scenario. Each message is complete and the latest wins; the last one has state COMPLETED or CONVERGED, and
    /// the sequence ends after it. Where the connection breaks, the same request is sent again; the sequence goes on with
    /// the newest snapshot, and never goes back to fewer paths than it has shown.
    /// </summary>
    /// <exception cref="ScenariosException">The service refuses, or retries are used up.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async IAsyncEnumerable<ProjectResponse> ProjectAsync(
        ProjectRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var retries = 0;
        var shownPaths = 0L;
        while (true)
        {
            using var call = _projections.Project(request, cancellationToken: cancellationToken);
            while (true)
            {
                ScenariosException? broken = null;
                try
                {
                    if (!await call.ResponseStream.MoveNext(cancellationToken))
                    {
                        yield break;
                    }
                }
                catch (RpcException error)
                {
                    broken = Decoded(error, cancellationToken);
                }

                if (broken is not null)
                {
                    await _retries.WaitOrThrowAsync(broken, retries++, cancellationToken);
                    break;
                }

                retries = 0;
                var response = call.ResponseStream.Current;
                var last = response.Progress.State != Progress.Types.State.Running;
                if (last || response.Progress.PathsCompleted > shownPaths)
                {
                    shownPaths = response.Progress.PathsCompleted;
                    yield return response;
                }

                if (last)
                {
                    yield break;
                }
            }
        }
    }

    /// <summary>Projects a scenario and returns the answer when it is final, without the snapshots on the way.</summary>
    /// <inheritdoc cref="ProjectAsync" path="/exception"/>
    public async Task<Projection> ProjectToEndAsync(ProjectRequest request, CancellationToken cancellationToken = default)
    {
        var finalOnly = new ProjectRequest(request) { FinalOnly = true };
        ProjectResponse? last = null;
        await foreach (var response in ProjectAsync(finalOnly, cancellationToken))
        {
            last = response;
        }

        return last?.Projection ?? throw ScenariosException.From(
            new RpcException(new Status(StatusCode.DataLoss, "The stream ended without a message.")));
    }

    /// <summary>Gets a finished projection by its permanent name, <c>projections/{hash}</c>.</summary>
    /// <inheritdoc cref="ProjectAsync" path="/exception"/>
    public Task<Projection> GetProjectionAsync(string name, CancellationToken cancellationToken = default) =>
        AskAsync(_projections.GetProjectionAsync, new GetProjectionRequest { Name = name }, cancellationToken);

    /// <summary>Lists the finished projections that are stored, newest first, page by page as the caller reads on.</summary>
    /// <param name="filter">Which ones (AIP-160), for instance <c>scenario_name = "scenarios/dprk-rotation"</c>; empty for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <inheritdoc cref="ProjectAsync" path="/exception"/>
    public async IAsyncEnumerable<ProjectionEntry> ListProjectionsAsync(
        string filter = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new ListProjectionsRequest { Filter = filter };
        do
        {
            var page = await AskAsync(_projections.ListProjectionsAsync, request, cancellationToken);
            foreach (var entry in page.Entries)
            {
                yield return entry;
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    /// <summary>Replays one path, event by event, to be read.</summary>
    /// <inheritdoc cref="ProjectAsync" path="/exception"/>
    public Task<ReplayPathResponse> ReplayPathAsync(ReplayPathRequest request, CancellationToken cancellationToken = default) =>
        AskAsync(_projections.ReplayPathAsync, request, cancellationToken);

    /// <summary>Gets a scenario by its name, <c>scenarios/{id}</c>.</summary>
    /// <inheritdoc cref="ProjectAsync" path="/exception"/>
    public Task<Scenario> GetScenarioAsync(string name, CancellationToken cancellationToken = default) =>
        AskAsync(_scenarios.GetScenarioAsync, new GetScenarioRequest { Name = name }, cancellationToken);

    /// <summary>Lists all scenarios, in the service's order, page by page as the caller reads on.</summary>
    /// <inheritdoc cref="ProjectAsync" path="/exception"/>
    public async IAsyncEnumerable<Scenario> ListScenariosAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new ListScenariosRequest();
        do
        {
            var page = await AskAsync(_scenarios.ListScenariosAsync, request, cancellationToken);
            foreach (var scenario in page.Scenarios)
            {
                yield return scenario;
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    /// <summary>Closes the channel, where it is the client's own.</summary>
    public void Dispose() => _ownChannel?.Dispose();

    /// <summary>Pings find a peer that is gone without a word; a stream would wait for it for ever.</summary>
    private static GrpcChannel OpenChannel(Uri address, ScenariosClientOptions options)
    {
        var plaintext = address.Scheme != Uri.UriSchemeHttps;
        if (options.Token is not null && plaintext && !address.IsLoopback && !options.AllowPlaintextToken)
        {
            throw new ArgumentException(
                $"The token would travel to {address} in plain text. Use https, or allow it (AllowPlaintextToken).", nameof(address));
        }

        var transport = plaintext ? ChannelCredentials.Insecure : ChannelCredentials.SecureSsl;
        return GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            },
            DisposeHttpClient = true,
            Credentials = options.Token is { } token ? ChannelCredentials.Create(transport, WithToken(token)) : transport,
            UnsafeUseInsecureChannelCallCredentials = plaintext,
        });
    }

    private static CallCredentials WithToken(Func<CancellationToken, ValueTask<string>> token) => CallCredentials.FromInterceptor(
        async (context, metadata) => metadata.Add("authorization", $"Bearer {await token(context.CancellationToken)}"));

    private async Task<TResponse> AskAsync<TRequest, TResponse>(
        Func<TRequest, Metadata?, DateTime?, CancellationToken, AsyncUnaryCall<TResponse>> method,
        TRequest request,
        CancellationToken cancellationToken)
    {
        for (var retries = 0; ; retries++)
        {
            ScenariosException broken;
            try
            {
                using var call = method(request, null, null, cancellationToken);
                return await call.ResponseAsync;
            }
            catch (RpcException error)
            {
                broken = Decoded(error, cancellationToken);
            }

            await _retries.WaitOrThrowAsync(broken, retries, cancellationToken);
        }
    }

    private ScenariosException Decoded(RpcException error, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ScenariosException.From(error, _address);
    }
}
