"""python -m bench.chaos: the large form of tests/acceptance/test_chaos.py."""

import logging
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from server.monitoring.logs import set_up_logs
from server.twin.serving import running
from tests.acceptance.chaos import Chaos, Plan, make_world
from tests.acceptance.cluster import running_cluster

LARGE = Plan(members=200, rounds=10, kills=4, restarts=2, cut=30)


def main(seed: int) -> int:
    set_up_logs(level=logging.ERROR)
    plan = replace(LARGE, seed=seed)
    with (
        TemporaryDirectory() as folder,
        running_cluster() as cluster,
        running(make_world()) as world,
    ):
        told = Chaos(plan, world, cluster, Path(folder)).run()
    print(
        f"{told.answered} messages answered in {told.tries} tries, {told.letters}"
        f" letters, {told.reminders} reminders, {told.copies} copies on"
        f" {plan.members} phones; {told.killed} processes killed, {told.restarts}"
        f" crashes of the database, {told.seconds:.0f} s"
    )
    for fault in told.faults:
        print("FAULT", fault)
    return 1 if told.faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
