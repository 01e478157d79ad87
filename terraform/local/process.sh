#!/bin/sh
# Keeps the one process of a local module. Called by its provisioners:
#
#   process.sh start    starts PITSTOP_COMMAND unless it runs already, and waits until it listens on PITSTOP_PORTS
#   process.sh stop     ends it with all its children; fine if there is none
#
# The process outlives the command that started it. It is found again by PITSTOP_RUN_DIR/process.pid, which holds its pid,
# its start time (a pid alone may have been given to another process meanwhile) and its generation: the id of the
# Terraform resource it belongs to.
#
# Needs no more than a POSIX shell, /proc and what comes with every Linux: setsid and flock.
set -u

pid_file=$PITSTOP_RUN_DIR/process.pid
log=$PITSTOP_RUN_DIR/process.log

fail() {
    echo "$*" >&2
    if [ -s "$log" ]; then
        echo "The last lines of $log:" >&2
        tail -n 20 "$log" >&2
    fi
    exit 1
}

now() { date +%s; }

# Not every sleep knows fractions.
nap() { sleep 0.1 2>/dev/null || sleep 1; }

# One start or stop at a time. The lock lives as long as anybody has file 9 open, so it ends with its holder.
lock() {
    # Nobody else's business: what the process prints may hold anything.
    (umask 077 && mkdir -p "$PITSTOP_RUN_DIR") || exit 1
    exec 9>"$PITSTOP_RUN_DIR/lock"
    patience=$(($(now) + 60))
    until flock -n 9; do
        [ "$(now)" -lt "$patience" ] || fail "Another start or stop has held $PITSTOP_RUN_DIR/lock for a minute."
        nap
    done
}

# Sets session and started of process $1; false for a process that is gone, and for one that only waits to be reaped.
look() {
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    # The name, in brackets, may hold blanks and brackets itself: everything of interest comes after it.
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    session=$4 started=${20}
    [ "$1" != Z ] && [ "$1" != X ]
}

# Sets pid, born and generation of the process that was started last.
recorded() {
    pid='' born='' generation=''
    [ -f "$pid_file" ] && read -r pid born generation <"$pid_file" && [ -n "$generation" ]
}

alive() { recorded && look "$pid" && [ "$started" = "$born" ]; }

# Prints the live processes of the session. They are ours beyond doubt while its leader is; where the leader died alone,
# those are ours that carry the generation in their environment.
members() {
    for entry in /proc/[0-9]*; do
        look "${entry#/proc/}" && [ "$session" = "$pid" ] || continue
        [ "$led" = yes ] || grep -qs "PITSTOP_GENERATION=$generation" "$entry/environ" || continue
        echo "${entry#/proc/}"
    done
}

# Prints the inodes of the sockets that listen on port $1.
listeners() {
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
        grep -i ": [0-9A-F]*:$(printf %04X "$1") [0-9A-F]*:0000 0A " |
        while read -r _ _ _ _ _ _ _ _ _ inode _; do echo "$inode"; done
}

# True if the process, or a child of it, listens on port $1. That anybody listens there would not do: it could be a
# stranger who took the port and answers in our place.
owns() {
    led=yes
    for inode in $(listeners "$1"); do
        for member in $(members); do
            # shellcheck disable=SC2010
            ls -l "/proc/$member/fd" 2>/dev/null | grep -q "socket:\[$inode\]" && return 0
        done
    done
    return 1
}

ready() {
    for port in $PITSTOP_PORTS; do
        owns "$port" || return 1
    done
}

stop() {
    recorded || return 0
    if alive; then led=yes; else led=no; fi
    patience=$(($(now) + ${PITSTOP_STOP_TIMEOUT:-10}))
    signal=TERM
    left=$(members)
    while [ -n "$left" ]; do
        # shellcheck disable=SC2086
        [ -z "$signal" ] || kill "-$signal" $left 2>/dev/null
        signal=''
        nap
        left=$(members)
        if [ "$(now)" -ge "$patience" ]; then
            signal=KILL
            [ "$(now)" -lt $((patience + 10)) ] || fail "Process $pid did not end, even killed."
        fi
    done
    rm -f "$pid_file"
    echo "Process $pid has ended."
}

# Runs as the new process, in a session of its own, still holding the lock of the start that made it: whoever comes next
# finds the record, even if that start was killed at this very moment.
run() {
    look $$
    echo "$$ $started $PITSTOP_GENERATION" >"$pid_file.new" && mv "$pid_file.new" "$pid_file" || exit 1
    exec sh -c "$PITSTOP_COMMAND" 9>&-
}

spawn() {
    for port in $PITSTOP_PORTS; do
        [ -z "$(listeners "$port")" ] || { : >"$log"; fail "Port $port is taken by another process."; }
    done
    [ ! -f "$log" ] || mv "$log" "$log.old"
    # Jenkins ends, with a build or a step of it, every process that carries their cookies.
    export JENKINS_NODE_COOKIE=dontKillMe JENKINS_SERVER_COOKIE=dontKillMe
    # Terraform waits until nobody has its pipes open any more, hence the files.
    setsid sh "$0" run </dev/null >"$log" 2>&1 &
    until recorded; do
        kill -0 $! 2>/dev/null || recorded || fail "The process could not be started."
        nap
    done
}

start() {
    command -v setsid >/dev/null || fail "There is no setsid: this module needs Linux."
    if alive && [ "$generation" = "$PITSTOP_GENERATION" ]; then
        echo "Process $pid runs already."
    else
        stop
        spawn
    fi
    exec 9>&- # not while waiting: a stop may come
    patience=$(($(now) + PITSTOP_READY_TIMEOUT))
    until ready; do
        alive || fail "The process ended before it listened on port $PITSTOP_PORTS."
        [ "$(now)" -lt "$patience" ] ||
            fail "Process $pid does not listen on port $PITSTOP_PORTS after $PITSTOP_READY_TIMEOUT seconds."
        nap
    done
    alive || fail "The process ended as soon as it listened on port $PITSTOP_PORTS."
    echo "Process $pid listens on port $PITSTOP_PORTS."
}

case $1 in
    start) lock && start ;;
    stop) lock && stop ;;
    run) run ;;
esac
