# Puts the pitstop agent on the PATH of the shell that reads this file, as `. pitstop.sh`. It looks
#   1. on the PATH,
#   2. at PITSTOP_AGENT, a folder that holds the agent, or its launcher,
#   3. in the node's cache, filling it from PITSTOP_AGENT_URL (https, http or file: a pitstop-<version>.tar.gz)
#      if what arrives has the SHA-256 checksum PITSTOP_AGENT_SHA256.
# The cache is PITSTOP_CACHE, else a folder of the user's. Only whole and verified agents ever appear in it, each under
# its checksum. If no agent is to be had, says why, also in the file pitstop_result, and ends the shell.
# shellcheck shell=sh

# An address may hold a password or a signature: people see it without.
pitstop_shown() {
    printf '%s' "$1" | sed -e 's#://[^/?]*@#://...@#g' -e 's#[?][^ ]*#?...#g'
}

# pitstop_fail <exit code> <what happened> <what to do next>
pitstop_fail() {
    printf 'pitstop: %s\nNext: %s\n' "$2" "$3" >&2
    if [ -n "${pitstop_result:-}" ]; then
        mkdir -p -- "$(dirname -- "$pitstop_result")"
        pitstop_json=$(printf '"message": "%s", "hint": "%s"' "$(pitstop_quoted "$2")" "$(pitstop_quoted "$3")")
        printf '{"agent": "unpackaged", "exitCode": %s, %s}\n' "$1" "$pitstop_json" >"$pitstop_result"
    fi
    exit "$1"
}

pitstop_quoted() {
    printf '%s' "$1" | tr '\n\t' '  ' | tr -d '\000-\037' | sed 's/[\\"]/\\&/g'
}

# Prints the folder of the launcher that lies in a folder or in one of its folders.
pitstop_in() {
    for pitstop_launcher in "$1/pitstop" "$1"/*/pitstop; do
        if [ -f "$pitstop_launcher" ] && [ -x "$pitstop_launcher" ]; then
            (CDPATH="" cd -- "$(dirname -- "$pitstop_launcher")" && pwd)
            return
        fi
    done
    return 1
}

pitstop_find() {
    if command -v pitstop >/dev/null; then
        return
    fi
    if [ -n "${PITSTOP_AGENT:-}" ]; then
        pitstop_home=$PITSTOP_AGENT
        [ ! -f "$pitstop_home" ] || pitstop_home=$(dirname -- "$pitstop_home")
        pitstop_home=$(pitstop_in "$pitstop_home") || pitstop_fail 2 \
            "PITSTOP_AGENT is '$PITSTOP_AGENT', where there is no pitstop that can be run." \
            "Name the folder on this node that holds pitstop and pitstop.jar."
    elif [ -n "${PITSTOP_AGENT_URL:-}" ]; then
        pitstop_cached
    else
        pitstop_fail 2 "there is no pitstop on the PATH of this node, and nothing says where to get it." \
            "Install it there, or set PITSTOP_AGENT, PITSTOP_TOOL, or PITSTOP_AGENT_URL and PITSTOP_AGENT_SHA256."
    fi
    PATH=$pitstop_home:$PATH
    export PATH
}

# Sets pitstop_home to the agent in the cache, which it downloads if it is not there.
pitstop_cached() {
    pitstop_sum=$(printf '%s' "${PITSTOP_AGENT_SHA256:-}" | tr 'A-F' 'a-f')
    case $pitstop_sum in
        *[!0-9a-f]* | '') pitstop_bad_sum=yes ;;
        *) pitstop_bad_sum=no ;;
    esac
    if [ "$pitstop_bad_sum" = yes ] || [ ${#pitstop_sum} -ne 64 ]; then
        pitstop_fail 2 "PITSTOP_AGENT_SHA256 is '${PITSTOP_AGENT_SHA256:-}', which is no SHA-256 checksum." \
            "Set it to the 64 digits that sha256sum prints for the file behind PITSTOP_AGENT_URL."
    fi
    pitstop_cache=${PITSTOP_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/pitstop}
    if ! pitstop_home=$(pitstop_in "$pitstop_cache/$pitstop_sum"); then
        # In a shell of its own, so that its traps are not those of the caller.
        (pitstop_download) || exit $?
        pitstop_home=$(pitstop_in "$pitstop_cache/$pitstop_sum") || pitstop_fail 2 \
            "$pitstop_cache/$pitstop_sum holds something else than the agent." "Remove it; run the step again."
    fi
}

pitstop_download() {
    pitstop_url=$(pitstop_shown "$PITSTOP_AGENT_URL")
    mkdir -p -- "$pitstop_cache" 2>/dev/null || :
    if ! pitstop_work=$(mktemp -d "$pitstop_cache/new.XXXXXX" 2>/dev/null); then
        pitstop_fail 2 "the cache $pitstop_cache cannot be written." \
            "Set PITSTOP_CACHE to a folder that this node's user may write to."
    fi
    trap 'rm -rf -- "$pitstop_work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' HUP TERM
    # What was killed too hard to clean up after itself.
    find "$pitstop_cache/." ! -name . -prune -type d -name 'new.*' -mtime +1 -exec rm -rf {} + 2>/dev/null || :

    echo "pitstop: getting the agent from $pitstop_url" >&2
    if ! pitstop_fetch "$pitstop_work/agent.tar.gz" 2>"$pitstop_work/why"; then
        pitstop_fail 5 "the agent could not be got from $pitstop_url: $(pitstop_why)" \
            "Look at PITSTOP_AGENT_URL and at the way there, then run the step again."
    fi
    pitstop_got=$(pitstop_sha256 "$pitstop_work/agent.tar.gz")
    if [ "$pitstop_got" != "$pitstop_sum" ]; then
        pitstop_size=$(wc -c <"$pitstop_work/agent.tar.gz" | tr -d ' ')
        pitstop_is="has $pitstop_size bytes and the checksum $pitstop_got instead of $pitstop_sum"
        pitstop_fail 5 "what came from $pitstop_url $pitstop_is: it is cut off, damaged or another version." \
            "Run the step again; if it stays so, compare PITSTOP_AGENT_SHA256 with the checksum that was published."
    fi
    mkdir "$pitstop_work/agent"
    if ! gzip -t "$pitstop_work/agent.tar.gz" 2>"$pitstop_work/why" ||
        ! (cd "$pitstop_work/agent" && gzip -dc ../agent.tar.gz | tar -xof -) 2>"$pitstop_work/why" ||
        ! pitstop_in "$pitstop_work/agent" >/dev/null; then
        pitstop_fail 2 "what came from $pitstop_url has the right checksum, but holds no pitstop. $(pitstop_why)" \
            "Let PITSTOP_AGENT_URL name a pitstop-<version>.tar.gz."
    fi
    # Another build may have been faster; then ours is refused or lands beside its files, and goes.
    mv "$pitstop_work/agent" "$pitstop_work/${pitstop_work##*/}"
    mv "$pitstop_work/${pitstop_work##*/}" "$pitstop_cache/$pitstop_sum" 2>/dev/null || :
    rm -rf -- "${pitstop_cache:?}/$pitstop_sum/${pitstop_work##*/}"
}

