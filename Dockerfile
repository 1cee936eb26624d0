# Two images from one file: the full one has the .NET SDK and publishes apps itself (the default); "deploy" is for all that needs no SDK.
#   docker build -t dotnet-ecs-deploy .
#   docker build --target deploy -t dotnet-ecs-deploy:deploy .
# The SDK is the one that global.json names: another one brings another compiler than packages.lock.json knows.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0.401
# Docker's command line for steps that bring none; the static one of Docker's own image.
ARG DOCKER=docker:28.2.2-cli

FROM ${SDK} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libc6-dev zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props CodeMetricsConfig.txt ./
COPY pipe/pipe.csproj pipe/packages.lock.json pipe/
# For the machine that builds: an image for arm64 is built on arm64 (or its emulation), as the native linker wants it.
RUN dotnet restore pipe/pipe.csproj --locked-mode --use-current-runtime
COPY pipe pipe
RUN dotnet publish pipe/pipe.csproj -c Release --no-restore --use-current-runtime -o /out -p:RunAnalyzers=false
# What the small image needs at its usual places: the binary's libraries, OpenSSL (opened at run time, so not among them) with its own,
# the certificate authorities, and a folder for temporary files.
RUN mkdir -p /root-fs/etc/ssl/certs \
 && mkdir -m 1777 /root-fs/tmp \
 && openssl=$(ldconfig -p | sed -nE 's/.* => (.*\/lib(ssl|crypto)\.so\.3)$/\1/p') \
 && test -n "$openssl" \
 && linked=$(ldd /out/dotnet-ecs-deploy $openssl | sed -nE 's/.*[[:space:]](\/[^ ]+) \(0x.*/\1/p') \
 && cp --parents -L $(printf '%s\n' $openssl $linked | sort -u) /root-fs \
 && cp -L /etc/ssl/certs/ca-certificates.crt /root-fs/etc/ssl/certs/

FROM scratch AS deploy
COPY --from=build /root-fs /
COPY --from=build /out/dotnet-ecs-deploy /usr/local/bin/dotnet-ecs-deploy
COPY LICENSE README.md pipe.yml /
# The file has all authorities: without the folder .NET does not read them twice.
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt SSL_CERT_DIR=/nonexistent
ENTRYPOINT ["/usr/local/bin/dotnet-ecs-deploy"]

FROM ${DOCKER} AS docker

FROM ${SDK} AS full
# Not in PATH: where Bitbucket mounts the step's own (at /usr/local/bin/docker), that one fits its engine's rules. Without the buildx plugin, whose builder
# Bitbucket's shared engines refuse.
COPY --from=docker /usr/local/bin/docker /opt/dotnet-ecs-deploy/docker
COPY --from=build /out/dotnet-ecs-deploy /usr/local/bin/dotnet-ecs-deploy
COPY LICENSE README.md pipe.yml /
# The clone and Bitbucket's storage folders belong to root, and so the pipe runs as root.
ENTRYPOINT ["/usr/local/bin/dotnet-ecs-deploy"]
