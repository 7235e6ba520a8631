"""Who votes in which poll, once, and from how many votes on something is told."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.ballots import appraisals, letters, polls, results, voting
from bot.branch.ballots.polls import BallotBox, Poll, Question, State
from bot.branch.people.audience import Audience
from bot.branch.people.tree import find_branch
from bot.errors import Refusal
from bot.outbox import Letter, Recipient
from tests.bot.branch.meetings.test_doors import NOW
from tests.people import BRANCH, OTHER_BRANCH, find_member

KEYS = (b"0123456789abcdef0123456789abcdef0123456789A=",)
CHOICES = ("烈士陵园", "纪念馆", "敬老院")
SECOND = timedelta(seconds=1)
UNTIL = NOW + timedelta(days=1)


def ask(
    session: Session, *choices: str, most: int = 1, of: str = BRANCH, **more: object
) -> Poll:
    branch = find_branch(session, of)
    home = find_branch(session, BRANCH)
    assert branch
    assert home
    question = Question("征求意见", "去哪", choices or CHOICES, UNTIL, most)
    audience = Audience(home.id, **more)  # type: ignore[arg-type]
    secretary = find_member(session, "赵敏")
    return voting.open_poll(session, branch, secretary, question, audience, KEYS, NOW)


def vote(session: Session, poll: Poll, name: str, *picks: str) -> None:
    voting.cast(
        session, poll, find_member(session, name).id, picks, KEYS, UNTIL - SECOND
    )


def went_to(session: Session, poll: Poll, what: str) -> Sequence[str]:
    rows = (
        select(Recipient.user)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(Letter.key == f"{poll.topic}:{what}")
    )
    return sorted(session.scalars(rows))


@pytest.mark.parametrize(
    ("choices", "ahead", "why"),
    [
        (("甲",), SECOND, "2 到 20 个"),
        (tuple(map(str, range(21))), SECOND, "2 到 20 个"),
        (("甲", "乙", "甲"), SECOND, "重样"),
        (("甲", "长" * 41), SECOND, "40 字"),
        (("甲", "乙"), timedelta(0), "截止时间"),
        (("甲", "乙"), timedelta(days=31, seconds=1), "截止时间"),
        (("甲", "长" * 40), timedelta(days=31), ""),
        (tuple(map(str, range(20))), SECOND, ""),
    ],
)
def test_what_cannot_be_asked(
    choices: tuple[str, ...], ahead: timedelta, why: str
) -> None:
    question = Question("征求意见", "去哪", choices, NOW + ahead)
    if not why:
        voting.check(question, NOW)
        return
    with pytest.raises(Refusal, match=why):
        voting.check(question, NOW)


def test_five_are_enough_to_ask_and_four_are_not(session: Session) -> None:
    names = ("赵敏", "陈静", "刘洋", "王芳", "李伟")
    five = tuple(find_member(session, each).id for each in names)
    poll = ask(session, members=five, only_named=True)
    assert results.turnout(session, poll).eligible == 5
    with pytest.raises(Refusal, match="只有 4 人"):
        ask(session, members=five[:4], only_named=True)


def test_votes_of_two_polls_are_counted_apart(session: Session) -> None:
    poll, other = ask(session), ask(session)
    for name, pick in zip(("赵敏", "陈静", "刘洋", "王芳"), CHOICES * 2, strict=False):
        vote(session, poll, name, pick)
    vote(session, other, "赵敏", CHOICES[2])
    assert results.turnout(session, poll) == results.Turnout(6, 4)
    assert results.turnout(session, other) == results.Turnout(6, 1)
    assert results.silent(session, poll) == ["李伟", "何雪"]
    find_member(session, "李伟").state = "left"
    session.flush()
    assert results.silent(session, poll) == ["何雪"]
    asked = polls.asked_of(session, find_member(session, "赵敏").id, NOW)
    assert asked == [(poll, True), (other, True)]
    asked = polls.asked_of(session, find_member(session, "王芳").id, NOW)
    assert asked == [(poll, True), (other, False)]
    assert polls.asked_of(session, find_member(session, "孙丽").id, NOW) == []
    assert polls.asked_of(session, find_member(session, "王芳").id, UNTIL) == []
    vote(session, poll, "何雪", CHOICES[0])
    voting.close(session, poll, KEYS, UNTIL)
    assert results.results(poll) == {"烈士陵园": 3, "纪念馆": 1, "敬老院": 1}
    assert session.get(BallotBox, poll.id) is None
    assert session.get(BallotBox, other.id) is not None
    asked = polls.asked_of(session, find_member(session, "王芳").id, NOW)
    assert asked == [(other, False)]


def test_a_poll_is_closed_or_given_up_once(session: Session) -> None:
    poll, other = ask(session), ask(session)
    assert polls.due(session, UNTIL - SECOND) == []
    assert polls.due(session, UNTIL) == [poll, other]
    assert "截止前只看人数" in results.say_state(session, poll, UNTIL - SECOND)
    assert "已截止" in results.say_state(session, poll, UNTIL)
    voting.close(session, poll, KEYS, UNTIL)
    voting.void(session, other, "问错了", NOW)
    assert polls.due(session, UNTIL) == []
    assert session.scalars(select(BallotBox)).all() == []
    assert (other.state, other.why) == (State.VOID, "问错了")
    for each in (poll, other):
        with pytest.raises(Refusal, match="已经结束"):
            voting.close(session, each, KEYS, UNTIL)
        with pytest.raises(Refusal, match="已经结束"):
            voting.void(session, each, "", UNTIL)
        with pytest.raises(Refusal, match="截止"):
            vote(session, each, "王芳", CHOICES[0])
    left = select(Recipient.id).where(Recipient.state == "pending")
    assert session.scalars(left).all() == []
    assert results.say_state(session, other, UNTIL) == "去哪：作废了（问错了）。"
    assert "不足 5 票" in results.say_state(session, poll, UNTIL)


def test_a_box_that_is_gone_takes_no_vote(session: Session) -> None:
    poll, other = ask(session), ask(session)
    for each in (poll, other):
        session.delete(session.get_one(BallotBox, each.id))
    session.flush()
    with pytest.raises(Refusal, match="截止"):
        vote(session, poll, "王芳", CHOICES[0])
    assert results.turnout(session, poll).voted == 0
    voting.close(session, poll, KEYS, UNTIL)
    assert (poll.state, poll.results) == (State.CLOSED, {})
    voting.void(session, other, "", UNTIL)
    assert results.say_state(session, other, UNTIL) == "去哪：作废了。"


def test_polls_are_due_as_they_close(session: Session) -> None:
    """The first asked closes last, two at one moment; one is given up already."""
    assert polls.next_due(session) is None
    every = [ask(session) for _ in range(4)]
    last, first, second, given_up = every
    last.closes_at = UNTIL + SECOND
    given_up.closes_at = UNTIL - SECOND
    session.flush()
    assert polls.next_due(session) == UNTIL - SECOND
    voting.void(session, given_up, "", NOW)
    assert polls.next_due(session) == UNTIL
    assert polls.due(session, UNTIL) == [first, second]
    assert polls.due(session, UNTIL + SECOND) == [first, second, last]
    for each in (first, second):
        voting.close(session, each, KEYS, UNTIL)
    assert polls.next_due(session) == UNTIL + SECOND


def test_how_many_one_may_choose(session: Session) -> None:
    poll = ask(session, most=2)
    for picks in ((), CHOICES):
        with pytest.raises(Refusal, match="最多选 2 个"):
            vote(session, poll, "王芳", *picks)
    vote(session, poll, "王芳", CHOICES[0], CHOICES[0], CHOICES[1])
    for name in ("赵敏", "陈静", "刘洋", "李伟"):
        vote(session, poll, name, CHOICES[1])
    voting.close(session, poll, KEYS, UNTIL)
    assert results.results(poll) == {"烈士陵园": 1, "纪念馆": 5, "敬老院": 0}
    assert list(polls.kept_secret.find(session)) == []


def test_a_card_where_its_buttons_are_enough_and_words_for_who_wants_them(
    session: Session,
) -> None:
    find_member(session, "王芳").plain = True
    session.flush()
    poll = ask(session, *map(str, range(6)))
    assert went_to(session, poll, "text") == ["wangfang"]
    assert len(went_to(session, poll, "card")) == 5
    for many in (ask(session, *map(str, range(7))), ask(session, most=2)):
        assert went_to(session, many, "card") == []
        assert len(went_to(session, many, "text")) == 6


def letter(session: Session, poll: Poll, what: str) -> Letter:
    found = session.scalar(select(Letter).where(Letter.key == f"{poll.topic}:{what}"))
    assert found
    return found


@pytest.mark.parametrize(
    ("most", "told"), [(1, "1”这样的一句。"), (2, "1”这样的一句，最多选 2 个。")]
)
def test_words_tell_how_many_to_choose(session: Session, most: int, told: str) -> None:
    poll = ask(session, *map(str, range(7)), most=most)
    assert told in str(letter(session, poll, "text").body)


def test_its_author_hears_of_a_poll_for_three_days(session: Session) -> None:
    poll = ask(session)
    letters.tell_author(session, poll, NOW, UNTIL)
    letters.tell_locked(session, poll, "钥匙没有", NOW, UNTIL)
    for what in ("results", "locked"):
        told = letter(session, poll, what)
        assert told.not_before == UNTIL
        assert told.not_after == UNTIL + timedelta(days=3)
        assert went_to(session, poll, what) == ["zhaomin"]
    asked = letter(session, poll, "card")
    assert (asked.not_before, asked.not_after) == (NOW, UNTIL)


def test_polls_are_listed_of_their_branch_the_latest_first(session: Session) -> None:
    mine, other = find_branch(session, BRANCH), find_branch(session, OTHER_BRANCH)
    assert mine
    assert other
    author = find_member(session, "赵敏")
    first, elsewhere, last = ask(session), ask(session, of=OTHER_BRANCH), ask(session)
    appraisals.open_round(session, mine, author, UNTIL, KEYS, NOW)
    assert polls.of_branch(session, mine) == [last, first]
    assert polls.of_branch(session, mine, limit=1) == [last]
    assert polls.of_branch(session, other) == [elsewhere]
    assert polls.asked_of(session, author.id, NOW) == [
        (each, False) for each in (first, elsewhere, last)
    ]
    assert polls.every(session)[:3] == [first, elsewhere, last]
    with pytest.raises(Refusal, match="没有找到"):
        polls.find(session, 99)
    many = [ask(session) for _ in range(19)]
    assert polls.of_branch(session, mine) == [*many[::-1], last], "twenty of them"


def test_a_question_is_answered_by_one_choice_unless_it_says_otherwise() -> None:
    assert Question("征求意见", "去哪", CHOICES, UNTIL).most == 1


def test_what_must_hold_of_a_poll_is_found_where_it_does_not(session: Session) -> None:
    def odd() -> int:
        session.flush()
        return len(list(polls.kept_secret.find(session)))

    poll, closed = ask(session), ask(session)
    for name in ("赵敏", "陈静", "刘洋", "王芳", "李伟"):
        vote(session, closed, name, CHOICES[0])
        if name != "李伟":
            vote(session, poll, name, CHOICES[0])
    voting.close(session, closed, KEYS, UNTIL)
    assert odd() == 0
    closed.results = {"烈士陵园": 6}
    assert odd() == 1, "more votes than voters"
    closed.results = {"烈士陵园": 5}
    poll.results = {"烈士陵园": 4}
    assert odd() == 1, "told of four"
    poll.results = {}
    poll.state = State.CLOSED
    assert odd() == 1, "a box left"
