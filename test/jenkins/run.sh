#!/usr/bin/env bash
# Runs every job of resources/jenkins on a real Jenkins controller, twice: with this working copy as a sandboxed library
# and as a trusted one. Each time the demo's stage is what is released: a PostgreSQL, a proxy and version 1 of a blog.
#
#   JENKINS_WAR=jenkins.war JENKINS_PLUGINS=folder-of-hpi-files test/jenkins/run.sh
#
# All of it listens on 127.0.0.1 and lies in a temporary folder. The controller is restarted while an approval waits and
# while a new version bakes. Ends with a table; exit code 0 if all jobs ended as they should, 1 if not, 2 if something
# that it needs is missing. Without both variables it says that it is skipped, and ends with 0.
# KEEP=1 leaves the temporary folder, with the logs of the controller and of all builds, in place.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/test/jenkins

if [ -z "${JENKINS_WAR:-}" ] && [ -z "${JENKINS_PLUGINS:-}" ]; then
    echo "skipped: set JENKINS_WAR and JENKINS_PLUGINS to run the example jobs on a real controller (test/jenkins/run.sh)"
    exit 0
fi

usage() {
    printf 'run.sh: %s\nNext: %s\n' "$1" "$2" >&2
    exit 2
}

# What the jobs need beside the plugins that these depend on.
plugins=(workflow-aggregator workflow-cps pipeline-groovy-lib pipeline-input-step pipeline-model-definition
    pipeline-rest-api credentials-binding cloudbees-folder git matrix-auth)

check_needs() {
    [ -n "${JENKINS_WAR:-}" ] || usage "JENKINS_WAR is not set." "Set it to the path of a jenkins.war."
    [ -n "${JENKINS_PLUGINS:-}" ] || usage "JENKINS_PLUGINS is not set." "Set it to a folder of .hpi or .jpi files."
    [ -f "$JENKINS_WAR" ] || usage "JENKINS_WAR is '$JENKINS_WAR', which is no file." "Set it to the path of a jenkins.war."
    [ -d "$JENKINS_PLUGINS" ] || usage "JENKINS_PLUGINS is '$JENKINS_PLUGINS', which is no folder." \
        "Set it to a folder of .hpi or .jpi files."
    local plugin tool
    for plugin in "${plugins[@]}"; do
        compgen -G "$JENKINS_PLUGINS/$plugin.[hj]pi" >/dev/null ||
            usage "There is no $plugin.hpi or $plugin.jpi in $JENKINS_PLUGINS." \
                "Put it and what it depends on there, such as by the plugin installation manager."
    done
    for tool in java git curl; do
        command -v "$tool" >/dev/null || usage "$tool is missing." "Install it."
    done
}

# shellcheck source=test/jenkins/controller.sh
. "$here/controller.sh"
# shellcheck source=test/jenkins/jobs.sh
. "$here/jobs.sh"

check_needs
# Whoever owns the working copy: git, and the git of the controller, would refuse that of another user.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
work=$(mktemp -d "${TMPDIR:-/tmp}/pitstop-jenkins-XXXXXX")
controller=''
stages=()
users=()
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

stop_all() {
    local pid stage
    stop_controller TERM || true
    for pid in "${users[@]}"; do kill "$pid" 2>/dev/null || true; done
    for stage in "${stages[@]}"; do "$root/pitstop" demo --stop "$stage" || echo "still there: $stage" >&2; done
    if [ -n "${KEEP:-}" ]; then
        echo "kept: $work"
    else
        rm -rf "$work"
    fi
}

make_library
prepare_home
start_controller
for trust in sandboxed trusted; do
    open_stage "$trust"
    create_jobs "$trust"
    run_jobs "$trust"
done
report
