"""A channel that takes nothing rests: that one, to the end, and no other."""

from datetime import timedelta

import pytest

from bot.outbox import find_pause
from bot.outbox.pauses import LONGEST, pause
from tests.bot.outbox.post import START, Post

MINUTE = timedelta(minutes=1)


def rest(post: Post, channel: str, minutes: float, reason: str) -> None:
    with post.storage.write() as session:
        pause(session, channel, START + minutes * MINUTE, reason)


def reason(post: Post, channel: str, minutes: float = 0) -> str | None:
    with post.storage.read() as session:
        found = find_pause(session, channel, START + minutes * MINUTE)
    return found and found.reason


def test_each_channel_has_its_own(post: Post) -> None:
    rest(post, "wecom", 10, "secret")
    assert reason(post, "robot") is None
    rest(post, "robot", 20, "limit")
    rest(post, "robot", 30, "limit again")
    assert reason(post, "wecom") == "secret"
    assert reason(post, "robot") == "limit again"
    assert reason(post, "wecom", 15) is None


@pytest.mark.parametrize(
    ("later", "left"), [(9, "first"), (10, "first"), (11, "second")]
)
def test_a_shorter_pause_shortens_none(post: Post, later: float, left: str) -> None:
    rest(post, "wecom", 10, "first")
    rest(post, "wecom", later, "second")
    assert reason(post, "wecom", 9.5) == left


@pytest.mark.parametrize(("minutes", "rests"), [(9.9, True), (10, False)])
def test_it_ends(post: Post, minutes: float, *, rests: bool) -> None:
    rest(post, "wecom", 10, "secret")
    assert (reason(post, "wecom", minutes) is not None) == rests


@pytest.mark.parametrize(("more", "rests"), [(0, True), (1, False)])
def test_one_that_is_too_long_is_a_clock_set_back(
    post: Post, more: float, *, rests: bool
) -> None:
    rest(post, "wecom", LONGEST / MINUTE + more, "secret")
    assert (reason(post, "wecom") is not None) == rests
    assert timedelta(minutes=30) < LONGEST < timedelta(hours=2)
