"""Run a module of ours in a child with limits: what a damaged file may take down."""

import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Crashed(Exception):
    """The child died, failed or took too long."""


def ask_child(module: str, argument: str, content: bytes, seconds: float) -> bytes:
    """Give a child the content on its standard input; return what it printed.

    Raises Crashed.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-m", module, argument],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            timeout=seconds,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise Crashed(module) from error
    return child.stdout


def limit_self(memory: int, seconds: int) -> None:
    """Limit this process, a child, to so many bytes and seconds of computing."""
    for kind, wanted in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
    ):
        _, allowed = resource.getrlimit(kind)
        limit = wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)
        resource.setrlimit(kind, (limit, limit))
