"""Who sends what: each recipient in one batch, sent again with the same bytes."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select, update

from bot import outbox
from bot.outbox import Batch, Letter, Outcome, Recipient
from bot.outbox.claims import CLAIM_LASTS, UNCERTAIN
from bot.outbox.limits import LIMITS
from bot.outbox.settlement import STALE
from tests.bot.outbox.post import Post, other_channel, plan

BATCH_SIZE = LIMITS["wecom"].batch_size


def test_a_batch_settled(post: Post) -> None:
    post.put("a", "Bo", "c")
    claim = post.take()
    assert claim.users == ("a", "Bo", "c")
    post.settle(claim, bO="not in range", zz="nobody of ours")
    assert post.fates() == {
        "a": ("delivered", None),
        "Bo": ("refused", "not in range"),
        "c": ("delivered", None),
    }
    batch = post.batch(claim)
    assert (batch.done, batch.receipt) == (True, "m1")
    assert post.claim() is None


def test_what_is_settled_stays(post: Post) -> None:
    post.put("a")
    claim = post.take()
    post.settle(claim)
    post.settle(claim, a="late news")
    post.refuse(claim)
    post.postpone(claim)
    assert post.fates() == {"a": ("delivered", None)}
    assert post.figures() == (1, 1, 0, 0)


def test_a_platform_that_never_takes_it(post: Post) -> None:
    post.put("a", "b")
    post.refuse(post.take(), "blocked")
    assert set(post.fates().values()) == {("refused", "blocked")}
    post.wait(days=2)
    assert post.claim() is None


def test_a_batch_has_at_most_a_thousand(post: Post) -> None:
    post.put(*[f"u{number}" for number in range(2 * BATCH_SIZE + 1)])
    claims = [post.take(), post.take(), post.take()]
    assert [len(each.users) for each in claims] == [BATCH_SIZE, BATCH_SIZE, 1]
    assert len({user for each in claims for user in each.users}) == 2 * BATCH_SIZE + 1
    assert len({each.reference for each in claims}) == 3
    assert post.claim() is None


def test_a_claim_is_nobody_else_s_until_it_runs_out(post: Post) -> None:
    post.put("a", "b")
    first = post.take("one")
    post.wait(seconds=CLAIM_LASTS.total_seconds() - 1)
    assert post.claim("two") is None
    post.wait(seconds=1)
    second = post.take("two")
    assert (second.users, second.reference) == (first.users, first.reference)
    assert second.content == first.content
    assert second.attempts == 2
    post.settle(first)
    assert post.figures() == (2, 0, 0, 2)
    post.settle(second)
    assert post.figures() == (2, 2, 0, 0)


@pytest.mark.parametrize(
    ("attempt", "pause"), [*enumerate([5, 15, 60, 300, 900, 1800, 1800], 1)]
)
def test_each_try_waits_longer(post: Post, attempt: int, pause: int) -> None:
    post.put("a", lasts=10**6)
    for _ in range(attempt - 1):
        post.postpone(post.take())
        post.wait(hours=1)
    post.postpone(post.take())
    post.wait(seconds=pause - 1)
    assert post.claim() is None
    post.wait(seconds=1)
    assert post.take().attempts == attempt + 1


def test_the_platform_s_own_pause_is_kept(post: Post) -> None:
    post.put("a")
    post.postpone(post.take(), wait=65)
    post.wait(seconds=64)
    assert post.claim() is None
    post.wait(seconds=1)
    post.take()


def test_a_short_pause_grows_too(post: Post) -> None:
    """-1 asks for five seconds; for hours that would be a storm."""
    post.put("a")
    for _ in range(4):
        post.postpone(post.take(), wait=5)
        post.wait(minutes=10)
    post.postpone(post.take(), wait=5)
    post.wait(minutes=14)
    assert post.claim() is None
    post.wait(minutes=1)
    post.take()


@pytest.mark.parametrize("hours", [2.9, 3])
def test_what_is_uncertain_is_tried_while_duplicates_are_noticed(
    post: Post, hours: float
) -> None:
    post.put("a")
    post.postpone(post.take(), uncertain=True)
    post.wait(hours=hours)
    if hours < 3:
        post.take()
        assert post.figures() == (1, 0, 0, 1)
    else:
        assert post.claim() is None
        assert post.fates() == {"a": ("refused", UNCERTAIN)}


def test_a_dead_owner_leaves_it_uncertain(post: Post) -> None:
    post.put("a")
    post.take()
    post.wait(hours=3)
    assert post.claim() is None
    assert post.fates() == {"a": ("refused", UNCERTAIN)}


def test_a_try_again_whose_owner_died_is_uncertain_too(post: Post) -> None:
    """The first surely failed; of the second nobody knows."""
    post.put("a")
    post.postpone(post.take())
    post.wait(minutes=1)
    post.take("two")
    post.wait(hours=3)
    assert post.claim() is None
    assert post.fates() == {"a": ("refused", UNCERTAIN)}


def test_a_certain_failure_does_not_undo_an_uncertain_one(post: Post) -> None:
    """The first try may have arrived: hours later the platform forgot it."""
    post.put("a")
    post.postpone(post.take(), uncertain=True)
    post.wait(minutes=1)
    post.postpone(post.take(), wait=600)
    post.wait(hours=3)
    assert post.claim() is None
    assert post.fates() == {"a": ("refused", UNCERTAIN)}


def test_what_certainly_failed_is_tried_for_days(post: Post) -> None:
    post.put("a", lasts=3 * 86400)
    for _ in range(12):
        post.postpone(post.take())
        post.wait(hours=5)
    post.settle(post.take())
    assert post.figures() == (1, 1, 0, 0)


# --- a letter past its time


def test_too_late_before_any_claim(post: Post) -> None:
    post.put("a", None, lasts=60)
    post.wait(seconds=60)
    assert post.claim() is None
    assert post.drop_stale() == 1
    assert post.drop_stale() == 0
    assert post.fates()["a"] == ("refused", STALE)
    assert post.figures() == (2, 0, 2, 0)


def test_too_late_after_a_certain_failure(post: Post) -> None:
    post.put("a", lasts=60)
    post.postpone(post.take())
    post.wait(seconds=60)
    assert post.drop_stale() == 0
    assert post.claim() is None
    assert post.fates() == {"a": ("refused", STALE)}


def test_too_late_after_an_uncertain_try(post: Post) -> None:
    post.put("a", lasts=60)
    post.postpone(post.take(), uncertain=True)
    post.wait(seconds=60)
    assert post.claim() is None
    assert post.fates() == {"a": ("refused", UNCERTAIN)}


def test_in_time_when_claimed_it_may_end_late(post: Post) -> None:
    post.put("a", lasts=60)
    claim = post.take()
    post.wait(seconds=90)
    assert post.drop_stale() == 0
    post.settle(claim)
    assert post.fates() == {"a": ("delivered", None)}


def test_the_rest_of_a_letter_is_dropped_and_the_batch_lives(post: Post) -> None:
    post.put(*[f"u{number}" for number in range(BATCH_SIZE + 2)], lasts=60)
    claim = post.take()
    post.wait(seconds=60)
    assert post.drop_stale() == 2
    post.settle(claim)
    assert post.figures() == (BATCH_SIZE + 2, BATCH_SIZE, 2, 0)


def test_not_before_its_time(post: Post) -> None:
    post.put("a", opens=60)
    post.wait(seconds=59)
    assert post.claim() is None
    post.wait(seconds=1)
    post.take()


@pytest.mark.thorough
def test_a_thousand_batches_that_came_too_late(post: Post) -> None:
    """After an outage of days all are refused in one go."""
    many = range(1, 1101)
    post.put(*[f"u{number}" for number in many], lasts=60)
    post.take()
    with post.storage.write() as session:
        kept = session.execute(select(Batch.__table__)).mappings().one()
        session.execute(delete(Batch))
        session.execute(insert(Batch), [{**kept, "id": number} for number in many])
        session.execute(update(Recipient).values(batch_id=Recipient.id))
        session.execute(update(Letter).values(unclaimed=0))
    post.wait(days=1)
    assert post.claim() is None
    assert post.figures() == (1100, 0, 1100, 0)


def test_a_batch_that_somebody_else_settled_is_closed(post: Post) -> None:
    post.put("a")
    claim = post.take()
    post.postpone(claim)
    with post.storage.write() as session:
        values = {"state": "refused", "reason": "by hand", "settled_at": post.now}
        session.execute(update(Recipient).values(values))
    post.wait(seconds=5)
    assert post.claim() is None
    assert post.batch(claim).done


def test_what_was_settled_once_stays_as_it_was(post: Post) -> None:
    post.put("a")
    claim = post.take()
    post.settle(claim)
    due = post.batch(claim).next_try
    with post.storage.write() as session:
        outbox.settle_batch(session, claim, Outcome("m2", {"a": "late"}), post.now)
    post.refuse(claim)
    post.postpone(claim)
    settled = post.batch(claim)
    assert (settled.receipt, settled.error, settled.next_try) == ("m1", None, due)
    assert post.fates() == {"a": ("delivered", None)}


def test_channels_do_not_mix(post: Post) -> None:
    """Neither what is new nor what is tried again; the other's would come first."""
    post.put_plan(other_channel(plan("robot"), "robot"), "a")
    post.put("b", key="ours", opens=1)
    theirs = post.claim(channel="robot")
    assert theirs is not None
    assert theirs.users == ("a",)
    assert post.claim() is None
    post.postpone(theirs)
    post.wait(seconds=1)
    ours = post.take()
    assert ours.users == ("b",)
    post.postpone(ours)
    post.wait(seconds=5)
    assert post.take().users == ("b",)
    assert post.claim() is None
    again = post.claim(channel="robot")
    assert again is not None
    assert again.users == ("a",)


