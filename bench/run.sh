#!/bin/sh
# Measures backfill: bench/run.sh [rows] [runs] [users|posts]. Writes results.json, two plots and the tables of README.md
# after each run of each way, so that one that is cut short leaves what it has.
# Takes no longer than BENCH_MINUTES (28) as long as each way once fits into them, and 12 GB of disk below target/.
# PGROLL=/path/to/pgroll measures that, too; psql has to be on the PATH.
set -eu
cd "$(dirname "$0")/.."
export BENCH_ROWS="${1:-5000000}" BENCH_RUNS="${2:-3}" BENCH_TABLE="${3:-}"
mvn -q -B test-compile
# One execution of the plug-in by its name: the build has two, and both would run it.
exec timeout --signal=INT 3600 mvn -q -B surefire:test@default-test -Dtest=BackfillBench -DforkCount=1 \
    -Dsurefire.failIfNoSpecifiedTests=false
