# Two images from one file: the full one publishes apps itself (default), "deploy" only pushes what is there and rolls it.
#   docker build -t dotnet-ecs-deploy .
#   docker build --target deploy -t dotnet-ecs-deploy:deploy .
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0

FROM ${SDK} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libc6-dev zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props CodeMetricsConfig.txt .editorconfig ./
COPY pipe/pipe.csproj pipe/packages.lock.json pipe/
ARG TARGETARCH=amd64
RUN dotnet restore pipe/pipe.csproj --locked-mode -r "linux-$(echo "$TARGETARCH" | sed s/amd64/x64/)"
COPY pipe pipe
RUN dotnet publish pipe/pipe.csproj -c Release --no-restore -o /out \
      -r "linux-$(echo "$TARGETARCH" | sed s/amd64/x64/)" -p:DebugType=none -p:StripSymbols=true
# What the binary links, and OpenSSL, which it opens at run time; nothing else belongs into the small image.
RUN mkdir -p /root-fs/etc/ssl/certs /root-fs/tmp \
 && cp --parents -L $(ldd /out/dotnet-ecs-deploy | grep -o '/[^ ]*') /root-fs \
 && cp --parents -L $(ldconfig -p | grep -oE '/[^ ]*/lib(ssl|crypto)\.so\.3$') /root-fs \
 && cp -L /etc/ssl/certs/ca-certificates.crt /root-fs/etc/ssl/certs/

FROM scratch AS deploy
COPY --from=build /root-fs /
COPY --from=build /out/dotnet-ecs-deploy /usr/local/bin/dotnet-ecs-deploy
COPY LICENSE README.md pipe.yml /
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
ENTRYPOINT ["/usr/local/bin/dotnet-ecs-deploy"]

FROM ${SDK} AS full
ENV DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NUGET_XMLDOC_MODE=skip
COPY --from=build /out/dotnet-ecs-deploy /usr/local/bin/dotnet-ecs-deploy
COPY LICENSE README.md pipe.yml /
# Bitbucket's storage folders and the clone belong to root, and so does the pipe.
ENTRYPOINT ["/usr/local/bin/dotnet-ecs-deploy"]
