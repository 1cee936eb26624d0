#!/usr/bin/env bash
# Builds both of the pipe's own images with a real engine and runs them as Bitbucket runs a pipe, against the sandbox: the full one publishes and deploys
# the sample shop, the small one promotes it over HTTPS, the full one builds a Dockerfile. Then their sizes and how soon they speak. Root on Debian; where
# the images that they are made from cannot be pulled, stand-ins are made of Debian and the machine's own SDK and Docker (a few minutes), and removed at the end.
set -euo pipefail
cd "$(dirname "$0")/../.."
. test/setup.sh
need_packages ca-certificates curl docker.io gcc git iptables python3 zlib1g-dev
need_dotnet
export DOCKER_BUILDKIT=1
# Without a plug-in for BuildKit a newer command line cannot build; the engine's own can.
docker=/usr/bin/docker
sdk=$(sed -nE 's/^ARG SDK=//p' Dockerfile) cli=$(sed -nE 's/^ARG DOCKER=//p' Dockerfile)
engine_pid='' sandbox_pid='' stand_ins=()
work=$(mktemp -d "${TMPDIR:-/tmp}/dotnet-ecs-deploy-image-XXXXXX")

finish() {
  local code=$?
  set +e
  if [ -n "$sandbox_pid" ]; then kill "$sandbox_pid" 2>/dev/null && wait "$sandbox_pid" 2>/dev/null; fi
  $docker image rm -f trial:full trial:deploy >/dev/null 2>&1
  [ ${#stand_ins[@]} -eq 0 ] || $docker image rm -f "${stand_ins[@]}" >/dev/null 2>&1
  if [ -n "$engine_pid" ]; then kill "$engine_pid" 2>/dev/null && wait "$engine_pid" 2>/dev/null; fi
  # What an engine leaves mounted after --network host.
  umount "$work"/exec/netns/* 2>/dev/null
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM
title() { printf '\n== %s\n' "$*"; }
fail() { echo "The trial failed: $*" >&2; exit 1; }

# until_true SECONDS COMMAND...
until_true() {
  local tries=$(($1 * 10)); shift
  until "$@" >/dev/null 2>&1; do
    [ $((tries -= 1)) -gt 0 ] || return 1
    sleep 0.1
  done
}

start_engine() {
  $docker info >/dev/null 2>&1 && return
  title "No Docker engine answers: starting a private one"
  export DOCKER_HOST=unix://$work/docker.sock
  dockerd --storage-driver=overlay2 --iptables=false --ip6tables=false --bridge=none --exec-root="$work/exec" --data-root="$work/data" \
    --pidfile="$work/docker.pid" -H "$DOCKER_HOST" >"$work/dockerd.log" 2>&1 &
  engine_pid=$!
  until_true 30 $docker info || { tail -n 20 "$work/dockerd.log"; fail "dockerd did not start"; }
}

# The machine's authorities and package archive go into the stand-in, so that nothing in the product's Dockerfile knows of them.
make_stand_in() {
  title "$sdk cannot be pulled: making a stand-in"
  need_packages debootstrap
  local root=$work/stand-in mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' | head -n 1)
  debootstrap --variant=minbase --include=ca-certificates,libicu72,libssl3,tzdata,zlib1g,libstdc++6,libgssapi-krb5-2 \
    bookworm "$root" "${mirror:-http://deb.debian.org/debian}" >"$work/debootstrap.log" || { tail -n 5 "$work/debootstrap.log"; fail "debootstrap"; }
  cp -aT "$(dirname "$(readlink -f "$(command -v dotnet)")")" "$root/usr/share/dotnet"
  ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  tar -C "$root" --exclude='./var/cache/apt/archives/*.deb' --exclude='./var/lib/apt/lists/*' -c . | $docker import \
    -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin APP_UID=1654 ASPNETCORE_HTTP_PORTS=8080 DOTNET_RUNNING_IN_CONTAINER=true' \
    -c 'LABEL stand-in="Debian 12 and the SDK of the machine"' - "$sdk"
  rm -rf "$root"
  stand_ins+=("$sdk")
}

# The newest command line of this machine in the place of Docker's own image.
make_cli_stand_in() {
  local client=/usr/local/bin/docker
  [ -x "$client" ] || client=$docker
  title "$cli cannot be pulled: $($client --version) stands in"
  tar -C "$(dirname "$client")" --transform 's#^#usr/local/bin/#' -c docker | $docker import - "$cli" >/dev/null
  stand_ins+=("$cli")
}

start_engine
$docker image inspect "$sdk" >/dev/null 2>&1 || timeout 900 $docker pull "$sdk" || make_stand_in
$docker image inspect "$cli" >/dev/null 2>&1 || timeout 900 $docker pull "$cli" || make_cli_stand_in

title "Building both images"
began=$SECONDS
$docker build --progress plain --network host --target deploy -t trial:deploy . >"$work/build.log" 2>&1 || { tail -n 40 "$work/build.log"; fail "the small image"; }
$docker build --progress plain --network host -t trial:full . >"$work/build.log" 2>&1 || { tail -n 40 "$work/build.log"; fail "the full image"; }
echo "Built in $((SECONDS - began)) seconds"

title "Starting the sandbox"
dotnet build test/Sandbox/Sandbox.csproj -c Release -v q --nologo -p:RunAnalyzers=false
artifacts/bin/Sandbox/release/Sandbox --demo --speed 10 --tls --data "$work/sandbox" >"$work/sandbox.log" 2>&1 &
sandbox_pid=$!
until_true 60 grep -q '^export BITBUCKET' "$work/sandbox.log" || { cat "$work/sandbox.log"; fail "the sandbox did not start"; }
aws=$(sed -nE 's/^Sandbox on ([^ ]+[^ /])\/? .*/\1/p' "$work/sandbox.log")
secure=$(sed -nE 's/^HTTPS on ([^ ]+[^ /])\/?, .*/\1/p' "$work/sandbox.log")
secure=${secure/127.0.0.1/localhost}
echo "It listens on $aws and $secure"

clone=$work/clone
cp -r examples/shop "$clone"
find "$clone" \( -name bin -o -name obj \) -prune -exec rm -rf {} +
cp "$(sed -nE 's/^HTTPS on .*, authority in //p' "$work/sandbox.log")" "$clone/authority.pem"
git -C "$clone" init -q -b main
git -C "$clone" remote add origin https://bitbucket.org/acme/shop.git
git -C "$clone" add -A
git -C "$clone" -c user.name=team -c user.email=team@example.com commit -q -m 'Version 1.0'
registry=111111111111.dkr.ecr.eu-west-1.amazonaws.com engine=${DOCKER_HOST:-unix:///var/run/docker.sock}
shop=(SERVICE_NAME=shop CONTAINER_NAME=shop)

# step EXIT-CODE IMAGE ENVIRONMENT VARIABLE=VALUE...: as Bitbucket runs a pipe, in a Docker service of the usual size.
step() {
  local wanted=$1 image=$2 environment=$3 code=0; shift 3
  $docker run --rm --network host --memory 1g --volume="$clone:$clone" --workdir="$clone" --label=org.bitbucket.pipelines.system=true \
    --env=CI=true --env=BITBUCKET_WORKSPACE=acme --env=BITBUCKET_REPO_SLUG=shop --env=BITBUCKET_BRANCH=main --env=BITBUCKET_BUILD_NUMBER=1 \
    --env=BITBUCKET_CLONE_DIR="$clone" --env=BITBUCKET_COMMIT="$(git -C "$clone" rev-parse HEAD)" \
    --env=BITBUCKET_DEPLOYMENT_ENVIRONMENT="$environment" \
    --env=BITBUCKET_STEP_OIDC_TOKEN="$(curl -fsS -d "{\"environment\":\"$environment\"}" "$aws/_sandbox/token")" \
    --env=REPORT_PROXY="$aws" --env=ECR_REPOSITORY="$registry/shop" --env=ECR_ROLE_ARN=arn:aws:iam::111111111111:role/ecr-push \
    --volume="${engine#unix://}:/var/run/docker.sock" "${@/#/--env=}" "$image" || code=$?
  [ "$code" -eq "$wanted" ] || fail "exit code $code instead of $wanted"
}

for image in trial:full trial:deploy; do
  title "$image without a variable: every fault of the settings, exit code 2"
  code=0
  $docker run --rm --network host "$image" 2>&1 | tee "$work/run.log" || code=$?
  [ "$code" -eq 2 ] && grep -q 'ECR_REPOSITORY is not set' "$work/run.log" && grep -q 'no way into AWS' "$work/run.log" || fail "exit code $code, or a fault is not named"
done

title "The full image builds and deploys the shop to dev"
step 0 trial:full dev AWS_ENDPOINT_URL="$aws" ACTION=deploy PROJECT=src/Shop.Web BASE_IMAGE="$registry/dotnet/aspnet:10.0" \
  DEPLOY_ROLE_ARN=arn:aws:iam::222222222222:role/deploy CLUSTER_NAME=dev "${shop[@]}"

production=(ACTION=promote PROMOTE_FROM=dev DEPLOY_ROLE_ARN=arn:aws:iam::333333333333:role/deploy CLUSTER_NAME=production "${shop[@]}")
title "The small image refuses HTTPS from an authority that it does not know"
step 3 trial:deploy production AWS_ENDPOINT_URL="$secure" "${production[@]}"
title "The small image promotes over HTTPS, told of the authority"
step 0 trial:deploy production AWS_ENDPOINT_URL="$secure" CA_BUNDLE=authority.pem "${production[@]}"

title "The full image builds a Dockerfile with its own command line, since the step has none"
printf 'FROM scratch\nCOPY Directory.Build.props /\nENTRYPOINT ["/app"]\n' >"$clone/Dockerfile"
git -C "$clone" -c user.name=team -c user.email=team@example.com commit -q --allow-empty -m 'With a Dockerfile'
step 0 trial:full dev AWS_ENDPOINT_URL="$aws" ACTION=push DOCKERFILE=Dockerfile DEBUG=true | tee "$work/run.log"
grep -q '(/opt/dotnet-ecs-deploy/docker) with engine' "$work/run.log" || fail "another command line built it"

title "Size and start"
base=$($docker image inspect -f '{{with index .Config.Labels "stand-in"}}{{.}} in place of {{end}}' "$sdk")$sdk
/usr/bin/python3 test/image/figures.py "$docker" "$base" trial:full trial:deploy
