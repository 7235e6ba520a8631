"""Ask the tests whether they hear small changes.

    make mutants MUTANTS='--number 100 --seed 1 --only outbox'

A small change is put into a module that claims, counts, rations, dates or decides
rights, in a copy of the tree and never in the tree itself; then the tests that should
hear it are run (mutants-listed.txt says which modules, and which tests for each). One
of them fails: the change was heard. All pass: either the change means nothing, or a
test is missing. What no listed test runs at all is not heard either.

How to read it. An unheard change is told with file:line, the function and what was
changed. Ask what a member or secretary would see of it:
- something wrong: write the test that fails under it. Mostly the fixture holds one such
  thing only, and a second one (another channel, a namesake, one already settled) does.
- nothing, and the code could be shorter by it: make it shorter.
- nothing, as with a limit that only saves work: a line in mutants-equivalent.txt, with
  the reason. Such a change is not put in again.

Not part of the suite: it takes hours for all, some minutes for a sample. A sample takes
as many of each module; the same seed gives the same sample of the same tree.
"""

import argparse
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, zip_longest
from pathlib import Path
from random import Random

from hearing import UNDER_COVERAGE, Hearing
from small_changes import Change, find_changes

ROOT = Path(__file__).resolve().parent.parent
CONVERSATIONS = "tests/conversations"
PLAY = "tests/test_conversations.py::test_conversation[{}]"
LISTED, EQUIVALENT = (
    ROOT / "tools" / f"mutants-{each}.txt" for each in ("listed", "equivalent")
)
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "__pycache__", "node_modules")
TOLD = "told.txt"
MEMORY = 4 << 30  # a change can make a loop endless
QUIETLY = "-x -q -n 0 -p no:randomly -p no:cacheprovider --hypothesis-seed=0"


def main() -> int:
    """Put in what was asked for; 1 if something was not heard."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and tidy up
    asked = _read_words()
    listed = _read_list()
    if asked.only:
        listed = {path: listed[path] for path in listed if asked.only in path}
    equivalent = _read_equivalent()
    mutants = _sample(listed, equivalent, asked.seed, asked.number)
    if asked.list:
        for path, change in mutants:
            _say(_describe(path, change))
        return 0
    with _copy_of_tree() as copy:
        return _try_all(copy, listed, mutants, asked.seconds)


def _read_words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--number", type=int, default=0, help="so many; 0: all")
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    parser.add_argument("--only", default="", help="modules with this in their path")
    parser.add_argument("--seconds", type=float, default=180, help="for one change")
    parser.add_argument("--list", action="store_true", help="tell, do not try")
    return parser.parse_args()


def _read_list() -> dict[str, list[str]]:
    """Read the modules, and for each what should hear it."""
    lines = (line.split() for line in _lines(LISTED))
    return {path: list(_name_plays(tests)) for path, *tests in lines}


def _lines(file: Path) -> list[str]:
    lines = file.read_text("utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def _name_plays(tests: Iterable[str]) -> Iterator[str]:
    for each in tests:
        if each.endswith(".txt"):
            for script in sorted(ROOT.joinpath(CONVERSATIONS).glob(each)):
                yield PLAY.format(script.stem)
        else:
            yield each


def _read_equivalent() -> set[tuple[str, str, str]]:
    """Read the changes that mean nothing: path ||| function ||| change ||| reason."""
    found = set()
    for line in _lines(EQUIVALENT):
        path, where, told, reason = (each.strip() for each in line.split("|||"))
        assert reason, line
        found.add((path, where, told))
    return found


def _sample(
    listed: dict[str, list[str]],
    equivalent: set[tuple[str, str, str]],
    seed: int,
    number: int,
) -> list[tuple[str, Change]]:
    """Choose changes of all modules in turn; told module by module."""
    columns = []
    for path in listed:
        found = [
            (path, change)
            for change in find_changes((ROOT / path).read_bytes())
            if (path, change.where, change.told) not in equivalent
        ]
        Random(f"{seed} {path}").shuffle(found)
        columns.append(found)
    Random(seed).shuffle(columns)
    in_turn = [each for each in chain(*zip_longest(*columns)) if each]
    return sorted(
        in_turn[: number or None],
        key=lambda each: (each[0], each[1].start, each[1].told),
    )


@contextmanager
def _copy_of_tree() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
        yield copy


def _try_all(
    copy: Path,
    listed: dict[str, list[str]],
    mutants: list[tuple[str, Change]],
    seconds: float,
) -> int:
    every = sorted({each for path, _ in mutants for each in listed[path]})
    if _is_heard(copy, [*UNDER_COVERAGE, *every], 60 * seconds):
        told = (copy.parent / TOLD).read_text("utf-8")[-3000:]
        raise SystemExit(f"{told}\nThe tests fail without any change.")
    hearing = Hearing(copy)
    unheard: list[tuple[str, Change]] = []
    for at, (path, change) in enumerate(mutants, 1):
        began = time.monotonic()
        tests = _choose(hearing.of_line(path, change.line), listed[path])
        if not (tests or change.where):  # read by no name: a declaration
            tests = listed[path]
        heard = bool(tests) and _is_heard_in(copy, path, change, tests, seconds)
        word = "heard  " if heard else "UNHEARD"
        took = f"{time.monotonic() - began:4.0f} s {len(tests):4} tests"
        _say(f"{at:4} {word} {took}  {_describe(path, change)}")
        if not heard:
            unheard.append((path, change))
    return _sum_up(len(mutants), unheard)


def _choose(running: set[str], listed: list[str]) -> list[str]:
    """Choose the listed ones of the tests that run a line, in the list's order."""
    return [
        test
        for each in listed
        for test in sorted(running)
        if test == each or test.startswith((f"{each}/", f"{each}::"))
    ]


def _sum_up(number: int, unheard: list[tuple[str, Change]]) -> int:
    heard = number - len(unheard)
    share = 100 * heard / max(number, 1)
    _say(f"\n{heard} of {number} were heard ({share:.0f} %). Not heard:")
    for path, change in unheard:
        _say(_describe(path, change))
    return 1 if unheard else 0


def _is_heard_in(
    copy: Path, path: str, change: Change, tests: list[str], seconds: float
) -> bool:
    module = copy / path
    source = module.read_bytes()
    _write(module, change.apply(source))
    try:
        return _is_heard(copy, tests, seconds)
    finally:
        _write(module, source)


def _write(module: Path, source: bytes) -> None:
    """Write a module, and drop what was compiled of it: one second is like another."""
    module.write_bytes(source)
    for compiled in module.parent.glob(f"__pycache__/{module.stem}.*.pyc"):
        compiled.unlink()


def _is_heard(copy: Path, words: list[str], seconds: float) -> bool:
    """Run tests on the copy; whether one failed, or did not come to an end."""
    temporary = copy.parent / "temporary"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    told = (copy.parent / TOLD).open("wb")
    running = subprocess.Popen(
        [sys.executable, "-m", "pytest", *QUIETLY.split(), *words],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "TMPDIR": str(temporary)},
        stdout=told,
        stderr=told,
        start_new_session=True,
        preexec_fn=_bound,
    )
    try:
        return running.wait(seconds) != 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        _end(running)
        told.close()


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _end(running: subprocess.Popen[bytes]) -> None:
    """End the tests and whatever they started."""
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def _describe(path: str, change: Change) -> str:
    return f"{path}:{change.line} {change.where} | {change.told}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
