"""Who does long work tells how far it is; whoever listens may end it."""

from dataclasses import dataclass, field

import pytest

from bot import progress
from bot.errors import Stopped
from bot.progress import Step


@dataclass
class Ear:
    """Writes down what it hears; raises Stopped at so much of a step."""

    stops_at: int = -1
    heard: list[tuple[str, int]] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    settled: int = 0

    def hear(self, step: Step) -> None:
        if step.is_inner:
            self.inner.append(step.what)
            return
        self.heard.append((step.what, step.percent))
        if step.done == self.stops_at:
            raise Stopped("")

    def settle(self) -> None:
        self.settled += 1


def test_nobody_need_listen() -> None:
    assert list(progress.each("数", "甲乙")) == ["甲", "乙"]
    progress.settle()


def test_what_is_told() -> None:
    ear = Ear()
    with progress.heard_by(ear):
        assert list(progress.each("数", "甲乙")) == ["甲", "乙"]
        progress.tell("写", 3, 2)
        progress.settle()
    progress.settle()
    assert ear.heard == [("数", 0), ("数", 50), ("数", 100), ("写", 100)]
    assert ear.settled == 1


def test_nothing_to_do_is_done() -> None:
    with progress.heard_by(ear := Ear()):
        assert list(progress.each("数", "")) == []
    assert ear.heard == [("数", 100)]


def test_a_step_within_a_step_is_told_apart() -> None:
    with progress.heard_by(ear := Ear()):
        for _ in progress.each("装", "甲乙"):
            list(progress.each("写", "一二三"))
        list(progress.each("写", "一"))
    assert ear.heard == [
        ("装", 0), ("装", 50), ("装", 100), ("写", 0), ("写", 100),
    ]  # fmt: skip
    assert set(ear.inner) == {"写"}


def test_whoever_listens_may_end_it() -> None:
    with progress.heard_by(Ear(stops_at=1)), pytest.raises(Stopped):
        list(progress.each("数", "甲乙丙"))
    with progress.heard_by(ear := Ear()):
        list(progress.each("数", "甲"))
    assert ear.heard[0] == ("数", 0)
