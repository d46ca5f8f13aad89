#!/bin/sh
# Resolve the locked dependencies for every supported Python at once.
#
# usage: tools/lock.sh UV [--upgrade]
#
# A plain run keeps the versions that are locked and only settles what pyproject.toml changed. The files
# name no registry, so they install from whichever one pip is configured for.
set -eu

uv=$1
shift

resolve() {
    output=$1
    shift
    echo "Locking $output"
    # --no-strip-extras: where a package asks for another one's extra, an older pip looks at the newest
    # release of that one before it sees the pin, and refuses it for having no hash here.
    "$uv" pip compile --quiet --universal --generate-hashes --no-strip-extras --python-version 3.11 \
        --custom-compile-command "make lock" --output-file "$output" "$@"
}

resolve requirements/lock.txt "$@" --group lock
resolve requirements/base.txt "$@" pyproject.toml
resolve requirements/build.txt "$@" --group build -c requirements/base.txt
resolve requirements/dev.txt "$@" --extra audio --extra parquet --extra pdf --extra plots --extra postgres --group dev pyproject.toml \
    -c requirements/base.txt -c requirements/build.txt
