"""Does a change understand anything differently? Each known text, before and after.

    python -m tests.understanding.differences OLD_COMMIT [--texts FILE] [--replies]

Both trees are asked from outside, through `xiangyang ask --dry-run --json -`, as the
secretary and as a member: the labelled set, what the plays' people say, and every
example of a command. Each difference in intent or choices is printed; --replies
compares what is said too. Ends with 1 if there is one.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
SPEAKERS = ("zhaomin", "wangfang")
AT = "2026-03-04T10:00:00+08:00"
ROSTER = """姓名,账号,支部,小组,职务,入党日期
赵敏,zhaomin,示范党支部,第一党小组,书记,2011-07-01
王芳,wangfang,示范党支部,第一党小组,,2015-06-30
李伟,liwei,示范党支部,第二党小组,组织委员,2009-03-06
陈静,chenjing,示范党支部,第二党小组,,2019-12-01
刘洋,liuyang,示范党支部,第一党小组,,2020-05-04
"""
SETTINGS = """[database]
url = "sqlite:///{folder}/branch.db"
[branch]
name = "示范党支部"
secretaries = ["zhaomin"]
"""
PROGRAM = "import sys; from server.cli import main; sys.argv[0] = 'xiangyang'; main()"


@dataclass(frozen=True)
class Difference:
    speaker: str
    text: str
    before: str
    after: str


def known_texts() -> list[str]:
    """List the labelled set, what is said in the plays, and all examples, once each."""
    return list(dict.fromkeys(filter(None, map(str.strip, _texts()))))


def _texts() -> Iterator[str]:
    labelled = ROOT / "tests/understanding/labelled.tsv"
    for line in labelled.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.rpartition("\t")[2]
    for play in sorted((ROOT / "tests/conversations").glob("*.txt")):
        for line in play.read_text("utf-8").splitlines():
            speaker, mark, said = line.partition("> ")
            yield said if mark and speaker and speaker != " bot" else ""
    for phrases in sorted((ROOT / "handlers").rglob("*.phrases")):
        for line in phrases.read_text("utf-8").splitlines():
            if not line.startswith(("#", "[", "<")):
                yield line.removeprefix("= ").removeprefix("! ")


class Tree:
    """A checkout that is asked, with a branch of its own."""

    def __init__(self, code: Path, folder: Path) -> None:
        self._code = code
        self._settings = folder / "config.toml"
        self._settings.write_text(SETTINGS.format(folder=folder), "utf-8")
        roster = folder / "roster.csv"
        roster.write_text(ROSTER, "utf-8")
        self._run("db", "upgrade")
        self._run("members", "import", str(roster))

    def ask(self, speaker: str, texts: Iterable[str]) -> list[Mapping[str, object]]:
        options = ("--as", speaker, "--at", AT, "--dry-run", "--json", "-")
        told = self._run("ask", *options, said="\n".join(texts))
        return [json.loads(line) for line in told.splitlines()]

    def _run(self, *arguments: str, said: str = "") -> str:
        command = [sys.executable, "-c", PROGRAM, *arguments]
        done = subprocess.run(
            [*command, "--config", str(self._settings)],
            input=said,
            text=True,
            capture_output=True,
            cwd=self._code,
            env=os.environ | {"PYTHONPATH": str(self._code)},  # noqa: TID251
            check=False,
        )
        if done.returncode:
            raise SystemExit(done.stderr or done.stdout)
        return done.stdout


def compare(
    old: Tree, new: Tree, texts: list[str], *, replies: bool
) -> Iterator[Difference]:
    fields = ("intent", "choices", "changed", *(("reply",) if replies else ()))
    for speaker in SPEAKERS:
        with ThreadPoolExecutor() as pool:
            asked = [pool.submit(each.ask, speaker, texts) for each in (old, new)]
        before, after = (each.result() for each in asked)
        for text, *both in zip(texts, before, after, strict=True):
            was, now = (" ".join(str(each[name]) for name in fields) for each in both)
            if was != now:
                yield Difference(speaker, text, was, now)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit", help="the commit to compare with")
    parser.add_argument("--texts", type=Path, help="a file with a text a line instead")
    parser.add_argument("--replies", action="store_true", help="what is said as well")
    given = parser.parse_args()
    texts = known_texts()
    if given.texts:
        texts = given.texts.read_text("utf-8").split("\n")
        texts = list(dict.fromkeys(filter(None, map(str.strip, texts))))
    with TemporaryDirectory() as folder:
        code, ours, theirs = (
            Path(folder) / name for name in ("code", "ours", "theirs")
        )
        subprocess.run(
            ["git", "worktree", "add", "-q", "--detach", str(code), given.commit],
            cwd=ROOT,
            check=True,
        )
        try:
            ours.mkdir()
            theirs.mkdir()
            trees = Tree(code, theirs), Tree(ROOT, ours)
            found = list(compare(*trees, texts, replies=given.replies))
        finally:
            gone = ["git", "worktree", "remove", "--force", str(code)]
            subprocess.run(gone, cwd=ROOT, check=True)
    for each in found:
        print(f"{each.speaker}: {each.text}\n  - {each.before}\n  + {each.after}")  # noqa: T201
    print(f"{len(texts)} texts, {len(SPEAKERS)} speakers, {len(found)} differences")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
