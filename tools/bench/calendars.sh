#!/usr/bin/env bash
# Measures the reading of calendars, the expansion of rules, the matching of people, and whole syncs, each beside another
# program that does the same, in one run. tools/bench/calendars.sh [EVENTS]
# Needs besides what the build needs: libical-dev, and from PyPI python-dateutil, icalendar, numpy and rapidfuzz, which it puts
# into a folder of its own under build/.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/needs libsqlite3-dev libsodium-dev pkg-config tzdata libical-dev python3 python3-venv
export SWIFT_BACKTRACE=enable=no
events=${1:-100000}
venv=build/bench-python
if ! "$venv/bin/python" -c 'import dateutil, icalendar, numpy, rapidfuzz' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet python-dateutil icalendar numpy rapidfuzz >&2
fi
say() { printf '\n== %s\n' "$*"; }
swift build -c release --product CalendarBench >&2
bench=$(swift build -c release --show-bin-path)/CalendarBench

say "reading calendars, beside libical and python-icalendar"
PYTHON=$venv/bin/python tools/bench/parse.sh
say "expanding rules, beside python-dateutil"
"$venv/bin/python" tools/bench/expand.py "$bench"
say "matching people, beside rapidfuzz"
"$venv/bin/python" tools/bench/match.py "$bench"
say "syncing $events events from files"
python3 tools/bench/sync.py "$(tools/build)" "$events"
