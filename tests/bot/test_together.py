"""Threads that share one go: each gets its own outcome, and nobody waits for ever."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from bot.together import MOST, Together, Turn

PATIENCE = 10.0


class Desk:
    """Notes which works were done in one go; holds the first until told."""

    def __init__(self) -> None:
        self.goes: list[int] = []
        self.began, self.go_on = Event(), Event()
        self.together: Together[Desk] = Together(self.do_all)
        self.outcomes: dict[str, object] = {}
        self.threads: list[Thread] = []

    def do_all(self, turns: Sequence[Turn["Desk"]]) -> None:
        self.goes.append(len(turns))
        self.began.set()
        assert self.go_on.wait(PATIENCE)
        for turn in turns:
            turn.do(self.opened)

    @contextmanager
    def opened(self) -> Iterator["Desk"]:
        yield self

    def start(self, name: str, patience: float = PATIENCE) -> Thread:
        def work(desk: Desk) -> str:
            if name.startswith("bad"):
                raise ValueError(name)
            return name

        def run() -> None:
            try:
                self.outcomes[name] = self.together.run(work, patience)
            except (ValueError, TimeoutError) as error:
                self.outcomes[name] = error

        thread = Thread(target=run)
        thread.start()
        self.threads.append(thread)
        return thread

    def wait_for(self, count: int) -> None:
        """Wait until so many works are queued behind the first."""
        while len(self.together._waiting) < count:
            assert all(each.is_alive() for each in self.threads)

    def finish(self) -> None:
        self.go_on.set()
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()


def test_who_comes_meanwhile_shares_the_next_go() -> None:
    desk = Desk()
    desk.start("first")
    assert desk.began.wait(PATIENCE)
    for name in ("one", "bad", "two"):
        desk.start(name)
    desk.wait_for(3)
    desk.finish()
    assert desk.goes == [1, 3]
    error = desk.outcomes.pop("bad")
    assert isinstance(error, ValueError)
    assert desk.outcomes == {"first": "first", "one": "one", "two": "two"}


def test_no_go_is_larger_than_the_most() -> None:
    desk = Desk()
    desk.start("first")
    assert desk.began.wait(PATIENCE)
    names = [f"n{number}" for number in range(MOST + 1)]
    for name in names:
        desk.start(name)
    desk.wait_for(MOST + 1)
    desk.finish()
    assert desk.goes == [1, MOST, 1]
    assert desk.outcomes == {name: name for name in ("first", *names)}


def test_who_waits_too_long_leaves_and_is_not_done() -> None:
    desk = Desk()
    desk.start("first")
    assert desk.began.wait(PATIENCE)
    desk.start("impatient", 0.01).join(PATIENCE)
    assert isinstance(desk.outcomes.pop("impatient"), TimeoutError)
    desk.finish()
    assert (desk.goes, desk.outcomes) == ([1], {"first": "first"})


def test_who_is_being_done_does_not_leave() -> None:
    desk = Desk()
    turn: Turn[Desk] = Turn(lambda _: None)
    turn.taken = True
    desk.together._leave(turn)
    desk.go_on.set()
    with pytest.raises(ValueError, match="bad"):
        desk.together.run(_fail, PATIENCE)


def test_an_error_of_the_whole_is_told_to_all() -> None:
    def fail(turns: Sequence[Turn[Desk]]) -> None:
        raise ValueError("all")

    together: Together[Desk] = Together(fail)
    for _ in range(2):
        with pytest.raises(ValueError, match="all"):
            together.run(_fail, PATIENCE)


def _fail(desk: Desk) -> None:
    raise ValueError("bad")
