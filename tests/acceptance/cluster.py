"""A PostgreSQL of a test's own, so that it may be killed: in a folder of its own."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.acceptance.programs import free_port

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
MISSING = "NO initdb HERE: A RESTARTED DATABASE WAS NOT TRIED"


@dataclass(frozen=True)
class Cluster:
    folder: Path
    port: int
    owner: str
    host: str

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@{self.host}:{self.port}/postgres"

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses={self.host}"
        options += " -c max_connections=200 -c shared_buffers=32MB"
        self._run(
            "pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start"
        )

    def crash(self) -> None:
        """Stop without a checkpoint, as a power cut does."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def make(self) -> None:
        self._run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")

    def trust(self, network: str) -> None:
        """Let a whole network in without a password: one that only we are on."""
        with (self.folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {network} trust\n")

    def _run(self, tool: str, *arguments: str) -> None:
        command = [str(BINARIES[-1] / tool), "-D", str(self.folder / "data")]
        subprocess.run(
            [*command, *arguments],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self.owner or None,
            timeout=60,
        )


@contextmanager
def running_cluster(
    host: str = "127.0.0.1", network: str = "127.0.0.0/8"
) -> Iterator[Cluster]:
    """Run one; skip, loudly, where PostgreSQL is not installed.

    host: where it listens. network: who may come.
    """
    if not BINARIES:
        if "XIANGYANG_CI" in os.environ:  # noqa: TID251
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    folder = Path(mkdtemp(prefix="xiangyang-cluster-"))
    owner = "postgres" if os.geteuid() == 0 else ""  # it refuses to run as root
    if owner:
        user = pwd.getpwnam(owner)
        os.chown(folder, user.pw_uid, user.pw_gid)
    cluster = Cluster(folder, free_port(), owner, host)
    cluster.make()
    cluster.trust(network)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.crash()
        shutil.rmtree(folder)
