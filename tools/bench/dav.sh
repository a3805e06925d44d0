#!/usr/bin/env bash
# Daybook beside vdirsyncer on real CalDAV servers, in one run. Words behind it go to dav.py: tools/bench/dav.sh --events 1000
# PRODUCTS="xandikos" asks for some of the servers.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/needs radicale xandikos vdirsyncer curl git python3
daybook=$(tools/build)
for product in ${PRODUCTS:-radicale xandikos}; do
    folder=$(mktemp -d)
    coproc SERVER { TMPDIR=$folder exec tools/servers/run "$product"; }
    read -r _ _ url <&"${SERVER[0]}"
    home=alice/
    [ "$product" = xandikos ] && home=alice/calendars/
    printf '\n== %s\n' "$product"
    python3 tools/bench/dav.py "$daybook" "${url%/}/" --home "$home" --folder "$folder" "$@" || true
    exec {SERVER[1]}>&-
    wait "$SERVER_PID" 2>/dev/null || true
    rm -rf "$folder"
done
