#!/usr/bin/env bash
# From `dotnet publish` to a digest in the registry: the native pipe against the SDK's own container publish and skopeo. RUNS=5 by default.
set -euo pipefail
cd "$(dirname "$0")/../.."
. test/setup.sh
need_packages docker-registry skopeo python3-boto3 gcc zlib1g-dev zstd
need_dotnet
dotnet publish pipe/pipe.csproj -c Release -r "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" -o artifacts/native -v q
dotnet build test/Sandbox/Sandbox.csproj -c Release -v q -clp:NoSummary
exec /usr/bin/python3 -B test/bench/image.py
