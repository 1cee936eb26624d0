#!/usr/bin/env bash
# Installs what the tests need, checks the format, builds, runs every test; the last line counts them.
set -euo pipefail
cd "$(dirname "$0")/.."
. test/setup.sh

# The judges: programs that nobody here wrote.
need_packages docker-registry docker.io skopeo apache2-utils awscli python3-boto3 python3-jsonschema python3-yaml gcc zlib1g-dev curl jq \
  || echo "Tests that need the missing packages fail or are skipped." >&2
need_dotnet
dotnet restore dotnet-ecs-deploy.slnx
# The build holds the code to the style rules; what is left is the white space.
dotnet format whitespace dotnet-ecs-deploy.slnx --no-restore --verify-no-changes
dotnet build dotnet-ecs-deploy.slnx --no-restore -c Release

# The native program, for the tests that start it as a process.
dotnet publish pipe/pipe.csproj -c Release -r "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" -o artifacts/native -v q

# What killed programs and the SDK leave among temporary files goes at the end.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0
for suite in Sandbox.Tests Pipe.Tests; do
  log=artifacts/$suite.log
  status=0
  TMPDIR=$work "artifacts/bin/$suite/release/$suite" 2>&1 | tee "$log" || status=$?
  # xunit's closing line: "Total: 12, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 0.123s"
  line=$(grep -aE '^ *Total: [0-9]+, Errors:|Total: [0-9]+, Errors:' "$log" | tail -n 1 || true)
  count() { sed -nE "s/.*$1: ([0-9]+).*/\1/p" <<<"$line"; }
  if [ -z "$line" ]; then failed=$((failed + 1)); continue; fi
  bad=$(( $(count Errors) + $(count Failed) ))
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  skipped=$((skipped + $(count Skipped)))
  failed=$((failed + bad))
  passed=$((passed + $(count Total) - $(count Failed) - $(count Skipped)))
done

if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
