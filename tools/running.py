"""A plugin of pytest: which test runs which function of the house, written to a file.

    python -m pytest -p running tests/bot/outbox

Each function tells its name as it begins, in whatever thread; a tracer would see more,
and take as long as the tests themselves.
"""

import ast
import builtins
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from house import HOUSE, functions_of
from runs import READING

RAN = "MUTANTS_RAN"
SAYS = "__runs_of_mutants__"


class _Seen:
    """What was run by whom, and how long each test took (seconds)."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ran: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._took: dict[str, float] = defaultdict(float)
        self._now: set[tuple[str, str]] = self._ran[READING]

    def __call__(self, path: str, name: str) -> None:
        self._now.add((path, name))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._now = self._ran[item.nodeid]
        done = yield
        self._now = self._ran[READING]
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._took[report.nodeid] += report.duration

    def pytest_sessionfinish(self) -> None:
        ran: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for test, functions in self._ran.items():
            for path, name in functions:
                ran[path][name].append(test)
        seen = {"ran": ran, "took": self._took}
        self._file.write_text(json.dumps(seen), "utf-8")


class _Loader(SourceFileLoader):
    """Reads a module of the house so that its functions tell their names."""

    def source_to_code(  # type: ignore[override]  # as the interpreter calls it
        self, data: bytes, path: str, *, _optimize: int = -1
    ) -> CodeType:
        tree = ast.parse(data, path)
        here = Path(path).relative_to(Path.cwd())
        for name, function in functions_of(tree):
            says = ast.parse(f"{SAYS}({str(here)!r}, {name!r})").body
            for node in ast.walk(says[0]):
                if isinstance(node, ast.expr | ast.stmt):
                    ast.copy_location(node, function.body[0])
            after = 1 if ast.get_docstring(function) is not None else 0
            function.body[after:after] = says
        code: CodeType = compile(tree, path, "exec", dont_inherit=True)
        return code


class _Finder:
    """Finds the house's modules where they are, to be read by _Loader."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        if name.partition(".")[0] not in HOUSE:
            return None
        for finder in sys.meta_path:
            if finder is _Finder:
                continue
            if spec := finder.find_spec(name, path, target):
                if type(spec.loader) is SourceFileLoader:
                    spec.loader = _Loader(spec.loader.name, spec.loader.path)
                return spec
        return None


def _begin(file: str) -> _Seen:
    """Begin before any module of the house is read; write none of it compiled."""
    seen = _Seen(Path(file))
    setattr(builtins, SAYS, seen)
    sys.dont_write_bytecode = True
    sys.meta_path.insert(0, _Finder)
    return seen


# As this is read: before pytest_configure is called, a conftest reads half the house.
_SEEN = _begin(os.environ[RAN]) if RAN in os.environ else None


def pytest_configure(config: pytest.Config) -> None:
    if _SEEN:
        config.pluginmanager.register(_SEEN)
