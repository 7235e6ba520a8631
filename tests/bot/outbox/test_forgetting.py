"""Which letters are forgotten: personal ones that came to their end, and no others."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import outbox
from bot.message import Fetch, Picture, Text, pack
from bot.outbox import Importance, Letter
from bot.outbox.kinds import NO_LEDGER
from tests.bot.outbox.post import START, Post, plan

SECOND = timedelta(seconds=1)


def put(post: Post, key: str, member: int = 0, **more: Any) -> None:
    """Queue a letter to one person; each of another content."""
    with post.storage.write() as session:
        letter = replace(plan(key), **more)
        outbox.put_to(session, letter, f"u{member}", member, now=post.now)


def told(post: Post, key: str, member: int = 0, **more: Any) -> None:
    """Deliver a letter, before all that waits."""
    put(post, key, member, importance=Importance.ANSWER, **more)
    post.settle(post.take())


def keys(post: Post) -> list[str]:
    with post.storage.read() as session:
        return list(session.scalars(select(Letter.key).order_by(Letter.id)))


@pytest.fixture
def filled(post: Post) -> Post:
    told(post, "mine", content=Picture(7))
    told(post, "hers", 1, content=Picture(8))
    told(post, "ledger", topic="notice:1")
    told(post, "nudge", topic="notice:1:nudge", kind=NO_LEDGER[0])
    post.put("u0", "u1", key="many")
    post.settle(post.take())
    put(post, "again")
    post.postpone(post.take())
    put(post, "flies")
    post.take()
    put(post, "waits")
    return post


STAY = ["ledger", "many", "again", "flies", "waits"]


def test_of_somebody_what_is_personal_and_over_is_forgotten(filled: Post) -> None:
    with filled.storage.write() as session:
        assert outbox.forget_of(session, 0) == (2, {7})
        assert outbox.forget_of(session, 0) == (0, set())
        assert outbox.forget_of(session, 2) == (0, set())
    assert keys(filled) == ["hers", *STAY]


def test_what_is_from_before_is_forgotten_and_not_of_that_moment(filled: Post) -> None:
    filled.wait(seconds=1)
    told(filled, "later")
    with filled.storage.write() as session:
        assert outbox.forget_before(session, START) == (0, set())
        assert outbox.forget_before(session, START + SECOND) == (3, {7, 8})
    assert keys(filled) == [*STAY, "later"]


def test_by_its_key_another_letter_that_only_looks_so_stays(post: Post) -> None:
    for key in ("k_1:a", "kx1:a", "a:k_1:", "k_1:b"):
        told(post, key)
    with post.storage.write() as session:
        assert outbox.forget_keyed(session, "k_1:") == (2, set())
    assert keys(post) == ["kx1:a", "a:k_1:"]


def test_a_name_goes_out_of_what_was_told_to_one_and_of_nothing_else(
    filled: Post,
) -> None:
    named = Text("王芳来了")
    told(filled, "one", content=named)
    told(filled, "paper", content=named, topic="notice:2")
    told(filled, "plain", content=Text("来了"))
    put(filled, "on its way", content=named)
    with filled.storage.write() as session:
        outbox.replace_name(session, "王芳", "某人")
        rows = session.execute(select(Letter.key, Letter.body))
        bodies = {row.key: row.body for row in rows}
    assert bodies["one"] == pack(Text("某人来了"))
    assert bodies["paper"] == bodies["on its way"] == pack(named)
    assert bodies["plain"] == pack(Text("来了"))


def test_what_a_letter_carries_is_kept_and_not_what_is_only_fetched(post: Post) -> None:
    put(post, "card", content=Picture(7))
    put(post, "other", content=Picture(9))
    put(post, "fetched", content=Fetch(8), kind="fetch")
    with post.storage.read() as session:
        assert outbox.still_carried(session, {7, 8, 10}) == {7}
