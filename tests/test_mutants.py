"""The script behind `make mutants`: what it changes, and what it leaves alone."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "tools" / "mutants.py"

SOURCE = """
LIMIT = 500

def pick(rows, now):
    if not rows:
        return None
    held = select(Row).where(Row.due <= now, Row.channel == "a")
    return min(each for each in held if each.due + LIMIT > now and each.open)
"""
CHANGES = """
500 → 501
500 → 499
never: if not rows: … return None
not rows → rows
select(Row).where(Row.due <= now, Row.channel == 'a'): without Row.due <= now
select(Row).where(Row.due <= now, Row.channel == 'a'): without Row.channel == 'a'
Row.due <= now → Row.due < now
Row.channel == 'a' → Row.channel != 'a'
min → max
each.due + LIMIT > now and each.open: without each.due + LIMIT > now
each.due + LIMIT > now and each.open: without each.open
each.due + LIMIT > now → each.due + LIMIT >= now
each.due + LIMIT → each.due - LIMIT
"""
TELL = """
import sys
from small_changes import find_changes
for each in find_changes(sys.stdin.buffer.read()):
    print(each.told)
"""


def run(*words: str, text: str = "", folder: Path = ROOT) -> str:
    ran = subprocess.run(
        [sys.executable, *words],
        input=text,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return ran.stdout


def test_each_kind_of_change() -> None:
    told = run("-c", TELL, text=SOURCE, folder=SCRIPT.parent).splitlines()
    assert set(CHANGES.strip().splitlines()) <= set(told)


def test_a_sample_is_the_same_each_time_and_even() -> None:
    words = (str(SCRIPT), "--list", "--only", "outbox", "--number", "20")
    sample = run(*words, "--seed", "7")
    assert sample == run(*words, "--seed", "7") != run(*words, "--seed", "8")
    modules = [line.partition(":")[0] for line in sample.splitlines()]
    assert len(modules) == 20
    assert max(modules.count(each) for each in modules) <= 2


def test_what_is_listed_is_there() -> None:
    listed = SCRIPT.with_name("mutants-listed.txt").read_text("utf-8")
    for line in listed.splitlines()[2:]:
        module, *tests = line.split()
        assert ROOT.joinpath(module).exists(), module
        for each in tests:
            play = f"tests/conversations/{each}"
            assert list(ROOT.glob(play if each.endswith(".txt") else each)), each
