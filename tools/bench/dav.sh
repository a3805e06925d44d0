#!/usr/bin/env bash
# Daybook beside vdirsyncer on real CalDAV servers, in one run. Words behind it go to dav.py: tools/bench/dav.sh --events 1000
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/needs radicale xandikos vdirsyncer curl python3
daybook=$(tools/build)
for product in radicale xandikos; do
    coproc SERVER { exec tools/servers/run "$product"; }
    read -r _ _ url <&"${SERVER[0]}"
    home=alice/
    [ "$product" = xandikos ] && home=alice/calendars/
    printf '\n== %s\n' "$product"
    python3 tools/bench/dav.py "$daybook" "${url%/}/" --home "$home" "$@" || true
    exec {SERVER[1]}>&-
    wait "$SERVER_PID" 2>/dev/null || true
done
