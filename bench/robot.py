"""The smart robot's line beside callbacks: CPU a message, a burst, and coming back."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from statistics import median
from threading import Event
from time import perf_counter

from bench.branch import PEOPLE, fill, write_config
from bench.envelopes import STUDIES, seal_checkins, userid
from bench.figures import Figure
from bench.load import drive
from bench.processes import Served, free_port, serving
from server.twin.robot import Robot, running_robot
from server.twin.robot_chat import Request, Said

AT_ONCE, BURST, EACH = 32, 1000, 5
WARM_UP, TURNS, BREAKS = 200, 3, 9
PATIENCE = 120.0


def measure(folder: Path, now: datetime) -> list[Figure]:
    """Serve both ways in one process; the load goes by one and the other in turn."""
    with running_robot(Robot("bench", "bench-secret", lambda: now)) as robot:
        config = write_config(folder, "http://127.0.0.1:9")
        with config.open("a") as more:
            more.write(
                '\n[aibot]\nbot_id = "bench"\nsecret = "bench-secret"\n'
                f'url = "{robot.line.url}"\n'
            )
        fill(config, now)
        port = free_port()
        words = f"-m server serve --only web --port {port} --config {config}"
        with serving(words.split(), port, folder / "serve.log") as served:
            robot.chats.wait_for(lambda: robot.line.is_up, PATIENCE)
            return [*_take_turns(served, robot, now), *_come_back(robot)]


def _take_turns(served: Served, robot: Robot, now: datetime) -> Iterator[Figure]:
    sealed = seal_checkins(0, WARM_UP + TURNS * BURST, PEOPLE, now).requests
    asked = _check_ins(PEOPLE)
    _Pump(robot, [next(asked) for _ in range(WARM_UP)], AT_ONCE).run()
    drive(served.port, sealed[:WARM_UP], AT_ONCE)
    by_line, by_callback, seconds = [], [], []
    for turn in range(TURNS):
        first = WARM_UP + turn * BURST
        requests = sealed[first : first + BURST]
        before = served.cpu()
        drive(served.port, requests, AT_ONCE)
        between = served.cpu()
        orders = [next(asked) for _ in range(BURST)]
        _Pump(robot, orders, AT_ONCE).run()
        after = served.cpu()
        by_callback.append((between - before) / BURST * 1000)
        by_line.append((after - between) / BURST * 1000)
        few = _check_ins(BURST // EACH, first)
        burst = [next(few) for _ in range(BURST)]
        seconds.append(_Pump(robot, burst, BURST).run())
    callback = median(by_callback)
    yield Figure("CPU of a check-in by callback, c=32", callback, "ms")
    yield Figure("CPU of one over the line, c=32", median(by_line), "ms", callback)
    yield Figure(f"{BURST} at once over the line, in order", median(seconds), "s")


def _check_ins(people: int, first: int = 0) -> Iterator[tuple[str, str]]:
    """Yield who says what, one member after another."""
    for number in count(first):
        text = STUDIES[number % len(STUDIES)].format(number)
        yield userid(number % people), text


def _come_back(robot: Robot) -> Iterator[Figure]:
    took = []
    for _ in range(BREAKS):
        robot.line.drop()
        began = perf_counter()
        robot.say(userid(0), "我的打卡", wait=PATIENCE)
        took.append(perf_counter() - began)
    yield Figure("line cut to first answer, median", median(took), "s", 2)
    yield Figure("line cut to first answer, worst", max(took), "s", 2)


class _Pump:
    """Says all that is to be said, so much at once; each answer calls for the next."""

    def __init__(
        self, robot: Robot, orders: Sequence[tuple[str, str]], at_once: int
    ) -> None:
        self._robot, self._orders, self._at_once = robot, iter(orders), at_once
        self._left, self._over = len(orders), Event()
        self._asked: dict[str, list[str]] = defaultdict(list)
        self._told: dict[str, list[str]] = defaultdict(list)

    def run(self) -> float:
        """Return the seconds that it took. Raises AssertionError for a wrong order."""
        began = perf_counter()
        self._robot.chats.watch = self._hear
        with self._robot.chats.news:
            for _ in range(self._at_once):
                self._say_next()
        if not self._over.wait(PATIENCE):
            raise AssertionError(f"{self._left} were not answered")
        took = perf_counter() - began
        self._robot.chats.watch = lambda _chat, _said: None
        if self._told != self._asked:
            raise AssertionError("somebody was answered out of order")
        return took

    def _say_next(self) -> None:
        if order := next(self._orders, None):
            request: Request = self._robot.tell(*order)
            self._asked[order[0]].append(str(request.body["msgid"]))

    def _hear(self, chat: str, said: Said) -> None:
        if said.from_member or not said.answers or not said.is_finished:
            return
        self._told[chat].append(said.answers)
        self._left -= 1
        self._say_next()
        if not self._left:
            self._over.set()
