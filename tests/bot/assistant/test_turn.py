"""Turns side by side: each gets its own answer, round after round."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, cast

from sqlalchemy.orm import Session

from bot.assistant.outcome import Outcome
from bot.assistant.turn import Turn, take_together
from bot.message import Message, Reply
from bot.storage.group_commit import Done, Work

NOBODY = cast("Session", None)


class Desk:
    """Does the works without a database, and notes how many came at once."""

    def __init__(self) -> None:
        self.rounds: list[int] = []

    def share(self, works: Sequence[Work]) -> Sequence[Done]:
        self.rounds.append(len(works))
        return [Done.of(work, lambda: nullcontext(NOBODY)) for work in works]


def turn(text: str) -> Turn:
    """A turn that takes as many tries as its text says; "no" fails each time."""
    return Turn(Message("wecom", "wangfang", text, text=text), lambda *_: Outcome(None))


def work_of(each: Turn) -> Work:
    def work(_: Session) -> Any:
        if each.fault is not None:
            return each.fault
        if each.message.text == "no":
            raise ValueError("no")
        left = int(each.message.text)
        each.message = Message("wecom", "wangfang", each.message.id, text=f"{left - 1}")
        return left

    return work


def settle(each: Turn, done: Done) -> None:
    if done.error is not None:
        each.own_up(Outcome(Reply("没有办成")))
    elif isinstance(done.result, Outcome):
        each.end(done.result)
    elif done.result <= 1:
        each.end(Outcome(Reply(each.message.id)))


def answers(*texts: str) -> tuple[list[str], list[int]]:
    desk, turns = Desk(), [turn(each) for each in texts]
    take_together(turns, work_of, settle, desk.share)
    told = [each.outcome.reply.text for each in turns if each.outcome]  # type: ignore[union-attr]
    return told, desk.rounds


def test_nothing_to_do() -> None:
    assert answers() == ([], [])


def test_each_goes_on_until_it_is_over() -> None:
    assert answers("1", "3", "2") == (["1", "3", "2"], [3, 2, 1])


def test_what_fails_says_so_in_the_next_round_and_stops_nobody() -> None:
    assert answers("no", "3") == (["没有办成", "3"], [2, 2, 1])


def test_what_is_left_to_others_is_over_without_an_answer() -> None:
    left = turn("1")
    left.end(None)
    take_together([left], work_of, settle, Desk().share)
    assert left.outcome is None
