"""Figures that add up, and what is due since when."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from bot import outbox
from bot.outbox import Letter, Tally
from tests.bot.outbox.post import START, Post, other_channel, plan


def due(post: Post) -> float | None:
    """Tell in how many seconds from the start the next batch can be claimed."""
    with post.storage.read() as session:
        found = outbox.next_due(session, "wecom", post.now)
    return None if found is None else (found - START).total_seconds()


def oldest(post: Post) -> float | None:
    with post.storage.read() as session:
        found = outbox.oldest_due(session, post.now)
    return None if found is None else (found - START).total_seconds()


def test_no_such_letter(post: Post) -> None:
    assert post.figures(7) == (0, 0, 0, 0)


def test_figures_by_kind(post: Post) -> None:
    post.put("a", None)
    post.put("b", key="other")
    post.put_plan(replace(plan("study"), kind="study"), "c", "d")
    post.settle(post.take())
    with post.storage.read() as session:
        assert outbox.tally(session, 1) == Tally(2, 1, 1, 0)
        assert outbox.tally_kinds(session) == {
            ("notice", "delivered"): 1,
            ("notice", "refused"): 1,
            ("notice", "pending"): 1,
            ("study", "pending"): 2,
        }


def test_a_plan_that_lost_somebody_is_found(post: Post) -> None:
    post.put("a")
    with post.storage.write() as session:
        session.execute(update(Letter).values(planned=2))
        assert outbox.unbalanced(session) == [1]
        session.rollback()


def test_what_is_due_next(post: Post) -> None:
    assert due(post) is None
    post.put_plan(other_channel(plan("robot"), "robot"), "a")
    assert due(post) is None
    post.put("a", opens=30)
    post.put("b", key="later", opens=60)
    assert due(post) == 30
    post.wait(seconds=30)
    claim = post.take()
    assert due(post) == 60
    post.wait(seconds=30)
    post.settle(post.take())
    post.postpone(claim)
    assert due(post) == 65
    post.wait(seconds=5)
    post.settle(post.take())
    assert due(post) is None


def test_what_waits_longest(post: Post) -> None:
    assert oldest(post) is None
    post.put("a", opens=30)
    assert oldest(post) is None
    post.wait(seconds=40)
    assert oldest(post) == 30
    post.postpone(post.take())
    post.wait(minutes=5)
    assert oldest(post) == 30
    post.postpone(post.take())
    assert oldest(post) == 30
    post.wait(minutes=5)
    post.settle(post.take())
    assert oldest(post) is None


def test_a_try_long_ago_is_no_excuse(post: Post) -> None:
    post.put("a")
    post.put("b", key="new", opens=600)
    post.wait(minutes=10)
    post.settle(post.take())
    assert oldest(post) == timedelta(minutes=10).total_seconds()


def test_each_channel_knows_when_it_is_due(post: Post) -> None:
    post.put_plan(other_channel(plan("group"), "robot"), "a")
    theirs = post.claim(channel="robot")
    assert theirs is not None
    post.postpone(theirs)
    assert due(post) is None
    post.put("a", opens=600)
    assert due(post) == 600


def test_figures_of_one_letter_and_of_its_topic(post: Post) -> None:
    for key, topic in (("one", "notice:1"), ("two", "notice:1"), ("three", "notice:2")):
        post.put_plan(replace(plan(key), topic=topic), "a", None)
    post.settle(post.take())
    assert post.figures(1) == (2, 1, 1, 0)
    assert post.figures(2) == (2, 0, 1, 1)
    with post.storage.read() as session:
        assert outbox.tally_topic(session, "notice:1") == Tally(4, 1, 2, 1)
