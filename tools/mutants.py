"""Ask the tests whether they hear small changes.

    make mutants MUTANTS='--number 100 --seed 1 --only outbox'

A small change is put into a module that claims, counts, rations, dates or decides
rights, in a copy of the tree and never in the tree itself; then the tests that should
hear it are run (mutants-listed.txt says which modules, and which tests for each). One
of them fails: the change was heard. All pass: either the change means nothing, or a
test is missing. What no listed test runs at all is not heard either. A test that comes
to no end hears the change if it comes to one without it; else nobody knows ("UNSURE").

How to read it. An unheard change is told with file:line, the function and what was
changed. Ask what a member or secretary would see of it:
- something wrong: write the test that fails under it. Mostly the fixture holds one such
  thing only, and a second one (another channel, a namesake, one already settled) does.
- nothing, and the code could be shorter by it: make it shorter.
- nothing, as with a limit that only saves work: a line in mutants-equivalent.txt, with
  the reason. Such a change is not put in again.

Not part of the suite: it takes hours for all, some minutes for a sample, most of them
for one run of all the tests without a change. A sample takes as many of each module;
the same seed gives the same sample of the same tree.
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, zip_longest
from pathlib import Path
from random import Random

from hearing import UNDER_COVERAGE, Hearing
from small_changes import Change, find_changes
from trials import CANNOT, FAILED, PASSED, STUCK, Answer, Trials, run_all

ROOT = Path(__file__).resolve().parent.parent
CONVERSATIONS = "tests/conversations"
PLAY = "tests/test_conversations.py::test_conversation[{}]"
LISTED, EQUIVALENT = (
    ROOT / "tools" / f"mutants-{each}.txt" for each in ("listed", "equivalent")
)
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "__pycache__", "node_modules")
HEARD = HEARS, HANGS = "heard", "hangs"
Mutant = tuple[str, Change]


def main() -> int:
    """Put in what was asked for; 1 if something was not heard."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and tidy up
    asked = _read_words()
    listed = _read_list()
    if asked.only:
        listed = {path: listed[path] for path in listed if asked.only in path}
    equivalent = read_equivalent()
    samples = {
        seed: _sample(listed, equivalent, seed, asked.number)
        for seed in asked.seed or [1]
    }
    if asked.list:
        for path, change in chain(*samples.values()):
            _say(_describe(path, change))
        return 0
    with _copy_of_tree() as copy:
        return _try_all(copy, listed, samples, asked.seconds)


def _read_words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--number", type=int, default=0, help="so many; 0: all")
    parser.add_argument(
        "--seed", type=int, action="append", help="which sample; once for each"
    )
    parser.add_argument("--only", default="", help="modules with this in their path")
    parser.add_argument("--seconds", type=float, default=90, help="for one test")
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


def read_equivalent() -> set[tuple[str, str, str]]:
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
) -> list[Mutant]:
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
    samples: dict[int, list[Mutant]],
    seconds: float,
) -> int:
    mutants = sorted(
        {each for sample in samples.values() for each in sample},
        key=lambda each: (each[0], each[1].start, each[1].told),
    )
    every = sorted({each for path, _ in mutants for each in listed[path]})
    took = copy.parent / "took.json"
    if not run_all(copy, [*UNDER_COVERAGE, *every], took):
        told = (copy.parent / "told.txt").read_text("utf-8")[-3000:]
        raise SystemExit(f"{told}\nThe tests fail without any change.")
    trial = Trial(copy, listed, json.loads(took.read_text("utf-8")), seconds)
    unheard = set[Mutant]()
    with trial.open(every):
        for at, mutant in enumerate(mutants, 1):
            began = time.monotonic()
            word = trial.try_one(*mutant)
            seconds = time.monotonic() - began
            _say(f"{at:4} {word:<8}{seconds:4.0f} s  {_describe(*mutant)}")
            if word not in HEARD:
                unheard.add(mutant)
    for seed, sample in samples.items():
        _sum_up(seed, sample, unheard)
    return 1 if unheard else 0


class Trial:
    """Puts changes in one after the other, and asks the tests that run them."""

    def __init__(
        self,
        copy: Path,
        listed: dict[str, list[str]],
        took: dict[str, float],
        seconds: float,
    ) -> None:
        self._copy, self._listed, self._took = copy, listed, took
        self._hearing, self._seconds = Hearing(copy), seconds

    @contextmanager
    def open(self, every: list[str]) -> Iterator[None]:
        with Trials(self._copy, every, self._seconds) as self._trials:
            yield

    def try_one(self, path: str, change: Change) -> str:
        """Say what became of a change: one of HEARD, or what nobody heard."""
        running = self._hearing.of_line(path, change.line)
        tests = _choose(running, [*self._listed[path], *_rooms(path)]) or [*running]
        if not (tests or change.where):  # read by no name: a declaration
            tests = list(self._listed[path])
        if not tests:
            return "UNRUN"
        tests.sort(key=lambda each: (-_nearness(path, each), self._took.get(each, 0)))
        with self._put_in(path, change) as before:
            answer = Answer(CANNOT)
            if not self._hearing.is_read(path, change.line):
                answer = self._trials.ask(tests, path, before)
            if answer.word == CANNOT:
                with Trials(self._copy, tests, self._seconds) as trials:
                    answer = trials.ask(tests)
        if answer.word == STUCK:  # by the change, or is it only long?
            return HANGS if self._trials.ask([answer.test]).word == PASSED else "UNSURE"
        return HEARS if answer.word == FAILED else "UNHEARD"

    @contextmanager
    def _put_in(self, path: str, change: Change) -> Iterator[str]:
        module = self._copy / path
        source = module.read_bytes()
        _write(module, change.apply(source))
        try:
            yield source.decode()
        finally:
            _write(module, source)


def _choose(running: set[str], listed: list[str]) -> list[str]:
    """Choose the listed ones of the tests that run a line, in the list's order."""
    chosen = (
        test
        for each in listed
        for test in sorted(running)
        if test == each or test.startswith((f"{each}/", f"{each}::"))
    )
    return list(dict.fromkeys(chosen))


def _rooms(path: str) -> list[str]:
    """Name the tests of a module's own room, whoever has them listed."""
    room = Path(path).parent
    topic = Path("tests", "handlers", room.name)
    return [f"tests/{room}", str(topic)]


def _nearness(path: str, test: str) -> int:
    """Count the rooms, and the file's name, that a module and a test have in common."""
    return sum(part in test for part in path.removesuffix(".py").split("/"))


def _sum_up(seed: int, sample: list[Mutant], unheard: set[Mutant]) -> None:
    left = [each for each in sample if each in unheard]
    heard = len(sample) - len(left)
    share = 100 * heard / max(len(sample), 1)
    _say(f"\nseed {seed}: {heard} of {len(sample)} were heard ({share:.0f} %). Not:")
    for mutant in left:
        _say(_describe(*mutant))


def _write(module: Path, source: bytes) -> None:
    """Write a module, and drop what was compiled of it: one second is like another."""
    module.write_bytes(source)
    for compiled in module.parent.glob(f"__pycache__/{module.stem}.*.pyc"):
        compiled.unlink()


def _describe(path: str, change: Change) -> str:
    return f"{path}:{change.line} {change.where} | {change.told}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
