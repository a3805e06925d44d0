#!/usr/bin/env bash
# Measures how fast calendars are read, beside libical and the Python package `icalendar`, in turn, in one run.
# tools/bench/parse.sh [MEGABYTES]: needs libical-dev; takes part in Python where PYTHON has the package.
set -euo pipefail
cd "$(dirname "$0")/../.."
export SWIFT_BACKTRACE=enable=no
megabytes=${1:-100} python=${PYTHON:-python3} package=${BENCH_PACKAGE:-.}
mkdir -p build
work=$(mktemp -d build/parse.XXXXXX)
trap 'rm -rf "$work"' EXIT
swift build -c release --package-path "$package" --product CalendarBench >&2
program=$(swift build -c release --package-path "$package" --product CalendarBench --show-bin-path)/CalendarBench
compiler=$(command -v gcc || command -v clang)
"$compiler" -O2 -o "$work/parse" tools/bench/parse.c $(pkg-config --cflags --libs libical)

python3 tools/bench/parse.py join "$work/large.ics" "$megabytes" ../shared/corpus
# The package does not live through every event of a corpus, so it reads invented ones.
python3 tools/bench/parse.py join "$work/small.ics" 3
for turn in 1 2; do
    "$program" parse "$work/large.ics"
    "$work/parse" "$work/large.ics" 2
done >"$work/lines"
if "$python" -c 'import icalendar' 2>/dev/null; then "$python" tools/bench/parse.py read "$work/small.ics" >>"$work/lines"; fi
python3 tools/bench/parse.py table <"$work/lines"
