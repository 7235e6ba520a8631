"""Find what a package offers, so that adding a file is enough to add a feature."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def load(package: ModuleType) -> list[ModuleType]:
    """Import every module of a package, in the order of their names."""
    names = sorted(found.name for found in iter_modules(package.__path__))
    return [import_module(f"{package.__name__}.{name}") for name in names]


def collect(package: ModuleType, kind: type[T]) -> Iterator[T]:
    """Yield every value of that kind that the package's own modules define, once."""
    seen: set[int] = set()
    for module in load(package):
        for value in vars(module).values():
            if isinstance(value, kind) and id(value) not in seen:
                seen.add(id(value))
                yield value
