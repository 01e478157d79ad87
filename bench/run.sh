#!/bin/sh
# Measures backfill: bench/run.sh [rows] [runs] [users|posts]. Writes results.json, backfill.svg and the table of README.md.
# About an hour for 5,000,000 rows and 3 runs on two processors, and 10 GB of disk below target/.
set -eu
cd "$(dirname "$0")/.."
BENCH_ROWS=${1:-5000000} BENCH_RUNS=${2:-3} BENCH_TABLE=${3:-} exec mvn -q -B test -Dtest=BackfillBench -Dsurefire.failIfNoSpecifiedTests=false
