#!/bin/sh
# Returns once ADDRESS answers with success, or fails after TIMEOUT seconds and says what it was told last.
set -eu
command -v curl >/dev/null || { echo "curl is needed to ask $ADDRESS" >&2; exit 1; }
end=$(($(date +%s) + TIMEOUT))
until answer=$(curl --silent --show-error --fail --output /dev/null --connect-timeout 5 --max-time 10 "$ADDRESS" 2>&1); do
    if [ "$(date +%s)" -ge "$end" ]; then
        echo "$ADDRESS is not healthy after $TIMEOUT s: $answer" >&2
        exit 1
    fi
    sleep 1
done
