"""Processes die, the database crashes, the network fails: nothing lost, nothing twice.

The small form; `python -m bench.chaos` is the large one.
"""

from pathlib import Path

from server.twin.serving import running
from tests.acceptance.chaos import Chaos, Plan, make_world
from tests.acceptance.cluster import running_cluster

SMALL = Plan(members=12, rounds=2, kills=2)


def test_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    with running_cluster() as cluster, running(make_world()) as world:
        told = Chaos(SMALL, world, cluster, tmp_path).run()
    assert told.faults == []
    assert told.killed == SMALL.rounds * SMALL.kills
    assert told.restarts == 1
    assert told.reminders == 2 * SMALL.members
