#!/bin/sh
# Proves the oldest supported Python from the lock alone: a venv of that Python outside
# the tree, what requirements-dev.lock pins and nothing else, then the tests that are
# named (all, if none are). Exits with 3, and says so, where that Python is not here.
#
#   sh tools/oldest.sh                      the whole suite
#   sh tools/oldest.sh tests/understanding  a part of it
#   OLDEST=/opt/python3.11/bin/python3 sh tools/oldest.sh
set -eu
cd "$(dirname "$0")/.."
WANTED=3.11.2 # what Debian 12 has; pyproject.toml says >=3.11

skip() {
    echo "OLDEST SKIPPED: Python $WANTED was NOT tried: $1." >&2
    exit 3
}
is_wanted() { # the very release: a later 3.11 may have what that one lacks
    [ "$("$1" -c 'import platform; print(platform.python_version())' 2>/dev/null)" = "$WANTED" ]
}

python=
for each in "${OLDEST:-}" /usr/bin/python3.11 python3.11 python3; do
    if [ -n "$each" ] && is_wanted "$each"; then
        python=$each
        break
    fi
done
[ -n "$python" ] || skip "none is installed (a container of debian:12 has it as python3)"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/venv" >/dev/null 2>&1 ||
    skip "$python makes no venv here (apt install python3-venv)"
pip="$folder/venv/bin/pip --quiet --disable-pip-version-check"
$pip install --require-hashes -r requirements-dev.lock
$pip install --no-deps --no-build-isolation --editable .
is_wanted "$folder/venv/bin/python"
"$folder/venv/bin/python" -m compileall -q bot handlers scheduler server migrations tests
"$folder/venv/bin/python" -m pytest -n "${WORKERS:-2}" "$@"
