#!/usr/bin/env bash
# The main job on one machine: a real ASP.NET app is published, laid into an image, pushed to a registry in one AWS account and rolled onto an ECS
# service in another, by the native program that runs in Bitbucket. The sandbox plays AWS and Bitbucket. --keep leaves everything running at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
. test/setup.sh
case "$*" in
  "") keep=false ;;
  --keep) keep=true ;;
  *) echo "Usage: bash test/demo.sh [--keep]" >&2; exit 2 ;;
esac

need_packages ca-certificates curl gcc git jq zlib1g-dev
need_dotnet
work=$(mktemp -d "${TMPDIR:-/tmp}/dotnet-ecs-deploy-demo-XXXXXX")
# Nothing stays behind: no build server, no file of the tools' outside this folder.
mkdir "$work/tmp"
export TMPDIR=$work/tmp MSBUILDDISABLENODEREUSE=1
sandbox_pid= publishing=
finish() {
  for child in $publishing $sandbox_pid; do
    kill "$child" 2>/dev/null && wait "$child" 2>/dev/null
  done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

rid=linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
pipe=$PWD/artifacts/native/dotnet-ecs-deploy
registry=111111111111.dkr.ecr.eu-west-1.amazonaws.com

title() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
fail() { printf '\033[31mThe demo failed: %s\033[0m\n' "$*" >&2; exit 1; }

title "Building the native pipe and the sandbox"
dotnet restore dotnet-ecs-deploy.slnx -v q
dotnet restore examples/shop/src/Shop.Web -v q --artifacts-path "$work/restore"
began=$SECONDS
build=(-c Release --no-restore -v q --nologo -nodeReuse:false -p:UseSharedCompilation=false -p:RunAnalyzers=false -p:GenerateDocumentationFile=false)
# Without debug symbols, which no image ships: the native compiler is what takes long.
dotnet publish pipe/pipe.csproj -r "$rid" -o artifacts/native "${build[@]}" -p:NativeDebugSymbols=false &
publishing=$!
# The sandbox gets what the native compiler leaves.
nice dotnet build test/Sandbox/Sandbox.csproj "${build[@]}"
wait "$publishing"
publishing=

title "Starting the sandbox: a registry account, a dev account, a production account, and Bitbucket"
artifacts/bin/Sandbox/release/Sandbox --demo --speed 20 --data "$work/data" > "$work/sandbox.log" 2>&1 &
sandbox_pid=$!
for _ in $(seq 200); do
  aws=$(sed -nE 's/^Sandbox on ([^ ]+[^ /])\/? .*/\1/p' "$work/sandbox.log")
  [ -n "$aws" ] && break
  kill -0 "$sandbox_pid" 2>/dev/null || { cat "$work/sandbox.log"; fail "the sandbox did not start"; }
  sleep 0.1
done
[ -n "$aws" ] || fail "the sandbox did not say where it listens"
echo "It listens on $aws"

title "A team's clone: examples/shop"
clone=$work/clone
cp -r examples/shop "$clone"
find "$clone" \( -name bin -o -name obj \) -prune -exec rm -rf {} +
export GIT_AUTHOR_NAME=team GIT_AUTHOR_EMAIL=team@example.com GIT_COMMITTER_NAME=team GIT_COMMITTER_EMAIL=team@example.com
git -C "$clone" init -q -b main
git -C "$clone" remote add origin https://bitbucket.org/acme/shop.git
build=0
commit() { git -C "$clone" add -A; git -C "$clone" commit -q --allow-empty -m "$1"; build=$((build + 1)); }

# step ENVIRONMENT VARIABLE=VALUE...: what Bitbucket gives a pipe in a deployment step, and nothing else.
step() {
  local environment=$1; shift
  ( cd "$clone" && env -i PATH="$PATH" HOME="$HOME" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 CI=true \
    BITBUCKET_WORKSPACE=acme BITBUCKET_REPO_SLUG=shop BITBUCKET_BRANCH=main BITBUCKET_CLONE_DIR="$clone" \
    BITBUCKET_BUILD_NUMBER="$build" BITBUCKET_COMMIT="$(git -C "$clone" rev-parse HEAD)" \
    BITBUCKET_DEPLOYMENT_ENVIRONMENT="$environment" \
    BITBUCKET_STEP_OIDC_TOKEN="$(curl -fsS -d "{\"environment\":\"$environment\"}" "$aws/_sandbox/token")" \
    REPORT_PROXY="$aws" AWS_ENDPOINT_URL="$aws" ECR_REPOSITORY="$registry/shop" ECR_ROLE_ARN=arn:aws:iam::111111111111:role/ecr-push \
    "$@" "$pipe" )
}
app=(PROJECT=src/Shop.Web BASE_IMAGE="$registry/dotnet/aspnet:10.0")
dev=(DEPLOY_ROLE_ARN=arn:aws:iam::222222222222:role/deploy CLUSTER_NAME=dev SERVICE_NAME=shop CONTAINER_NAME=shop)
production=(DEPLOY_ROLE_ARN=arn:aws:iam::333333333333:role/deploy CLUSTER_NAME=production SERVICE_NAME=shop CONTAINER_NAME=shop)
deploy() { step dev "${dev[@]}" "${app[@]}"; }
push() { step dev ACTION=push "${app[@]}"; }
promote() { step production "${production[@]}" ACTION=promote PROMOTE_FROM=dev "$@"; }

# expect CODE COMMAND...: runs a step, shows its log, and wants that exit code.
expect() {
  local wanted=$1 code=0; shift
  "$@" > "$work/step.log" 2>&1 || code=$?
  cat "$work/step.log"
  [ "$code" -eq "$wanted" ] || fail "exit code $code instead of $wanted"
}
said() { grep -qE "$1" "$work/step.log" || fail "the log does not say '$1'"; }

# answers CLUSTER VERSION: asks the app that really runs in the service's tasks.
answers() {
  local address version
  address=$(curl -fsS "$aws/_sandbox/state" | jq -r --arg cluster "/$1" '
    [.. | objects | select((.cluster? // "") | endswith($cluster)) | .services[].tasks[].containers[] | select(.status == "RUNNING") | .endpoint // empty]
    | first // empty')
  [ -n "$address" ] || fail "no task of $1 can be asked"
  version=$(curl -fsS "$address/version")
  [ "$version" = "$2" ] || fail "$1 answers version $version instead of $2"
  echo "$1 answers over HTTP at $address: version $version"
}

title "1. Deploy version 1.0 to dev"
commit "Version 1.0"
expect 0 deploy
said 'dev/shop: succeeded'
answers dev 1.0

title "2. Change one line and deploy again: only the small layer goes"
sed -i 's/Version = "1.0"/Version = "1.1"/' "$clone/src/Shop.Web/Program.cs"
commit "Version 1.1"
expect 0 deploy
said 'Layer packages .*reused'
said 'Layer app .*sent'
answers dev 1.1

title "3. Run the step again unchanged: nothing to do"
expect 0 deploy
said 'nothing to do'

title "4. Promote what dev runs to production: nothing is built"
expect 0 promote IMAGE=from:dev
answers production 1.1

title "5. Promote what dev never ran: refused"
sed -i 's/Version = "1.1"/Version = "1.2"/' "$clone/src/Shop.Web/Program.cs"
commit "Version 1.2, pushed only"
expect 0 push
expect 12 promote
said 'has not succeeded in .dev.'
answers production 1.1

title "6. Deploy a version that crashes at its start: rolled back, and why"
sed -i 's|^app.Run();|throw new InvalidOperationException("The catalogue is empty");|' "$clone/src/Shop.Web/Program.cs"
commit "Version 1.3, broken"
expect 6 deploy
said 'rolled back'
said 'The circuit breaker counted 3 of 3 failures'
answers dev 1.1

title "Done in $((SECONDS - began)) seconds after restore"
if $keep; then
  # A build number of its own for each run, as a pipeline gives it.
  { declare -p pipe clone registry aws; declare -f step; echo 'build=$(date +%s); step "$@"'; } > "$work/step.sh"
  cat <<EOF
The sandbox goes on at $aws (a page for people), the team's clone lies in $clone. Play a step, with variables at its end as you like:

  bash $work/step.sh dev ${dev[*]} ${app[*]}
  bash $work/step.sh dev ${dev[*]} ACTION=status
  bash $work/step.sh dev ${dev[*]} ACTION=rollback
  bash $work/step.sh production ${production[*]} ACTION=promote PROMOTE_FROM=dev IMAGE=from:dev DRY_RUN=true

Press Ctrl-C to end it.
EOF
  wait "$sandbox_pid"
fi
