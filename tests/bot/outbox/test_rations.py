"""Thirty a minute and a thousand an hour for one member; more is dropped."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot import outbox
from bot.outbox import Batch, Claim, Letter, Recipient
from tests.bot.outbox.post import START, Post, plan

FAR = 10**6  # what PostgreSQL's own counting does not reach


def claim_all(post: Post) -> list[Claim]:
    claims = []
    while claim := post.claim():
        claims.append(claim)
    return claims


def put_many(post: Post, count: int, *users: str) -> None:
    for number in range(count):
        post.put(*users, key=f"k{number}", lasts=10**6)


def look_back(post: Post, count: int, user: str) -> None:
    """Have the user have got so many letters, one every three seconds."""
    post.put(user, key="k", lasts=10**6)
    post.settle(post.take())
    with post.storage.write() as session:
        for table in (Letter, Recipient, Batch):
            kept = session.execute(select(table.__table__)).mappings().one()
            rows = [
                dict(kept)
                | {name: FAR + number for name in ("id", "letter_id") if name in kept}
                | ({"key": f"k{number}"} if "key" in kept else {})
                | ({"batch_id": FAR + number} if "batch_id" in kept else {})
                | {
                    name: START + timedelta(seconds=3 * (number - 1))
                    for name in ("claimed_at", "settled_at")
                    if name in kept
                }
                for number in range(2, count + 1)
            ]
            session.execute(insert(table), rows)
    post.wait(seconds=3 * count)


def test_the_thirty_first_waits_a_minute(post: Post) -> None:
    put_many(post, 31, "a")
    claims = claim_all(post)
    assert len(claims) == 30
    for claim in claims:
        post.settle(claim)
    post.wait(seconds=59)
    assert post.claim() is None
    post.wait(seconds=1)
    post.settle(post.take())
    assert post.claim() is None


def test_others_do_not_wait_for_who_is_sated(post: Post) -> None:
    put_many(post, 30, "a")
    claim_all(post)
    post.put("a", "b", key="both")
    first = post.take()
    assert first.users == ("b",)
    post.settle(first)
    assert post.figures(31) == (2, 1, 0, 1)
    post.wait(minutes=1)
    assert post.take().users == ("a",)


@pytest.mark.thorough
def test_a_thousand_an_hour(post: Post) -> None:
    """Twenty a minute is nothing, a thousand within the hour is too much."""
    look_back(post, 1000, "a")
    post.put("a", "b", key="last", lasts=10**6)
    claim = post.take()
    assert claim.users == ("b",)
    post.settle(claim)
    post.wait(seconds=599)
    assert post.claim() is None
    post.wait(seconds=1)
    again = post.take()
    assert again.users == ("a",)
    post.put("a", key="more", lasts=10**6)
    post.wait(seconds=2)
    assert post.claim() is None, "one went out of the hour, and one came in"
    post.wait(seconds=1)
    assert post.take().users == ("a",)


def test_tries_again_keep_to_the_ration(post: Post) -> None:
    """Thirty that failed and one that waited: never thirty-one in a minute."""
    put_many(post, 31, "a")
    for claim in claim_all(post):
        post.postpone(claim)
    post.wait(minutes=2)
    assert len(claim_all(post)) == 30
    post.wait(seconds=59)
    assert post.claim() is None
    post.wait(seconds=1)
    assert len(claim_all(post)) == 1


def test_a_try_again_waits_whole_and_stays_whole(post: Post) -> None:
    post.put("a", "b", key="early")
    early = post.take()
    post.postpone(early, wait=90)
    post.wait(seconds=70)
    put_many(post, 30, "a")
    assert len(claim_all(post)) == 30
    post.wait(seconds=20)
    assert post.claim() is None
    post.wait(seconds=40)
    again = post.take()
    assert (again.users, again.reference) == (("a", "b"), early.reference)


def test_a_try_again_does_not_stand_in_its_own_way(post: Post) -> None:
    put_many(post, 30, "a")
    claims = claim_all(post)
    for claim in claims:
        post.postpone(claim)
    post.wait(seconds=5)
    assert {each.reference for each in claim_all(post)} == {
        each.reference for each in claims
    }


def test_a_long_text_counts_with_all_its_parts(post: Post) -> None:
    """Ten letters of three parts are thirty messages: the eleventh waits."""
    long = "党" * 1500  # 4,500 bytes
    for number in range(11):
        post.put_plan(plan(f"k{number}", lasts=10**6, text=long), "a")
    claims = claim_all(post)
    assert len(claims) == 10
    for claim in claims:
        post.settle(claim)
    post.put("a", key="short", lasts=10**6)
    assert post.claim() is None
    post.wait(minutes=1)
    assert len(claim_all(post)) == 2


def test_a_long_text_waits_where_a_short_one_has_room(post: Post) -> None:
    put_many(post, 28, "a")
    claim_all(post)
    post.put_plan(plan("long", text="党" * 1500), "a")
    assert post.claim() is None
    post.put("a", key="short")
    assert post.take().users == ("a",)


def test_what_is_heavier_than_a_ration_still_goes(post: Post) -> None:
    post.put_plan(plan("huge", text="党" * 25000), "a", "b")
    assert post.take().users == ("a", "b")


def test_what_is_heavier_than_a_ration_goes_to_whoever_had_nothing(
    post: Post,
) -> None:
    put_many(post, 1, "a")
    claim_all(post)
    post.put_plan(plan("huge", text="党" * 25000), "a", "b")
    assert post.take().users == ("b",)
    post.wait(minutes=1)
    assert post.take().users == ("a",)


def test_personal_letters_count_their_parts_too(post: Post) -> None:
    long = "党" * 1500
    for number in range(11):
        post.put_plan(plan(f"k{number}", lasts=10**6, text=long), "a")
    taken = 0
    for _ in range(11):
        with post.storage.write() as session:
            taken += len(outbox.claim_singles(session, "wecom", "one", post.now))
    assert taken == 10


def test_fifty_that_wait_for_one_who_is_sated_let_the_others_pass(post: Post) -> None:
    put_many(post, 80, "a")
    post.put("b", key="other", lasts=10**6)
    taken: list[str] = []
    for turn in range(33):
        with post.storage.write() as session:
            claims = outbox.claim_singles(session, "wecom", f"o{turn}", post.now)
        taken += [user for claim in claims for user in claim.users]
    assert taken == ["a"] * 30 + ["b"]