@pytest.mark.parametrize("wait", [5, 65])
def test_a_robot_keeps_its_pause_and_is_not_tried_where_unsure(
    post: Post, wait: int
) -> None:
    """A robot drops no second copy: what perhaps arrived is not sent again."""
    for group in ("a", "b"):
        post.put_plan(other_channel(plan(group), "robot"), group)
    sure, unsure = (post.claim(channel="robot") for _ in range(2))
    assert sure is not None
    assert unsure is not None
    post.postpone(sure, wait=wait)
    post.postpone(unsure, uncertain=True, wait=wait)
    post.wait(seconds=wait - 1)
    assert post.claim(channel="robot") is None
    assert post.fates(2) == {"b": ("pending", None)}
    post.wait(seconds=1)
    again = post.claim(channel="robot")
    assert again is not None
    assert again.users == ("a",)
    assert post.claim(channel="robot") is None
    assert post.fates(2) == {"b": ("refused", UNCERTAIN)}


def test_what_is_tried_again_is_tried_in_its_turn(post: Post) -> None:
    post.put("a", key="late")
    post.put("b", key="soon")
    late, soon = post.take(), post.take()
    post.postpone(late, wait=30)
    post.postpone(soon, wait=10)
    post.wait(seconds=60)
    assert [post.take().users, post.take().users] == [("b",), ("a",)]


