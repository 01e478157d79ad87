#!/bin/sh
# Puts PostgreSQL's parser, compiled to WebAssembly by others, into the folder $1. The build calls it.
# npm keeps what it downloads, so that later builds need no network.
set -eu

package=libpg-query
version=18.1.5
# The names of the module's functions change with every release: see Parser.java when you raise the version.
sha256=52367cfeeb0732877fb98a9743bf4681fe628f13f87df19d619cfb386e02bcf3

folder=$1
archive=$folder/$package-$version.tgz

fail() { echo "fetch.sh: $*" >&2; exit 1; }

sum() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

mkdir -p "$folder"
if [ ! -f "$archive" ] || [ "$(sum "$archive")" != "$sha256" ]; then
    command -v npm >/dev/null ||
        fail "npm is missing. It fetches PostgreSQL's grammar: install Node.js with npm, or put $package-$version.tgz into $folder."
    npm pack --silent --ignore-scripts --prefer-offline --pack-destination "$folder" "$package@$version" >/dev/null ||
        fail "npm could not fetch $package@$version; run \"npm pack $package@$version\" to see why."
    [ "$(sum "$archive")" = "$sha256" ] || fail "$archive has another SHA-256 than $sha256: do not use it."
fi
if [ ! -f "$folder/libpg-query.wasm" ] || [ "$archive" -nt "$folder/libpg-query.wasm" ]; then
    tar -xzf "$archive" -C "$folder" --strip-components 2 package/wasm/libpg-query.wasm
    mkdir -p "$folder/notice/META-INF/libpg-query"
    tar -xzf "$archive" -C "$folder/notice/META-INF/libpg-query" --strip-components 1 package/LICENSE
    touch "$folder/libpg-query.wasm"
fi
