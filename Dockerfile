# docker build -t scenarios .
# docker run --rm -p 127.0.0.1:5080:5080 -p 127.0.0.1:5081:5081 -e Security__AllowAnonymous=true -v scenarios:/data scenarios
#
# In a container the listeners are not on loopback, so the service starts only where tokens are required
# (Authentication__Schemes__Bearer__...: README, Operations) or Security__AllowAnonymous=true says that whoever reaches the ports may use it.
#
# It writes to /data alone, and .NET to /tmp: with --read-only give it --tmpfs /tmp beside the volume.
#
# The base images are named by tag. Who wants the same bytes again names them by digest: docker buildx imagetools inspect IMAGE shows it.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# Packages first: this layer changes only with the lock files.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/GoogleProtos.props src/
COPY src/Scenarios.Engine/Scenarios.Engine.csproj src/Scenarios.Engine/packages.lock.json src/Scenarios.Engine/
COPY src/Scenarios.Client/Scenarios.Client.csproj src/Scenarios.Client/packages.lock.json src/Scenarios.Client/
COPY src/Scenarios.Service/Scenarios.Service.csproj src/Scenarios.Service/packages.lock.json src/Scenarios.Service/
COPY src/Scenarios.Cli/Scenarios.Cli.csproj src/Scenarios.Cli/packages.lock.json src/Scenarios.Cli/
RUN dotnet restore src/Scenarios.Cli --locked-mode -p:PublishReadyToRun=true

COPY .editorconfig ./
COPY protos protos
COPY src src
# Compiled ahead of time it starts in half the time.
RUN dotnet publish src/Scenarios.Cli -c Release --no-restore --self-contained false -p:PublishReadyToRun=true -o /app \
    -r "linux-$([ "$(uname -m)" = aarch64 ] && echo arm64 || echo x64)"

FROM mcr.microsoft.com/dotnet/aspnet:10.0
ARG VERSION=dev
LABEL org.opencontainers.image.title="Scenarios" \
    org.opencontainers.image.description="Assumptions in, streamed Monte Carlo projections of cumulative deployment out, by gRPC and HTTP." \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.version="$VERSION"
WORKDIR /app
COPY --from=build /app .
COPY src/Scenarios.Service/healthcheck.sh .
ENV Kestrel__Endpoints__Grpc__Url=http://0.0.0.0:5081 \
    Kestrel__Endpoints__Http__Url=http://0.0.0.0:5080 \
    Logging__Console__FormatterName=json \
    Storage__Path=/data/scenarios.db
RUN mkdir /data && chown $APP_UID /data
VOLUME /data
EXPOSE 5080 5081
USER $APP_UID
STOPSIGNAL SIGTERM
# The image has no curl, and a .NET process takes half a second of processor time: the shell asks. With TLS it sees only whether the port
# answers.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["bash", "/app/healthcheck.sh"]
ENTRYPOINT ["dotnet", "scenarios.dll", "serve"]
