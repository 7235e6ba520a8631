#!/bin/sh
# Looks up known holes in the locked dependencies, for a minute at most; a hole fails,
# not being able to look says so in one sentence and exits with 3.
set -u
bin=$1
tool=.venv/audit
ends=$(($(date +%s) + 55))

within() { # run a command for as long as there is left of the minute
    left=$((ends - $(date +%s)))
    [ "$left" -gt 0 ] && timeout "$left" "$@"
}
skip() {
    echo "AUDIT SKIPPED: the dependencies were NOT checked for known holes: $1." >&2
    exit 3
}

command -v timeout >/dev/null || skip "there is no timeout command"
[ -x "$tool/bin/pip-audit" ] || {
    within "$bin/python" -m venv "$tool" &&
        within "$tool/bin/pip" install --timeout 15 --retries 1 --quiet \
            --disable-pip-version-check pip-audit
} >/dev/null 2>&1 || skip "pip-audit cannot be installed here"
told=$(within "$tool/bin/pip-audit" --require-hashes --disable-pip --timeout 15 \
    --strict --requirement requirements.lock 2>&1)
status=$?
case $told in # --strict: a dependency of which the list knows nothing was not checked
*"not be audited"*) skip "the list that answers here does not know them" ;;
*"No known vulnerabilities"*) echo "audit: no known vulnerabilities" ;;
*"Found "*"vulnerabilit"*) echo "$told" && exit 1 ;;
*) [ "$status" -eq 124 ] && skip "no answer within a minute"
    skip "the list of known holes cannot be reached" ;;
esac
