"""python -m bench.platform PORT PEOPLE: the twin of WeCom in a process of its own."""

import signal
import sys
from datetime import datetime
from threading import Event
from zoneinfo import ZoneInfo

from bench.envelopes import AGENT, CORP, KEY, SECRET, TOKEN, userid
from server.twin.people import Member
from server.twin.serving import running
from server.twin.world import World

ZONE = ZoneInfo("Asia/Shanghai")


def main(port: int, people: int) -> None:
    stopping = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    world = World(CORP, AGENT, SECRET, TOKEN, KEY, lambda: datetime.now(ZONE))
    world.callback_url = "http://127.0.0.1:9/"  # cards with buttons need one
    world.outgoing.daily_limit = 10**9
    for number in range(people):
        world.add_member(Member(userid(number), f"党员{number}"))
    with running(world, port):
        stopping.wait()


main(int(sys.argv[1]), int(sys.argv[2]))
