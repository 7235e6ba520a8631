#!/bin/sh
# Makes .venv; where Debian has split `venv` off Python, installs it or says how.
set -u
python=${1:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "需要 Python 3.11 或更新的版本（现在的 $python 不行）。" >&2
    exit 1
}
# The pip that came with Python may be old; setuptools, where it brings one, is not used.
renew() {
    .venv/bin/pip --quiet --disable-pip-version-check uninstall -y setuptools
    .venv/bin/pip --quiet --disable-pip-version-check install --upgrade pip
    return 0
}

echo "建 .venv（$("$python" --version)）……" >&2
"$python" -m venv .venv >/dev/null 2>&1 && renew >/dev/null 2>&1 && exit 0
rm -rf .venv

# Debian and Ubuntu ship venv apart from Python.
echo "这台机器的 Python 没有带 venv，先装 python3-venv……" >&2
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
if command -v apt-get >/dev/null &&
    $as_root apt-get update -q >/dev/null 2>&1 &&
    $as_root apt-get install -qy python3-venv >/dev/null 2>&1 &&
    "$python" -m venv .venv; then
    renew >/dev/null 2>&1
    exit 0
fi
rm -rf .venv
echo "建不了 .venv：请先运行 sudo apt install python3-venv，再来一次。" >&2
exit 1
