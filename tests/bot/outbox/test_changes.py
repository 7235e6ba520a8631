"""Second thoughts reach what waits of one matter, and nothing that is settled."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot import outbox
from bot.errors import DeliveryError
from bot.outbox import Claim, Letter, Recipient, Window
from tests.bot.outbox.post import START, Post, plan


def put(post: Post, key: str, topic: str, *users: str) -> None:
    post.put_plan(replace(plan(key), topic=topic), *users)


def cancel(post: Post, topic: str = "notice:1") -> int:
    with post.storage.write() as session:
        return outbox.cancel(session, topic, "withdrawn", post.now)


def waiting(post: Post) -> list[int]:
    with post.storage.read() as session:
        return list(session.scalars(select(Letter.unclaimed).order_by(Letter.id)))


def hold(post: Post, user: str) -> None:
    with post.storage.write() as session:
        mine = update(Recipient).where(Recipient.user == user)
        session.execute(mine.values(held_until=post.now, reason="quiet"))
        his = select(Recipient.letter_id).where(Recipient.user == user)
        fewer = update(Letter).where(Letter.id.in_(his))
        session.execute(fewer.values(unclaimed=Letter.unclaimed - 1))


def test_cancelled_is_what_waits_of_the_topic(post: Post) -> None:
    put(post, "done", "notice:1", "a")
    post.settle(post.take())
    put(post, "one", "notice:1", "a", "b")
    put(post, "other", "notice:2", "a", "b")
    hold(post, "b")
    assert cancel(post) == 2
    assert post.fates(1) == {"a": ("delivered", None)}
    assert set(post.fates(2).values()) == {("refused", "withdrawn")}
    assert post.fates(3) == {"a": ("pending", None), "b": ("pending", "quiet")}
    assert waiting(post) == [0, 0, 1]
    assert cancel(post) == 0


def claimed(post: Post, topic: str = "notice:1") -> Claim:
    put(post, topic, topic, "a")
    return post.take()


def test_what_a_deliverer_holds_goes_on(post: Post) -> None:
    claim = claimed(post)
    assert cancel(post) == 0
    post.settle(claim)
    assert post.fates() == {"a": ("delivered", None)}


@pytest.mark.parametrize(("uncertain", "stopped"), [(False, 1), (True, 0)])
def test_what_waits_for_another_try_is_stopped_if_it_surely_failed(
    post: Post, stopped: int, *, uncertain: bool
) -> None:
    ours, theirs = claimed(post), claimed(post, "notice:2")
    for claim in (ours, theirs):
        post.postpone(claim, uncertain=uncertain)
    assert cancel(post) == stopped
    post.wait(seconds=5)
    left = {post.take().letter_id for _ in range(2 - stopped)}
    assert left == ({2} if stopped else {1, 2})
    assert post.claim() is None


def test_what_has_begun_to_arrive_is_told_to_its_end(post: Post) -> None:
    """The platform gave a receipt for the first part of a long text."""
    claim = claimed(post)
    error = DeliveryError("busy")
    error.receipt = "part 1"
    with post.storage.write() as session:
        outbox.postpone_batch(session, claim, error, post.now)
    assert cancel(post) == 0
    post.wait(seconds=5)
    assert post.take().receipt == "part 1"


def test_moved_is_one_topic(post: Post) -> None:
    put(post, "one", "notice:1", "a")
    put(post, "other", "notice:2", "b")
    later = START + timedelta(hours=1)
    with post.storage.write() as session:
        outbox.move(session, "notice:1", Window(later, later + timedelta(hours=1)))
    first = post.take()
    assert first.users == ("b",)
    post.settle(first)
    assert post.claim() is None
    post.wait(hours=1)
    assert post.take().users == ("a",)


def test_of_one_who_goes_only_what_waits_is_stopped(post: Post) -> None:
    """By account and by number; what is settled, claimed or another's is not."""
    put(post, "done", "notice:1", "a", "b")
    post.settle(post.take())
    put(post, "flying", "notice:2", "a", "b")
    flying = post.take()
    put(post, "waits", "notice:3", "z", "a")  # 1 is the second's number
    put(post, "kept", "notice:4", "c", "z", "a")
    put(post, "told", "notice:5", "a", "z")
    with post.storage.write() as session:
        merged = update(Recipient).where(Recipient.letter_id == 5)
        values = {"state": "delivered", "reason": "in a digest", "settled_at": post.now}
        session.execute(merged.values(values))
        session.execute(update(Letter).where(Letter.id == 5).values(unclaimed=0))
        held = update(Recipient).where(Recipient.letter_id == 4, Recipient.user == "a")
        session.execute(held.values(held_until=post.now, reason="quiet"))
        session.execute(update(Letter).where(Letter.id == 4).values(unclaimed=2))
        assert outbox.cancel_of(session, 1, ("a",), "gone", post.now) == 3
    post.settle(flying)
    assert set(post.fates(1).values()) == set(post.fates(2).values())
    assert post.fates(3) == {"z": ("pending", None), "a": ("refused", "gone")}
    assert post.fates(4) == {
        "c": ("pending", None),
        "z": ("refused", "gone"),
        "a": ("refused", "gone"),
    }
    assert set(post.fates(5).values()) == {("delivered", "in a digest")}
    assert waiting(post) == [0, 0, 1, 1, 0]


def test_receipts_and_addresses_of_one_topic(post: Post) -> None:
    put(post, "one", "notice:1", "a", "b")
    put(post, "two", "notice:1", "b", "c")
    put(post, "three", "notice:2", "d")
    for _ in range(2):
        post.settle(post.take())
    post.take()
    with post.storage.read() as session:
        assert outbox.receipts(session, "notice:1") == ["m1", "m1"]
        assert outbox.receipts(session, "notice:2") == []
        assert outbox.addresses(session, "notice:1") == ["a", "b", "c"]
