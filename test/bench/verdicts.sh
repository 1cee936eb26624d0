#!/usr/bin/env bash
# The scenario table: timelines of a rollout, what is true of each, what the pipe says and what three other tools' algorithms would have said;
# and two hundred services in one run before ECS's documented buckets.
set -euo pipefail
cd "$(dirname "$0")/../.."
. test/setup.sh
need_packages python3
need_dotnet
figures=$(mktemp -d)
trap 'rm -rf "$figures"' EXIT
dotnet build test/Pipe.Tests/Pipe.Tests.csproj -v q -clp:NoSummary
VERDICTS="$figures" artifacts/bin/Pipe.Tests/debug/Pipe.Tests -noLogo -noColor \
  -class Pipe.Tests.Ecs.VerdictTableTests -class Pipe.Tests.Ecs.FanOutTests >"$figures/log" || { cat "$figures/log"; exit 1; }
/usr/bin/python3 test/bench/verdicts.py "$figures"
