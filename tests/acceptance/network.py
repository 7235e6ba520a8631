"""Two machines and what they share, each in a network namespace of its own.

    one ───┐
           hub     the hub has the database, WeCom, and whoever plays
    two ───┘

Nothing outside the three namespaces is touched. Entering one concerns the thread that
enters, and the threads, processes and sockets it makes meanwhile.
"""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.programs import need

HUB = "198.18.0.1"  # of the block that is set aside for trying out networks (RFC 2544)
NETWORK = "198.18.0.0/16"
CLONE_NEWNET = 0x40000000
UNTRIED = "two machines"


@dataclass(frozen=True)
class Machine:
    """A namespace that reaches the hub through a cable of its own."""

    name: str
    hub: str
    number: int

    @property
    def address(self) -> str:
        return f"198.18.{self.number}.2"

    @property
    def cable(self) -> str:
        """The hub's end of it."""
        return f"cable{self.number}"

    def connect(self) -> None:
        gate = f"198.18.{self.number}.1"
        far = ("peer", "name", "eth0", "netns", self.name)
        _ip("-n", self.hub, "link", "add", self.cable, "type", "veth", *far)
        _ip("-n", self.hub, "address", "add", f"{gate}/30", "dev", self.cable)
        _ip("-n", self.name, "address", "add", f"{self.address}/30", "dev", "eth0")
        _ip("-n", self.name, "link", "set", "eth0", "up")
        self.plug()
        _ip("-n", self.name, "route", "add", "default", "via", gate)

    def plug(self) -> None:
        _ip("-n", self.hub, "link", "set", self.cable, "up")

    def cut(self) -> None:
        """Pull the cable: nobody is told, what is sent is lost."""
        _ip("-n", self.hub, "link", "set", self.cable, "down")


@contextmanager
def two_machines() -> Iterator[tuple[Machine, Machine]]:
    """Make them and stay in the hub; skip where namespaces may not be made."""
    need("ip", UNTRIED)
    hub = f"xiangyang-{os.getpid()}-hub"
    one, two = (Machine(f"xiangyang-{os.getpid()}-{n}", hub, n) for n in (1, 2))
    with ExitStack() as stack:
        for name in (hub, one.name, two.name):
            stack.enter_context(_namespace(name))
        _ip("-n", hub, "address", "add", f"{HUB}/32", "dev", "lo")
        for machine in (one, two):
            machine.connect()
        with inside(hub):
            yield one, two


@contextmanager
def inside(name: str) -> Iterator[None]:
    """Be in a namespace until the block is left."""
    with (
        Path("/proc/thread-self/ns/net").open("rb") as before,
        Path("/run/netns", name).open("rb") as there,
    ):
        _enter(there.fileno())
        try:
            yield
        finally:
            _enter(before.fileno())


@contextmanager
def _namespace(name: str) -> Iterator[None]:
    made = subprocess.run(
        ["ip", "netns", "add", name], capture_output=True, check=False, encoding="utf-8"
    )
    if made.returncode:  # no tool mends that: not in an unprivileged container
        pytest.skip(f"{UNTRIED} not checked: NO RIGHT TO MAKE ONE: {made.stderr}")
    try:
        _ip("-n", name, "link", "set", "lo", "up")
        yield
    finally:
        _ip("netns", "delete", name)


def _enter(namespace: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=10)
