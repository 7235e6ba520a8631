"""Small changes put into a copy of the tree, and the tests asked that could hear."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hearing import Hearing
from runs import Runs
from small_changes import Change
from trials import CANNOT, FAILED, PASSED, STUCK, Answer, Trials

PLAYS = "tests/test_conversations.py"
HEARD = HEARS, HANGS = "heard", "hangs"
Mutant = tuple[str, Change]


class Asking:
    """Puts changes in one after the other, and asks the tests that run them."""

    def __init__(
        self, copy: Path, listed: dict[str, list[str]], runs: Runs, seconds: float
    ) -> None:
        self._copy, self._listed, self._took = copy, listed, runs.took
        self._hearing, self._seconds = Hearing(copy, runs), seconds
        self._passing = set[str]()
        self._heard_by: dict[tuple[str, str], set[str]] = defaultdict(set)

    @contextmanager
    def open(self, mutants: list[Mutant]) -> Iterator[None]:
        """Let a pytest read the tests that all these need."""
        self._tests = {each: self._tests_of(*each) for each in mutants}
        needed = {test for tests in self._tests.values() for test in tests}
        with Trials(self._copy, _whole_files(needed), self._seconds) as self._trials:
            yield

    def try_one(self, path: str, change: Change) -> str:
        """Say what became of a change: one of HEARD, or what nobody heard."""
        tests = self._tests[path, change]
        if not tests:
            return "UNRUN"
        heard_by = self._heard_by[path, change.where]
        tests.sort(key=lambda each: each not in heard_by)
        with self._put_in(path, change) as before:
            answer = Answer(CANNOT)
            if not self._hearing.is_read(path, change.line):
                answer = self._trials.ask(tests, path, before)
            if answer.word == CANNOT:
                with Trials(self._copy, tests, self._seconds) as trials:
                    answer = trials.ask(tests)
        if answer.word == STUCK:  # by the change, or is it only long?
            return HANGS if self._trials.ask([answer.test]).word == PASSED else "UNSURE"
        if answer.word != FAILED:
            return "UNHEARD"
        self._make_sure(answer.test)
        heard_by.add(answer.test)
        return HEARS

    def _make_sure(self, test: str) -> None:
        """Make sure that a test that fails passes without a change."""
        if "::" in test and test not in self._passing:
            if self._trials.ask([test]).word != PASSED:
                raise SystemExit(f"{test} fails without any change.")
            self._passing.add(test)

    def _tests_of(self, path: str, change: Change) -> list[str]:
        """Name the tests to ask, the nearest and quickest first."""
        running = self._hearing.of_line(path, change.line)
        tests = _choose(running, [*self._listed[path], *_rooms(path)]) or [*running]
        if not (tests or change.where):  # read by no name: a declaration
            tests = list(self._listed[path])
        tests.sort(key=lambda each: (-_nearness(path, each), self._took.get(each, 0)))
        return tests

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


def _whole_files(tests: Iterable[str]) -> list[str]:
    """Name the files of tests, and each play: what pytest is to read."""
    one = PLAYS
    files = (each if one in each else each.partition("::")[0] for each in tests)
    return sorted(set(files))


def _rooms(path: str) -> list[str]:
    """Name the tests of a module's own room, whoever has them listed."""
    room = Path(path).parent
    topic = Path("tests", "handlers", room.name)
    return [f"tests/{room}", str(topic)]


def _nearness(path: str, test: str) -> int:
    """Count the rooms, and the file's name, that a module and a test have in common."""
    return sum(part in test for part in path.removesuffix(".py").split("/"))


def _write(module: Path, source: bytes) -> None:
    """Write a module, and drop what was compiled of it: one second is like another."""
    module.write_bytes(source)
    for compiled in module.parent.glob(f"__pycache__/{module.stem}.*.pyc"):
        compiled.unlink()
