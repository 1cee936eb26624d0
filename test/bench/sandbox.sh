#!/usr/bin/env bash
# Requests per second that the sandbox answers on loopback: signature, input, authorization and answer of each counted.
# ECS is left out: its documented token buckets refuse most of what comes this fast.
set -euo pipefail
cd "$(dirname "$0")/../.."
. test/setup.sh
need_packages apache2-utils python3
need_dotnet
dotnet build test/Sandbox -c Release -v q -clp:NoSummary

work=$(mktemp -d)
artifacts/bin/Sandbox/release/Sandbox >"$work/log" &
sandbox=$!
trap 'kill $sandbox; rm -rf "$work"' EXIT
until grep -q '^export AWS_ACCESS' "$work/log"; do sleep 0.1; done
# shellcheck disable=SC1090
source <(grep '^export AWS' "$work/log")

# One signed request, valid for five minutes, sent again and again.
sign() {
  python3 - "$@" <<'PY'
import datetime, hashlib, hmac, os, sys
service, target, kind, body, host = sys.argv[1:]
date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
scope = f"{date[:8]}/{os.environ['AWS_DEFAULT_REGION']}/{service}/aws4_request"
headers = {"host": host, "x-amz-date": date}
names = ";".join(headers)
digest = lambda text: hashlib.sha256(text.encode()).hexdigest()
request = "\n".join(["POST", "/", "", *[f"{k}:{v}" for k, v in headers.items()], "", names, digest(body)])
key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
for part in scope.split("/"):
    key = hmac.new(key, part.encode(), hashlib.sha256).digest()
signature = hmac.new(key, f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{digest(request)}".encode(), hashlib.sha256).hexdigest()
print(f"Authorization: AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}, SignedHeaders={names}, Signature={signature}")
print(f"X-Amz-Date: {date}")
print(f"X-Amz-Target: {target}")
PY
}

measure() {
  local service=$1 target=$2 kind=$3 body=$4 headers=() line
  printf '%s' "$body" >"$work/body"
  while read -r line; do headers+=(-H "$line"); done < <(sign "$service" "$target" "$kind" "$body" "${AWS_ENDPOINT_URL#http://}")
  ab -q -k -c 16 -n 20000 -p "$work/body" -T "$kind" "${headers[@]}" "$AWS_ENDPOINT_URL/" >"$work/ab"
  printf '%s %s\n' "$service ${target##*.}" "$(awk '
    /^Requests per second/ { rate = $4 } /^Non-2xx/ { failed = $3 } $1 == "50%" { median = $2 } $1 == "99%" { last = $2 }
    END { print rate, failed + 0, median, last }' "$work/ab")" >>"$work/figures"
}

measure sts GetCallerIdentity application/x-www-form-urlencoded 'Action=GetCallerIdentity&Version=2011-06-15'
measure ecr AmazonEC2ContainerRegistry_V20150921.DescribeRepositories application/x-amz-json-1.1 '{"repositoryNames":["shop"]}'

PYTHONPATH=test/bench python3 -B - "$work/figures" <<'PY'
import sys
import report

names = ["requestsPerSecond", "failed", "medianMs", "percentile99Ms"]
with open(sys.argv[1], encoding="utf-8") as lines:
    rows = [(f"{fields[0]}:{fields[1]}", dict(zip(names, map(float, fields[2:])))) for fields in map(str.split, lines)]
report.table([["operation", "requests/s", "failed", "median ms", "99 % ms"], *[[name, *(f"{value:.0f}" for value in figures.values())] for name, figures in rows]])
report.write("sandbox", dict(rows))
PY