# The address goes in by a file or a pipe: other users of the node can read the arguments of a process.
pitstop_fetch() {
    case $PITSTOP_AGENT_URL in
        file://*) cp -- "${PITSTOP_AGENT_URL#file://}" "$1" ;;
        https://* | http://*)
            if command -v curl >/dev/null; then
                printf 'url = "%s"\n' "$(printf '%s' "$PITSTOP_AGENT_URL" | sed 's/[\\"]/\\&/g')" |
                    curl --config - --silent --show-error --globoff --fail --location --proto-redir '=https,http' \
                        --retry 2 --connect-timeout 20 --speed-limit 1000 --speed-time 30 --output "$1"
            elif command -v wget >/dev/null; then
                printf '%s\n' "$PITSTOP_AGENT_URL" |
                    wget --no-verbose --tries=3 --timeout=30 --input-file=- --output-document="$1"
            else
                echo "neither curl nor wget is on the PATH" >&2
                return 1
            fi
            ;;
        *)
            echo "it is neither an https, an http nor a file address" >&2
            return 1
            ;;
    esac
}

pitstop_why() {
    pitstop_shown "$(tail -n 1 "$pitstop_work/why")"
}

pitstop_sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1"
    else
        shasum -a 256 <"$1"
    fi | cut -c1-64
}

# Results are read at once, unless the controller is down for a while; nobody reads those of last week.
pitstop_tidy() {
    [ -n "${pitstop_result:-}" ] || return 0
    find "$(dirname -- "$pitstop_result")/." ! -name . -prune -type f -name '*-*-*-*-*-*.json' -mtime +7 \
        -exec rm -f {} + 2>/dev/null || :
}

pitstop_find
pitstop_tidy
