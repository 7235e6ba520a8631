"""How a letter gets in: once a key, everybody named, nobody without an address lost."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from bot import outbox
from bot.errors import Refusal
from bot.message import Picture, Text
from bot.outbox import ADDRESS_UNKNOWN, Importance, Letter, Plan
from bot.outbox.forgetting import TOLD, strip_answers
from tests.bot.outbox.post import START, Post, people, plan


def test_everybody_is_planned(post: Post) -> None:
    letter = post.put("a", "b", "c")
    assert letter is not None
    assert letter.planned == letter.unclaimed == 3
    assert post.figures() == (3, 0, 0, 3)


@pytest.mark.parametrize("nowhere", [None, ""])
def test_whoever_has_no_address_is_refused_by_name(
    post: Post, nowhere: str | None
) -> None:
    post.put("a", nowhere, nowhere)
    assert post.figures() == (3, 0, 2, 1)
    assert post.fates()[None] == ("refused", ADDRESS_UNKNOWN)
    assert post.take().users == ("a",)


def test_a_letter_to_nobody_is_planned_and_never_claimed(post: Post) -> None:
    post.put(None)
    assert post.claim() is None
    assert post.figures() == (1, 0, 1, 0)


def test_a_key_is_used_once_for_ever(post: Post) -> None:
    post.put("a")
    post.settle(post.take())
    assert post.put("b") is None
    assert post.fates() == {"a": ("delivered", None)}


def test_a_key_put_by_two_at_once_is_one_letter(post: Post) -> None:
    together, put = Barrier(2), []

    def work() -> None:
        together.wait()
        put.append(post.put("a") is not None)

    threads = [Thread(target=work) for _ in "12"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(put) == [False, True]
    assert post.figures() == (1, 0, 0, 1)


def test_to_one(post: Post) -> None:
    with post.storage.write() as session:
        assert outbox.put_to(session, plan(), "a", 7, now=START)
        assert session.info["letters"]
        assert not outbox.put_to(session, plan(), "a", 7, now=START)
        assert outbox.put_to(session, plan("other"), None, None, now=START)
        nobody = session.scalars(select(Letter).where(Letter.key == "other")).one()
        assert (nobody.planned, nobody.unclaimed) == (1, 0)
    assert post.take().users == ("a",)


def test_nothing_is_queued_if_the_fact_is_rolled_back(post: Post) -> None:
    def fail() -> None:
        with post.storage.write() as session:
            outbox.put(session, plan(), people(["a"]), now=START)
            raise Refusal("the fact is none")

    with pytest.raises(Refusal):
        fail()
    assert post.claim() is None
    assert post.put("a") is not None


def test_the_secretary_s_word_goes_before_the_clock_s(post: Post) -> None:
    for key, weight in (("routine", 0), ("answer", 2), ("call", 3), ("notice", 1)):
        routine = plan(key)
        post.put_plan(
            Plan(key, "notice", routine.content, routine.window, Importance(weight)),
            key,
        )
    assert [post.take().users[0] for _ in range(4)] == [
        "call",
        "answer",
        "notice",
        "routine",
    ]


def test_answers_that_came_to_their_end_keep_their_line_and_no_words(
    post: Post,
) -> None:
    for key, kind in (("words", "reply"), ("file", "export"), ("other", "notice")):
        content = Picture(7) if key == "file" else Text(key)
        post.put_plan(replace(plan(key), kind=kind, content=content), "a")
        post.settle(post.take())
    for key in ("flies", "waits"):
        post.put_plan(replace(plan(key), kind="reply"), "a")
    post.take()
    with post.storage.write() as session:
        assert strip_answers(session) == (2, {7})
        assert strip_answers(session) == (0, set())
        bodies = session.scalars(select(Letter.body).order_by(Letter.id)).all()
    assert [TOLD in str(each) for each in bodies] == [True, True, False, False, False]
    assert post.figures(1) == post.figures(2) == (1, 1, 0, 0)


def test_what_is_more_important_goes_first_by_numbers_that_are_kept() -> None:
    """They stand in the database: another number would turn what waits round."""
    assert [(each.name, each.value) for each in Importance] == [
        ("ROUTINE", 0),
        ("NOTICE", 1),
        ("ANSWER", 2),
        ("CALL", 3),
    ]
    assert plan().leaves == 1
