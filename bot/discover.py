"""Find what a package offers, so that adding a file is enough to add a feature."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def load(package: ModuleType) -> list[ModuleType]:
    """Import every module of a package and of those in it, in order of their names."""
    found = walk_packages(package.__path__, f"{package.__name__}.")
    return [import_module(name) for name in sorted(each.name for each in found)]


def collect(package: ModuleType, kind: type[T]) -> Iterator[T]:
    """Yield every value of that kind that the package's own modules define, once.

    A module may define many in one tuple.
    """
    seen: set[int] = set()
    for module in load(package):
        for value in vars(module).values():
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, kind) and id(each) not in seen:
                    seen.add(id(each))
                    yield each
