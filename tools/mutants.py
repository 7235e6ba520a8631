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

Not part of the suite: it takes hours for all, some minutes for a sample. Before the
first, all the tests run once without a change (half an hour); what they ran is kept
(runs.py), and from then on only tests that have changed are run anew. A sample takes as
many of each module; the same seed gives the same sample of the same tree.
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

from asking import HEARD, Asking, Mutant
from runs import KEPT, Runs
from small_changes import Change, find_changes
from trials import run_all

ROOT = Path(__file__).resolve().parent.parent
CONVERSATIONS = "tests/conversations"
PLAY = "tests/test_conversations.py::test_conversation[{}]"
LISTED, EQUIVALENT = (
    ROOT / "tools" / f"mutants-{each}.txt" for each in ("listed", "equivalent")
)
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "__pycache__", "node_modules")


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
    runs = _know(copy, sorted({each for path, _ in mutants for each in listed[path]}))
    asking = Asking(copy, listed, runs, seconds)
    unheard = set[Mutant]()
    with asking.open(mutants):
        for at, mutant in enumerate(mutants, 1):
            began = time.monotonic()
            word = asking.try_one(*mutant)
            seconds = time.monotonic() - began
            _say(f"{at:4} {word:<8}{seconds:4.0f} s  {_describe(*mutant)}")
            if word not in HEARD:
                unheard.add(mutant)
    for seed, sample in samples.items():
        _sum_up(seed, sample, unheard)
    return 1 if unheard else 0


def _know(copy: Path, every: list[str]) -> Runs:
    """Run what is not known yet, and keep what is."""
    runs = Runs.read(ROOT / KEPT)
    if new := runs.unknown(copy, every):
        seen = copy.parent / "seen.json"
        if not run_all(copy, new, seen):
            told = (copy.parent / "told.txt").read_text("utf-8")[-3000:]
            raise SystemExit(f"{told}\nThe tests fail without any change.")
        runs.take(copy, new, **json.loads(seen.read_text("utf-8")))
        runs.write(ROOT / KEPT)
    return runs


def _sum_up(seed: int, sample: list[Mutant], unheard: set[Mutant]) -> None:
    left = [each for each in sample if each in unheard]
    heard = len(sample) - len(left)
    share = 100 * heard / max(len(sample), 1)
    _say(f"\nseed {seed}: {heard} of {len(sample)} were heard ({share:.0f} %). Not:")
    for mutant in left:
        _say(_describe(*mutant))


def _describe(path: str, change: Change) -> str:
    return f"{path}:{change.line} {change.where} | {change.told}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
