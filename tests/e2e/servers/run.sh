#!/bin/bash
# Usage: run.sh PYTHON ARGUMENT…
# Fetches the servers of the end-to-end tests, and then runs that command, which starts and ends them.
# As root on Debian it first installs the packages that can't be used unpacked: npm, the system's time zones, Chromium,
# and systemd, which reads the units.
set -euo pipefail

missing=()
command -v npm >/dev/null || missing+=(npm)
[ -e /usr/share/zoneinfo/Europe/Berlin ] || missing+=(tzdata)
command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
command -v systemd-analyze >/dev/null || missing+=(systemd)

if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "e2e: apt-get install ${missing[*]} …" >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null ||
        echo "e2e: apt-get could not install ${missing[*]}" >&2
fi

"$1" -m tests.e2e.servers
exec "$@"
