# shellcheck shell=bash
# The jobs, what they release, and how each should end. Sourced by run.sh.
# shellcheck disable=SC2154 # root, here, work, stages, users and url come from run.sh and controller.sh

rows=()
failures=0

# open_stage <folder>: something to release, in a repository beside the Jenkinsfiles
open_stage() {
    local application=$work/application-$1 stage
    if [ -n "${TEST_STAGE:-}" ]; then
        stage=$TEST_STAGE
    else
        "$root/pitstop" demo --stage --posts 20000 | tee "$work/stage-$1.log"
        stage=$(sed -n 's/^Everything is left running in \(.*\)\. To play with it:$/\1/p' "$work/stage-$1.log")
        stages+=("$stage")
        play_users "$(sed -n 's/^Users come in at //p' "$work/stage-$1.log")"
    fi
    mkdir -p "$application/jenkins"
    cp -R "$stage/pitstop.yml" "$stage/db" "$application/"
    for file in "$root"/resources/jenkins/Jenkinsfile*; do
        # By another name, so that the trusted library and that of the folder cannot be taken for each other; and with a
        # bake that lasts long enough for a restart, but not for hours.
        sed -e "s/^@Library('pitstop')/@Library('pitstop-$1')/" -e "s/bakeTime: '5m'/bakeTime: '20s'/" "$file" \
            >"$application/jenkins/$(basename "$file")"
    done
    git -C "$application" init -q
    git -C "$application" checkout -q -B main
    git -C "$application" add -A
    commit "$application" "what is released"
    create_credentials "$1" "$stage/env"
}

# Gates look at real requests.
play_users() {
    while curl -fsS -o /dev/null --max-time 5 "$1"; do sleep 0.02; done 2>/dev/null &
    users+=($!)
}

# xml <text>
xml() {
    printf '%s' "$1" | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' -e 's/"/\&quot;/g'
}

# create <folder path> <name>: from standard input
create() {
    local status
    status=$(post alice "$1/createItem?name=$2" -H 'Content-Type: application/xml' --data-binary @-)
    [ "$status" = 200 ] || give_up "Creating $1/$2 gave HTTP $status: $(head -c 500 "$work/answer")."
}

# create_credentials <folder> <file of exports>
create_credentials() {
    local user secret
    # shellcheck disable=SC1090 # written by the stage
    user=$(. "$2" && printf %s "$PITSTOP_DB_USER")
    # shellcheck disable=SC1090
    secret=$(. "$2" && printf %s "$PITSTOP_DB_PASSWORD")
    sed -e "s|@LIBRARY@|$(xml "$work/library")|" -e "s|@NAME@|pitstop-$1|" "$here/folder-$1.xml" | create "" "$1"
    sed -e "s|@USER@|$(xml "$user")|" -e "s|@PASSWORD@|$(xml "$secret")|" "$here/credentials.xml" >"$work/credentials.xml"
    [ "$(post alice "/job/$1/credentials/store/folder/domain/_/createCredentials" \
        -H 'Content-Type: application/xml' --data-binary "@$work/credentials.xml")" = 200 ] ||
        give_up "Creating the credentials gave: $(head -c 500 "$work/answer")."
    rm -f "$work/credentials.xml"
}

create_jobs() {
    local file name
    for file in "$root"/resources/jenkins/Jenkinsfile*; do
        name=$(basename "$file")
        # A job that has not run yet does not know its own parameters.
        sed -e "s|@REPOSITORY@|$(xml "$work/application-$1")|" -e "s|@SCRIPT@|jenkins/$name|" \
            -e "s|@PARAMETERS@|$(parameters_of "$file")|" "$here/job.xml" | create "/job/$1" "$(job_of "$name")"
    done
}

# job_of <Jenkinsfile.x>: x, and release for the one without x
job_of() {
    case $1 in
        Jenkinsfile) echo release ;;
        *) echo "${1#Jenkinsfile.}" ;;
    esac
}

# parameters_of <file>: the definitions that its own text holds, all as texts
parameters_of() {
    sed -n "s/.*\(string\|booleanParam\|choice\)(name: '\([A-Z_]*\)'.*/\2/p" "$1" | while read -r name; do
        printf '<hudson.model.StringParameterDefinition><name>%s</name><defaultValue>%s</defaultValue><\/hudson.model.StringParameterDefinition>' \
            "$name" "$(default_of "$name")"
    done
}

default_of() {
    case $1 in
        VERSION) echo 2 ;;
        ABANDON) echo false ;;
        WITHOUT_JOURNAL) echo no ;;
        BATCH_ROWS) echo 5000 ;;
        NODES) echo 1 ;;
        *) echo '' ;;
    esac
}

# start <folder> <job>: its first build
start() {
    local status
    if get alice "/job/$1/job/$2/api/json?tree=property[parameterDefinitions[name]]" | grep -q '"name"'; then
        status=$(post alice "/job/$1/job/$2/buildWithParameters")
    else
        status=$(post alice "/job/$1/job/$2/build")
    fi
    [ "$status" = 201 ] || give_up "Starting $1/$2 gave HTTP $status: $(head -c 500 "$work/answer")."
}

