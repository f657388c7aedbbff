#!/bin/sh
# Write requirements/*.txt: every package of a set with its hashes, resolved for Python 3.11.
set -eu
export UV_CUSTOM_COMPILE_COMMAND="make lock"
compile() {
    out=$1
    shift
    .venv/bin/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-annotate \
        --no-emit-index-url --no-emit-find-links --output-file "$out" "$@"
}
compile requirements/bootstrap.txt requirements/bootstrap.in
compile requirements/run.txt --extra postgres --extra paper --extra standby pyproject.toml
compile requirements/dev.txt --extra postgres --extra paper --extra standby --group dev -c requirements/run.txt pyproject.toml
