"""The locks hold what any Python from 3.11 on needs, not only the one that made them.

Debian 12 has 3.11.2: a dependency that asks for more there once failed its install.
"""

import re
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==", re.M)


@pytest.mark.parametrize("python", ["3.11.2", "3.12.8", "3.13.5", "3.14.0"])
@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_nothing_is_missing_on(python: str, lock: str) -> None:
    pinned = {canonicalize_name(each) for each in PINNED.findall(read(lock))}
    version = ".".join(python.split(".")[:2])
    there = {
        "python_version": version,
        "python_full_version": python,
        "implementation_version": python,
        "sys_platform": "linux",
        "extra": "",
    }
    missing = {
        f"{name} needs {needed.name}"
        for name in pinned & installed(lock)
        for needed in map(Requirement, distribution(name).requires or ())
        if needed.marker is None or needed.marker.evaluate(there)
        if canonicalize_name(needed.name) not in pinned
    }
    assert missing == set()


def installed(lock: str) -> set[str]:
    """Name what of a lock is here: all but what other systems need."""
    lines = [line for line in read(lock).splitlines() if PINNED.match(line)]
    here = [Requirement(line.rstrip(" \\")) for line in lines]
    return {
        canonicalize_name(each.name)
        for each in here
        if each.marker is None or each.marker.evaluate()
    }


def read(lock: str) -> str:
    return (ROOT / lock).read_text("utf-8")
