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
    held = zip(rows, rows, strict=True)
    held = select(Row).where(Row.due <= now, Row.channel == "a")
    take_turn(session, "rows", patient=True)
    held = held.limit(1).one() or held.limit(2) or filter(None, rows)
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
without .limit(2)
2 → 3
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
    assert not {"True → False", "1 → 2", "without .limit(1)"} & {*told}
    assert not any("filter" in each and "without None" in each for each in told)


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


FIND = """
import sys
from mutants import ROOT, read_equivalent
from small_changes import find_changes
left = read_equivalent()
for path in {path for path, *_ in left}:
    found = find_changes((ROOT / path).read_bytes())
    left -= {(path, each.where, each.told) for each in found}
print(*left, end="")
"""


def test_what_means_nothing_is_still_there() -> None:
    assert run("-c", FIND, folder=SCRIPT.parent) == ""


HOUSE = """
LIMIT = 3

def count(rows, most=LIMIT):
    found = [each for each in rows if each > 0]
    return min(len(found), most)

def fall(number):
    while number > 0:
        number = number - 1
    return number
"""
ITS_TESTS = """
from house import count, fall

def test_count():
    assert count([0, 1, 1, 1, 1]) == 3

def test_fall():
    assert fall(3) == 0
"""
ITS_START = """
import gc

def pytest_collection_finish():
    gc.freeze()
"""
TRY = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from trials import Trials
house = Path("house.py")
before = house.read_text()
tests = ["test_house.py::test_count", "test_house.py::test_fall"]
with Trials(Path.cwd(), ["test_house.py"], 1.5) as trials:
    for change in sys.argv[2:]:
        house.write_text(before.replace(*change.split(" | ")))
        answer = trials.ask(tests, "house.py", before)
        print(answer.word, answer.test.partition("::")[2])
"""
FOUND = {
    "len(found), most | len(found), 2": "failed test_count",
    "> 0] | >= 0]": "passed test_fall",
    "number - 1 | number + 1": "stuck test_fall",
    "LIMIT = 3 | LIMIT = 4": "cannot test_count",
}


def test_changed_code_is_run_and_what_has_no_end_is_told(tmp_path: Path) -> None:
    """Also where nothing that was read is looked at again for garbage, as in ours."""
    folder = tmp_path / "tree"
    folder.mkdir()
    files = {
        "conftest": ITS_START,
        "house": HOUSE,
        "test_house": ITS_TESTS,
        "try": TRY,
    }
    for name, text in files.items():
        folder.joinpath(f"{name}.py").write_text(text, "utf-8")
    told = run("try.py", str(SCRIPT.parent), *FOUND, folder=folder)
    assert told.splitlines() == [*FOUND.values()]


KINDS = {
    "bot/__init__": "",
    "bot/kinds/__init__": "",
    "bot/kinds/visit": "VISIT = 3",
    "bot/wiring": """
from bot import kinds

def wire():
    return list(collect(kinds, int))
""",
    "bot/counting": """
LIMIT = 3

def count():
    return LIMIT + known()

@cache
def known():
    return _read()

def _read():
    return 1
""",
}
READ = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from hearing import Hearing
from runs import KEPT, Runs
tree = Path.cwd()
ran = {
    "bot/wiring.py": {"wire": ["tests/test_a.py::test_wire"]},
    "bot/counting.py": {
        "known": ["tests/test_a.py::test_first"],
        "_read": ["tests/test_a.py::test_first"],
        "count": ["tests/test_a.py::test_count"],
    },
}
runs = Runs()
"""
ASK = """
runs.take(tree, ["tests/test_a.py"], ran, {})
for path, line in (
    ("bot/kinds/visit.py", 1),
    ("bot/counting.py", 2),
    ("bot/counting.py", 12),
):
    print(*sorted(Hearing(tree, runs).of_line(path, line)))
"""


def told_by(script: str, folder: Path) -> list[str]:
    files = {
        **KINDS,
        "ask": READ + script,
        "tests/test_a": "",
        "tests/test_b": "",
    }
    for name, text in files.items():
        file = folder / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return run("ask.py", str(SCRIPT.parent), folder=folder).splitlines()


COUNT, FIRST, WIRE = (
    f"tests/test_a.py::test_{each}" for each in ("count", "first", "wire")
)


def test_who_hears_what_no_test_runs_by_name(tmp_path: Path) -> None:
    of_kind, of_limit, of_reading = told_by(ASK, tmp_path)
    assert of_kind == f"{COUNT} {FIRST} {WIRE}"
    assert of_limit == COUNT
    assert of_reading == f"{COUNT} {FIRST}", "read once, by whoever was first"


KEEP = """
print(*runs.unknown(tree, ["tests"]))
runs.take(tree, ["tests/test_a.py"], ran, {})
runs.write(tree / KEPT)
counting = tree / "bot/counting.py"
counting.write_text("\\n\\n" + counting.read_text())
runs = Runs.read(tree / KEPT)
print(*runs.unknown(tree, ["tests"]))
print(*Hearing(tree, runs).of_line("bot/counting.py", 7))
tree.joinpath("tests/test_a.py").write_text("changed")
print(*runs.unknown(tree, ["tests"]))
ran = {"bot/counting.py": {"count": ["tests/test_b.py::test_count"]}}
runs.take(tree, ["tests/test_b.py"], ran, {})
print(*sorted(runs.of_function("bot/counting.py", "count")))
ran = {"bot/wiring.py": {"wire": ["tests/test_a.py::test_again"]}}
runs.take(tree, ["tests/test_a.py"], ran, {})
for path, function in (("counting", "count"), ("wiring", "wire"), ("wiring", "new")):
    print(*runs.of_function(f"bot/{path}.py", function))
"""


def test_what_was_run_is_kept_until_its_test_changes(tmp_path: Path) -> None:
    assert told_by(KEEP, tmp_path) == [
        "tests/test_a.py tests/test_b.py",
        "tests/test_b.py",
        COUNT,
        "tests/test_a.py tests/test_b.py",
        f"{COUNT} tests/test_b.py::test_count",
        "tests/test_b.py::test_count",
        "tests/test_a.py::test_again",
        "tests/test_a.py::test_again",
    ]


WATCHED = """
import threading
from bot.counting import count
from bot.wiring import wire

count()

def test_elsewhere():
    thread = threading.Thread(target=count)
    thread.start()
    thread.join()

class Test:
    def test_known_already(self):
        assert count() == 4
"""
WATCH = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from trials import run_all
seen = Path.cwd().parent / "seen.json"
print(run_all(Path.cwd(), ["tests/test_a.py"], seen))
ran = json.loads(seen.read_text())["ran"]
for path, functions in ran.items():
    for name, tests in functions.items():
        print(path, name, *sorted(each.rpartition("::")[2] for each in tests))
"""


def test_each_function_is_seen_with_the_test_that_runs_it(tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    counting = 'def cache(function):\n    "It keeps nothing."\n    return function\n'
    files = {
        **KINDS,
        "bot/counting": counting + KINDS["bot/counting"],
        "watch": WATCH,
        "tests/conftest": "import bot.counting",
        "tests/test_a": WATCHED,
    }
    for name, text in files.items():
        folder.joinpath(f"{name}.py").parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(f"{name}.py").write_text(text, "utf-8")
    told = run("watch.py", str(SCRIPT.parent), folder=folder).splitlines()
    every = " test_elsewhere test_known_already"
    assert sorted(told) == [
        "True",
        f"bot/counting.py _read {every}",
        "bot/counting.py cache ",
        f"bot/counting.py count {every}",
        f"bot/counting.py known {every}",
    ]
