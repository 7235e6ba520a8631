"""python -m tests.on_postgres [pytest's words]: run tests on a PostgreSQL of their own.

It lies where temporary files do and ends with the run: in memory (TMPDIR=/dev/shm) the
whole suite takes little longer than on SQLite.
"""

import os
import subprocess
import sys

from tests.acceptance.cluster import running_cluster


def main(words: list[str]) -> int:
    with running_cluster() as cluster:
        where = {**os.environ, "XIANGYANG_TEST_DATABASE": cluster.url}  # noqa: TID251
        command = [sys.executable, "-m", "pytest", *words]
        return subprocess.run(command, env=where, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