def test_a_batch_is_sent_again_to_whom_it_was_for_and_is_unsettled(post: Post) -> None:
    post.put("a", "b", key="one")
    post.put("c", "d", key="two")
    one, two = post.take(), post.take()
    post.settle(two)
    post.postpone(one)
    with post.storage.write() as session:
        session.execute(
            update(Recipient)
            .where(Recipient.user == "a")
            .values(state="refused", reason="by hand", settled_at=post.now)
        )
    post.wait(seconds=5)
    again = post.take()
    assert again.users == ("b",)
    post.settle(again)
    assert post.fates(1) == {"a": ("refused", "by hand"), "b": ("delivered", None)}


def test_one_letter_too_late_leaves_the_others(post: Post) -> None:
    post.put("a", key="late", lasts=60)
    post.put("b", key="held", lasts=60)
    post.put("c", key="in time")
    with post.storage.write() as session:
        session.execute(
            update(Recipient)
            .where(Recipient.user == "b")
            .values(held_until=post.now, reason="quiet")
        )
    post.wait(seconds=60)
    assert post.drop_stale() == 1
    assert post.fates(1) == {"a": ("refused", STALE)}
    assert post.fates(2) == {"b": ("pending", "quiet")}
    assert post.take().users == ("c",)


def test_another_s_batch_is_not_settled(post: Post) -> None:
    post.put("a", key="one")
    post.put("b", key="two")
    mine, theirs = post.take("one"), post.take("two")
    post.settle(replace(mine, owner="two"))
    post.refuse(replace(mine, owner="two"))
    post.postpone(replace(mine, owner="two"))
    assert post.figures(1) == (1, 0, 0, 1)
    post.settle(theirs)
    assert (post.figures(1), post.figures(2)) == ((1, 0, 0, 1), (1, 1, 0, 0))
    post.refuse(mine)
    assert (post.figures(1), post.figures(2)) == ((1, 0, 1, 0), (1, 1, 0, 0))
