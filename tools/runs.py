"""Which test runs which function: counted once under coverage, and kept.

What is kept lies in the tree (KEPT, not in git). A test whose file has changed since is
run anew, alone; a function is known by its name, wherever it has moved in its module,
and a new one is taken as run by whoever runs anything of the module.
"""

import ast
import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from coverage import CoverageData

HOUSE = ("bot", "handlers", "scheduler", "server")
KEPT = ".mutants.json"
READING = ""  # who runs what is run as modules are read
Function = ast.FunctionDef


class Runs:
    """Who runs what, how long each takes (seconds), and of which text that is known."""

    def __init__(self) -> None:
        self._by_module: dict[str, dict[str, set[str]]] = {}
        self.took: dict[str, float] = {}
        self._digests: dict[str, str] = {}

    @classmethod
    def read(cls, file: Path) -> "Runs":
        """Read what was kept; nothing, if nothing was."""
        runs = cls()
        if file.exists():
            kept = json.loads(file.read_text("utf-8"))
            tests = kept["tests"]
            runs._by_module = {
                path: {name: {tests[at] for at in of} for name, of in names.items()}
                for path, names in kept["by_module"].items()
            }
            runs.took, runs._digests = kept["took"], kept["digests"]
        return runs

    def write(self, file: Path) -> None:
        tests = sorted(self.all())
        at = {test: number for number, test in enumerate(tests)}
        by_module = {
            path: {name: sorted(map(at.__getitem__, of)) for name, of in names.items()}
            for path, names in self._by_module.items()
        }
        kept = {
            "tests": tests,
            "by_module": by_module,
            "took": self.took,
            "digests": self._digests,
        }
        file.write_text(json.dumps(kept), "utf-8")

    def of_function(self, path: str, name: str) -> set[str]:
        """Name who runs a function; of an unknown one, who runs any of its module."""
        names = self._by_module.get(path, {})
        if name in names:
            return names[name]
        return set().union(*names.values()) - {READING}

    def all(self) -> set[str]:
        names = (of for names in self._by_module.values() for of in names.values())
        return set().union(*names)

    def unknown(self, tree: Path, named: Iterable[str]) -> list[str]:
        """Name the files and plays that are new or have changed since they were run."""
        texts = {each: _digest(tree, each) for each in _files(tree, named)}
        return [each for each in texts if self._digests.get(each) != texts[each]]

    def take(self, tree: Path, named: list[str], took: dict[str, float]) -> None:
        """Take over what coverage wrote down in a tree of a run of these."""
        for names in self._by_module.values():
            for of in names.values():
                of.difference_update([each for each in of if _is_of(each, named)])
        data = CoverageData(str(tree / ".coverage"))
        data.read()
        for source in data.measured_files():
            path = Path(source)
            if path.exists() and path.is_relative_to(tree):
                self._add(
                    str(path.relative_to(tree)), path, data.contexts_by_lineno(source)
                )
        self.took |= took
        self._digests |= {each: _digest(tree, each) for each in named}

    def _add(self, name: str, path: Path, contexts: dict[int, list[str]]) -> None:
        known = self._by_module.setdefault(name, {})
        for function, node in functions_of(ast.parse(path.read_text("utf-8"))):
            found = (
                context for line in body(node) for context in contexts.get(line, ())
            )
            of = {context.partition("|")[0] for context in found}
            known.setdefault(function, set()).update(of)


def functions_of(tree: ast.AST, within: str = "") -> Iterator[tuple[str, Function]]:
    """Name the outermost functions of a module, those of a class with its name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield f"{within}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from functions_of(node, f"{within}{node.name}.")
        else:
            yield from functions_of(node, within)


def body(function: Function) -> range:
    return range(function.body[0].lineno, (function.end_lineno or 0) + 1)


def _files(tree: Path, named: Iterable[str]) -> list[str]:
    """Name the files of the folders that are named, and each play."""
    found = dict[str, None]()
    for each in named:
        if tree.joinpath(each).is_dir():
            inside = sorted(tree.joinpath(each).rglob("test_*.py"))
            found |= dict.fromkeys(str(path.relative_to(tree)) for path in inside)
        else:
            found[each] = None
    return list(found)


def _digest(tree: Path, named: str) -> str:
    path, _, play = named.partition("::")
    if play:
        script = play.partition("[")[2].removesuffix("]")
        path = f"tests/conversations/{script}.txt"
    return sha256(tree.joinpath(path).read_bytes()).hexdigest()


def _is_of(test: str, named: list[str]) -> bool:
    return test in named or test.partition("::")[0] in named
