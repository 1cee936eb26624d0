# Sourced by the README's commands: the Debian packages and the .NET SDK that they need, installed only where they are missing.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# need_packages PACKAGE...: installs what dpkg does not know, all at once.
need_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "Installing: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    echo "These Debian packages are missing and this is not root: run 'apt-get install ${missing[*]}' first." >&2
    return 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# need_dotnet: the SDK that global.json names, from Microsoft's installer when the machine has none.
need_dotnet() {
  if command -v dotnet >/dev/null && dotnet --version >/dev/null 2>&1; then return 0; fi
  need_packages ca-certificates curl libicu72
  local version installer
  version=$(sed -nE 's/.*"version": "([^"]+)".*/\1/p' global.json)
  installer=$(mktemp)
  echo "Installing the .NET SDK $version"
  if ! curl -fsSL --retry 3 https://dot.net/v1/dotnet-install.sh -o "$installer"; then
    echo "There is no .NET SDK $version here and Microsoft's installer could not be fetched: install the SDK first." >&2
    return 1
  fi
  bash "$installer" --version "$version" --install-dir "$HOME/.dotnet"
  rm -f "$installer"
  export DOTNET_ROOT="$HOME/.dotnet" PATH="$HOME/.dotnet:$PATH"
}
