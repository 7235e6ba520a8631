"""A plugin of pytest: what was collected is run when asked, each time in a fork.

    python -m pytest -p trying tests/bot/outbox

Importing the house and collecting the tests takes longer than most changes need to be
heard; here it is done once, and READY is said. A line on ASKED names tests and the
module that was changed since (its text before; the new one lies on the disk); a line on
TOLD answers, see Answer. In the fork the changed functions get their new code. What is
more than a function's code (a declaration, a default, a decorator) was done when the
module was read: "cannot", it needs a pytest of its own.
"""

import gc
import json
import os
import select
import signal
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from inspect import CO_NEWLOCALS
from pathlib import Path
from types import CodeType, FunctionType
from typing import IO, Any

import pytest

ASKED, TOLD = "MUTANTS_ASKED", "MUTANTS_TOLD"
READY = "ready"
FAILED, PASSED, STUCK, CANNOT = "failed", "passed", "stuck", "cannot"
CODES = {0: PASSED, 4: CANNOT}
Shape = tuple[Any, ...]


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Answer until nobody asks."""
    with (
        os.fdopen(int(os.environ[ASKED]), encoding="utf-8") as asked,
        os.fdopen(int(os.environ[TOLD]), "w", encoding="utf-8") as told,
    ):
        _tell(told, READY)
        for line in asked:
            question = json.loads(line)
            chosen = _choose(session.items, question["tests"])
            word, at = _run_in_fork(question, chosen)
            _tell(told, word, chosen[at].nodeid)
    return True


def _choose(items: list[pytest.Item], named: list[str]) -> list[pytest.Item]:
    """Choose tests in the order in which they, or their files, are named."""
    by_id: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        for name in (item.nodeid, item.nodeid.partition("::")[0]):
            by_id[name].append(item)
    chosen = [item for name in named for item in by_id.get(name, ())]
    return list(dict.fromkeys(chosen)) or items


def _tell(told: IO[str], word: str, test: str = "") -> None:
    told.write(f"{json.dumps({'word': word, 'test': test})}\n")
    told.flush()


def _run_in_fork(
    question: dict[str, Any], chosen: list[pytest.Item]
) -> tuple[str, int]:
    """Run tests until one fails; return what became of them, and which was the last."""
    seen, begun = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.close(seen)
        _run(question, chosen, begun)
    os.close(begun)
    at, stuck = _watch(seen, question["seconds"])
    os.close(seen)
    if stuck:
        _end(child)
    _, status = os.waitpid(child, 0)
    _end(child)
    code = os.waitstatus_to_exitcode(status)
    return (STUCK if stuck else CODES.get(code, FAILED)), max(at, 0)


def _end(child: int) -> None:
    """End a fork, or what it started and left."""
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)


def _watch(seen: int, seconds: float) -> tuple[int, bool]:
    """Count the tests that begin; tell if one of them does not come to an end."""
    at = -1
    while select.select([seen], [], [], seconds)[0]:
        begun = os.read(seen, 1)
        if not begun:
            return at, False
        at += 1
    return at, True


def _run(question: dict[str, Any], chosen: list[pytest.Item], begun: int) -> None:
    code = 1
    try:
        code = 0 if _put_in(question) else 4
        for item, following in zip(chosen, [*chosen[1:], None], strict=True):
            if code:
                break
            os.write(begun, b".")
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            code = min(item.session.testsfailed, 1)
    finally:
        os._exit(code)


# --- new code for functions that are there


def _put_in(question: dict[str, Any]) -> bool:
    """Give the changed functions their new code; whether that was all of the change."""
    if not question["path"]:
        return True
    path = str(Path.cwd() / question["path"])
    before = _codes_by_name(question["before"], path)
    after = _codes_by_name(Path(path).read_text("utf-8"), path)
    changed = {
        name
        for name in before.keys() | after.keys()
        if [*map(_shape, before[name])] != [*map(_shape, after[name])]
    }
    outermost = {each.partition(".<locals>")[0] for each in changed}
    if not all(_is_function(before[each]) for each in outermost):
        return False
    gc.unfreeze()  # what is frozen is not told of
    living = [
        each
        for each in gc.get_objects()
        if isinstance(each, FunctionType) and each.__code__.co_filename == path
    ]
    gc.freeze()
    return all(_renew(living, each, after) for each in outermost)


def _renew(
    living: list[FunctionType], name: str, after: dict[str, list[CodeType]]
) -> bool:
    """Renew a function, and what it made of itself before; whether it was there."""
    renewed = False
    for each in living:
        own = each.__code__.co_qualname
        if own == name or own.startswith(f"{name}.<locals>"):
            if len(after[own]) != 1:
                return False
            if len(each.__code__.co_freevars) != len(after[own][0].co_freevars):
                return False
            each.__code__ = after[own][0]
            renewed = renewed or own == name
    return renewed


def _codes_by_name(source: str, path: str) -> dict[str, list[CodeType]]:
    found: dict[str, list[CodeType]] = defaultdict(list)
    for code in _codes(compile(source, path, "exec", dont_inherit=True)):
        found[code.co_qualname].append(code)
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


def _shape(code: CodeType) -> Shape:
    """Return what a code does, without its lines and what is defined inside."""
    constants = [
        "code" if isinstance(each, CodeType) else (type(each), each)
        for each in code.co_consts
    ]
    variables = code.co_varnames, code.co_freevars, code.co_cellvars
    return code.co_code, code.co_names, variables, constants


def _is_function(codes: list[CodeType]) -> bool:
    return (
        len(codes) == 1
        and bool(codes[0].co_flags & CO_NEWLOCALS)
        and "<" not in codes[0].co_qualname
    )
