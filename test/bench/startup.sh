#!/usr/bin/env bash
# Start to first request: the native pipe against Debian's boto3 client, and `aws --version` for scale.
set -euo pipefail
cd "$(dirname "$0")/../.."
. test/setup.sh
need_packages awscli python3-boto3 openssl ca-certificates gcc zlib1g-dev
need_dotnet
dotnet publish pipe/pipe.csproj -c Release -r "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" -o artifacts/native -v q
exec /usr/bin/python3 test/bench/startup.py "$PWD/artifacts/native/dotnet-ecs-deploy"