build_of() { echo "/job/$1/job/$2/1"; }

# Prints the result of a build, once it has one, or TIMEOUT.
result_of() {
    local build state
    build=$(build_of "$1" "$2")
    for _ in $(seq 600); do
        state=$(get alice "$build/api/json?tree=building,result" 2>/dev/null) || true
        if [ "$(value building <<<"$state")" = false ]; then
            value result <<<"$state"
            return
        fi
        sleep 1
    done
    echo TIMEOUT
}

# Prints the id of the input that a build waits for, or nothing if it ends before it waits.
input_of() {
    local build id state
    build=$(build_of "$1" "$2")
    for _ in $(seq 600); do
        id=$(get alice "$build/wfapi/pendingInputActions" 2>/dev/null | value id) || true
        if [ -n "$id" ]; then
            # Jenkins makes the first letter of an input's id a capital, in addresses too.
            echo "${id^}"
            return
        fi
        state=$(get alice "$build/api/json?tree=building" 2>/dev/null | value building) || true
        [ "$state" != false ] || return 0
        sleep 1
    done
}

# decide <user> <folder> <job> <input> proceed|abort: prints the HTTP status
decide() {
    local path
    path=$(build_of "$2" "$3")/input/$4
    if [ "$5" = abort ]; then
        post "$1" "$path/abort"
    else
        # With an empty form, so that Jenkins adds who it was under the name that the job asked for.
        post "$1" "$path/submit" --data-urlencode proceed=Proceed --data-urlencode 'json={"parameter":[]}'
    fi
}

# settle <folder> <job> proceed|abort: the decision of somebody who may take it
settle() {
    local id status
    id=$(input_of "$1" "$2")
    if [ -z "$id" ]; then
        fail "$1" "$2" "waits for an approval" "it does not"
        return 0
    fi
    status=$(decide release-managers "$1" "$2" "$id" "$3")
    case $status in
        200 | 302 | 303) row "$1" "$2" "$3 of input $id" "as expected" ;;
        *) fail "$1" "$2" "$3 of input $id" "HTTP $status" ;;
    esac
}

# settle_all <folder> <job>: whatever it asks, approved; contract only once the version has baked as the demo demands
settle_all() {
    local id last=''
    for _ in 1 2 3 4; do
        id=$(input_of "$1" "$2")
        [ -n "$id" ] && [ "$id" != "$last" ] || return 0
        case $id in *ontract*) sleep "${TEST_BAKE:-15}" ;; esac
        settle "$1" "$2" proceed
        last=$id
    done
}

# refused <folder> <job>: bob may start jobs, but not approve
refused() {
    local id status
    id=$(input_of "$1" "$2")
    status=$(decide bob "$1" "$2" "${id:-none}" proceed)
    case $status in
        400 | 403) row "$1" "$2" "an approval by who may not" "refused with HTTP $status" ;;
        *) fail "$1" "$2" "an approval by who may not" "HTTP $status" ;;
    esac
}

# The build of which the log says that users are being moved.
until_baking() {
    for _ in $(seq 300); do
        if get alice "$(build_of "$1" "$2")/consoleText" 2>/dev/null | grep -q 'baking at'; then
            return
        fi
        sleep 1
    done
    fail "$1" "$2" "bakes" "it did not within 300 s"
}

# expect <folder> <job> <result>
expect() {
    local result
    result=$(result_of "$1" "$2")
    mkdir -p "$work/logs"
    get alice "$(build_of "$1" "$2")/consoleText" >"$work/logs/$1-$2.log" 2>/dev/null || true
    if [ "$result" = "$3" ]; then
        row "$1" "$2" "ends with $3" "as expected"
    else
        fail "$1" "$2" "ends with $3" "$result"
        tail -n 30 "$work/logs/$1-$2.log" >&2
    fi
}

row() { rows+=("$(printf '%-10s %-13s %-44s %s' "$@")"); echo "${rows[-1]}"; }
fail() { failures=$((failures + 1)); row "$1" "$2" "$3" "FAILED: $4"; }

# In the order in which a team would: the release stays open until the scripted job contracts it.
run_jobs() {
    start "$1" pull-request
    expect "$1" pull-request SUCCESS

    start "$1" release
    refused "$1" release
    restart_controller TERM
    settle "$1" release proceed
    until_baking "$1" release
    restart_controller KILL
    [ -n "$(input_of "$1" release)" ] || fail "$1" release "goes on after a restart" "it does not wait for contract"

    start "$1" backfill
    expect "$1" backfill SUCCESS

    start "$1" rollback
    settle "$1" rollback proceed
    expect "$1" rollback SUCCESS
    settle "$1" release abort
    expect "$1" release ABORTED

    start "$1" scripted
    settle_all "$1" scripted
    expect "$1" scripted SUCCESS

    start "$1" contract
    expect "$1" contract SUCCESS
}

report() {
    printf '\n%-10s %-13s %-44s %s\n' library job what outcome
    printf '%s\n' "${rows[@]}"
    echo
    if [ "$failures" -gt 0 ]; then
        echo "$failures of ${#rows[@]} failed"
        exit 1
    fi
    echo "all ${#rows[@]} as expected"
}
