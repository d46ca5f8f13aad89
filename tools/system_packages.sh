#!/bin/sh
# Bring the two programs that the tests drive and pip cannot install: a Chromium and a PostgreSQL server.
#
# Installs them only as root on a system with apt-get; anywhere else it says what will be skipped and how
# to get it. It never fails for a missing program, because the tests that need one skip with the reason.
set -eu

have_chromium() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
        command -v google-chrome >/dev/null
}

# Debian keeps the server's programs out of PATH.
have_postgresql() {
    command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

missing=
have_chromium || missing="chromium"
have_postgresql || missing="$missing postgresql"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the tests:" $missing
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # one word per package
    if apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null; then
        exit 0
    fi
    echo "apt-get could not install:" $missing >&2
fi

have_chromium || echo "No Chromium: tests marked 'browser' will be skipped (Debian: apt-get install chromium)."
have_postgresql ||
    echo "No PostgreSQL server: tests marked 'postgres' will be skipped (Debian: apt-get install postgresql)."
