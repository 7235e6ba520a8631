"""Which test runs which function: seen once (running.py), and kept.

What is kept lies in the tree (KEPT, not in git). A test whose file has changed since is
run anew, alone; a function is known by its name, wherever it has moved in its module,
and a new one is taken as run by whoever runs anything of the module.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

KEPT = ".mutants.json"
READING = ""  # who runs what is run as modules are read
Ran = Mapping[str, Mapping[str, Iterable[str]]]


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

    def take(
        self, tree: Path, named: list[str], ran: Ran, took: Mapping[str, float]
    ) -> None:
        """Take over what was seen in a run of these: who ran a module's functions."""
        for names in self._by_module.values():
            for of in names.values():
                of.difference_update([each for each in of if _is_of(each, named)])
        for path, functions in ran.items():
            known = self._by_module.setdefault(path, {})
            for name, tests in functions.items():
                known.setdefault(name, set()).update(tests)
        self.took.update(took)
        self._digests |= {each: _digest(tree, each) for each in named}


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
