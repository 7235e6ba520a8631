"""Install what a lock names, and this project, into .venv; and say how far that is.

    python tools/install.py requirements.lock

One line that is written over at a terminal; elsewhere a line at the beginning. What pip
says is shown where it fails.
"""

import re
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install")
FETCHING = re.compile(r"^(?:Collecting|Processing) (?:\S*/)?(\S+?)(?:==|-\d)")
FAILED = "没有装成，下面是 pip 说的；多半是网络不通，修好以后再运行一次就行："
STOPPED = "已停下；再运行一次会接着装。"
LAST_LINES = 30


def main(lock: str) -> int:
    pinned = re.findall(r"^[\w.-]+==", Path(lock).read_text("utf-8"), re.MULTILINE)
    say(f"装依赖（{lock}，{len(pinned)} 个包；只有第一次要等几分钟）……\n")
    heard: deque[str] = deque(maxlen=LAST_LINES)
    try:
        code = install(heard, len(pinned), "--require-hashes", "-r", lock)
        if code == 0:
            own = ("--no-deps", "--no-build-isolation", "--editable", ".")
            code = install(heard, 0, *own)
    except KeyboardInterrupt:
        show("")
        say(f"{STOPPED}\n")
        return 130
    show("")
    say(f"{FAILED}\n{''.join(heard)}" if code else "装好了。\n")
    return code


def install(heard: deque[str], whole: int, *what: str) -> int:
    """Have pip install something, and show how far it is; return how pip ended."""
    pip = subprocess.Popen(
        [*PIP, *what], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    done = 0
    for line in lines_of(pip):
        heard.append(line)
        if found := FETCHING.search(line):
            done += 1
            show(f"下载 {min(done, whole)}/{whole}：{found[1]}")
        elif line.startswith("Installing collected packages"):
            show("安装……")
    return pip.wait()


def lines_of(pip: "subprocess.Popen[str]") -> Iterator[str]:
    assert pip.stdout
    with pip.stdout as said:
        yield from said


def show(text: str) -> None:
    """Write the line that is written over; nowhere but at a terminal."""
    if sys.stderr.isatty():
        say(f"\r\x1b[K{text}")


def say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
