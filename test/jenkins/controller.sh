# shellcheck shell=bash
# The controller as a process, and what it is asked by REST. Sourced by run.sh.
# shellcheck disable=SC2154 # root, here and work come from run.sh

# Of the controller alone, and only as long as it lives.
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

free_port() {
    local port
    for port in $(shuf -i 20000-29999 -n 50); do
        if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    usage "No port from 20000 to 29999 is free." "End what listens there."
}

# This working copy with its changes (new files once they are added), as a repository for the controller alone.
make_library() {
    git clone -q --no-hardlinks "$root" "$work/library"
    git -C "$root" diff --binary HEAD >"$work/changes.diff"
    if [ -s "$work/changes.diff" ]; then
        git -C "$work/library" apply --index "$work/changes.diff"
        commit "$work/library" "changes of the working copy"
    fi
    git -C "$work/library" checkout -q -B main
}

commit() {
    git -C "$1" -c user.name=run.sh -c user.email=run.sh@localhost -c commit.gpgsign=false commit -q -m "$2"
}

prepare_home() {
    mkdir -p "$work/home/plugins" "$work/home/init.groovy.d"
    cp "$JENKINS_PLUGINS"/*.[hj]pi "$work/home/plugins/"
    cp "$here/init.groovy" "$work/home/init.groovy.d/"
    port=$(free_port)
    url=http://127.0.0.1:$port
    local user
    for user in alice release-managers bob; do
        (umask 077 && echo "machine 127.0.0.1 login $user password $password" >"$work/netrc.$user")
    done
}

start_controller() {
    JENKINS_HOME=$work/home \
        PATH=$root:$PATH \
        TEST_PASSWORD=$password TEST_LIBRARY=$work/library TEST_URL=$url/ \
        java -Djenkins.install.runSetupWizard=false -Dhudson.plugins.git.GitSCM.ALLOW_LOCAL_CHECKOUT=true \
        -jar "$JENKINS_WAR" --httpListenAddress=127.0.0.1 --httpPort="$port" >>"$work/controller.log" 2>&1 </dev/null &
    controller=$!
    disown "$controller"        # or bash tells of its death with the whole command line
    local tries
    for tries in $(seq 300); do
        kill -0 "$controller" 2>/dev/null || give_up "The controller ended while it started."
        if get alice /api/json?tree=mode >/dev/null 2>&1; then
            echo "controller: up after $tries s at $url"
            return
        fi
        sleep 1
    done
    give_up "The controller was not up after 300 s."
}

# stop_controller <signal>: KILL is a crash, TERM an orderly stop.
stop_controller() {
    [ -n "$controller" ] || return 0
    kill -"$1" "$controller" 2>/dev/null || true
    for _ in $(seq 60); do
        kill -0 "$controller" 2>/dev/null || break
        sleep 1
    done
    kill -KILL "$controller" 2>/dev/null || true
    controller=''
}

restart_controller() {
    echo "controller: restart ($1)"
    stop_controller "$1"
    rm -f "$work"/cookies.*
    start_controller
}

give_up() {
    echo "run.sh: $1 The end of its log:" >&2
    tail -n 40 "$work/controller.log" >&2
    exit 1
}

# ask <user> [curl options]: the password comes from a file, so that no list of processes shows it
ask() {
    local user=$1
    shift
    curl -sS --netrc-file "$work/netrc.$user" --globoff --max-time 30 \
        --cookie "$work/cookies.$user" --cookie-jar "$work/cookies.$user" "$@"
}

# get <user> <path>
get() {
    ask "$1" --fail "$url$2"
}

# post <user> <path> [curl options]: prints the HTTP status
post() {
    local user=$1 path=$2 crumb
    shift 2
    crumb=$(get "$user" /crumbIssuer/api/json | value crumb)
    ask "$user" -o "$work/answer" -w '%{http_code}' -X POST -H "Jenkins-Crumb: $crumb" "$@" "$url$path"
}

# value <name>: the first value of that name in the JSON on standard input, a text or a word; nothing if there is none
value() {
    grep -o "\"$1\" *: *\(\"[^\"]*\"\|[a-z]*\)" | head -n 1 | sed 's/^[^:]*: *//; s/"//g'
}
