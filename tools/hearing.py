"""Which tests could hear a change: by who runs what (runs.py), and by its name.

What is changed in a function is heard by the tests that run it; what is changed in a
module's own lines, or in what is run once and then remembered, by those that run a
function where its name is said, and by the files of tests that say it. What a registry
finds (`discover.collect`) is reached by no name: any test may hear it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from house import HOUSE, Function, functions_of
from runs import READING, Runs


class Hearing:
    """What is said in a tree, and who runs it."""

    def __init__(self, tree: Path, runs: Runs) -> None:
        self._runs = runs
        self._tests = {
            str(path.relative_to(tree)): path.read_text("utf-8")
            for path in tree.joinpath("tests").rglob("test_*.py")
        }
        self._sources = {
            path.relative_to(tree): path.read_text("utf-8")
            for each in HOUSE
            for path in tree.joinpath(each).rglob("*.py")
        }
        self._collected = {
            package
            for source in self._sources.values()
            if "collect(" in source
            for package in _collected(ast.parse(source))
        }

    def of_line(self, path: str, line: int) -> set[str]:
        """Name the tests that could hear a change in a line."""
        tree = ast.parse(self._sources[Path(path)])
        if found := _function_at(tree, line):
            names, tests = _remembered(tree, found[1]), set[str]()
            if found[1].name not in names:
                tests = self._of(path, found[0])
        elif self._collected & {*Path(path).parents}:
            return self._all()
        else:
            names, tests = _names_at(tree, line), set()
        if not names:
            return tests
        said = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
        return tests | self._where_said(said) | self._who_says(said, Path(path).stem)

    def _who_says(self, said: re.Pattern[str], module: str) -> set[str]:
        """Name the files of tests that speak of a module's own lines themselves."""
        said = re.compile(said.pattern, re.IGNORECASE)  # VISIT is the kind "visit"
        return {
            path
            for path, source in self._tests.items()
            if said.search(source) and re.search(rf"\b{module}\b", source)
        }

    def is_read(self, path: str, line: int) -> bool:
        """Tell whether a line runs as modules are read: who read them has its value."""
        found = _function_at(ast.parse(self._sources[Path(path)]), line)
        return not found or READING in self._runs.of_function(path, found[0])

    def _where_said(self, said: re.Pattern[str]) -> set[str]:
        tests = set[str]()
        for path, source in self._sources.items():
            if not said.search(source):
                continue
            tree = ast.parse(source)
            for at, text in enumerate(source.splitlines(), 1):
                if said.search(text) and (found := _function_at(tree, at)):
                    tests |= self._of(str(path), found[0])
        return tests

    def _of(self, path: str, name: str) -> set[str]:
        tests = self._runs.of_function(path, name)
        if READING in tests:  # as a decorator is: by every test
            return self._all()
        return tests

    def _all(self) -> set[str]:
        return self._runs.all() - {READING}


def _collected(tree: ast.Module) -> Iterator[Path]:
    """Name the packages all of whose modules are read for what they define."""
    packages = dict[str, Path]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            above = getattr(node, "module", None)
            for each in node.names:
                dotted = f"{above}.{each.name}" if above else each.name
                packages[each.asname or each.name] = Path(*dotted.split("."))
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name("collect"), args=[ast.Name(name), *_]):
                if name in packages:
                    yield packages[name]


def _function_at(tree: ast.Module, line: int) -> tuple[str, Function] | None:
    """Return the outermost function around a line, and its name."""
    around = (
        (name, each)
        for name, each in functions_of(tree)
        if line in range(each.lineno, (each.end_lineno or each.lineno) + 1)
    )
    return next(around, None)


def _is_once(function: Function) -> bool:
    """Tell whether only the first test of all that ask runs it."""
    names = {ast.unparse(each).partition("(")[0] for each in function.decorator_list}
    return bool(names & {"cache", "lru_cache"})


def _remembered(tree: ast.Module, function: Function) -> set[str]:
    """Name what is run once and then remembered, of a function and who calls it."""
    every = [each for each in tree.body if isinstance(each, Function)]
    said = {
        each.name: {one.id for one in ast.walk(each) if isinstance(one, ast.Name)}
        for each in every
    }
    calling = {function.name}
    while more := {name for name in said if said[name] & calling} - calling:
        calling |= more
    return {each.name for each in every if each.name in calling and _is_once(each)}


def _names_at(tree: ast.Module, line: int) -> set[str]:
    """Name what a module's own line makes, and what is made of that."""
    names = set[str]()
    for node in tree.body:
        made = {
            each.id
            for each in ast.walk(node)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        }
        if isinstance(node, ast.ClassDef):
            made = {node.name}
        said = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        here = node.lineno <= line <= (node.end_lineno or node.lineno)
        if here or (isinstance(node, ast.Assign) and said & names):
            names |= made
    return names
