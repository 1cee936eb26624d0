#!/usr/bin/env bash
# The scenario table: timelines of a rollout, what is true of each, what the pipe says and what three other tools' algorithms would have said.
set -euo pipefail
cd "$(dirname "$0")/../.."
. test/setup.sh
need_packages python3
need_dotnet
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
dotnet build test/Pipe.Tests/Pipe.Tests.csproj -v q -clp:NoSummary
VERDICTS="$rows" artifacts/bin/Pipe.Tests/debug/Pipe.Tests -noLogo -noColor -class Pipe.Tests.Ecs.VerdictTableTests >"$rows.log" || { cat "$rows.log"; exit 1; }
rm -f "$rows.log"
/usr/bin/python3 test/bench/verdicts.py "$rows"
