#!/usr/bin/env bash
# Copies the reference app into a folder and makes its 3 MB of static files there: noise that hardly compresses, the same on every machine.
set -euo pipefail
target=$1
mkdir -p "$target"
cp -r "$(dirname "$0")"/{Web,Prices,Directory.Build.props,Directory.Packages.props} "$target"
mkdir -p "$target/Web/wwwroot"
for file in app.js:1500000:1 site.css:500000:2 logo.svg:1000000:3; do
  IFS=: read -r name size seed <<<"$file"
  # Park and Miller's generator, whose products fit into a double.
  LC_ALL=C awk -v size="$size" -v x="$seed" 'BEGIN {
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for (i = 1; i <= size; i++) { x = (x * 16807) % 2147483647; printf "%s", substr(letters, int(x / 33554432) + 1, 1) }
  }' > "$target/Web/wwwroot/$name"
done
