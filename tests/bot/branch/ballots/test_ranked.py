"""Choices ranked by each, each place worth its points; only the sums are told."""

import pytest
from sqlalchemy.orm import Session

from bot.branch.ballots import polls, results, voting
from bot.branch.ballots.polls import Poll, Question
from bot.branch.people.audience import Audience
from bot.branch.people.tree import find_branch
from bot.errors import Refusal
from handlers.meetings.vote import read_picks
from tests.bot.branch.ballots.test_polls import KEYS, UNTIL, letter, vote, went_to
from tests.bot.branch.meetings.test_doors import NOW
from tests.people import BRANCH, find_member

NAMES = ("王芳", "李伟", "刘洋", "王芳芳")
PEOPLE = ("赵敏", "陈静", "刘洋", "王芳", "李伟")


def ask(session: Session, *points: int, choices: tuple[str, ...] = NAMES) -> Poll:
    branch = find_branch(session, BRANCH)
    assert branch
    question = Question("推优", "推优", choices, UNTIL, len(points), points)
    author = find_member(session, "赵敏")
    audience = Audience(branch.id)
    return voting.open_poll(session, branch, author, question, audience, KEYS, NOW)


def test_each_place_adds_its_points(session: Session) -> None:
    poll = ask(session, 5, 3, 1)
    for name in PEOPLE[:4]:
        vote(session, poll, name, "李伟", "王芳")
    vote(session, poll, PEOPLE[4], "王芳芳", "刘洋", "李伟")
    voting.close(session, poll, KEYS, UNTIL)
    told = results.results(poll)
    assert told == {"王芳": 12, "李伟": 21, "刘洋": 3, "王芳芳": 5}
    assert "李伟：21 分" in results.say_results(session, poll)
    assert polls.most_of(poll) == 9


def test_no_more_places_than_were_asked(session: Session) -> None:
    poll = ask(session, 2, 1)
    with pytest.raises(Refusal, match="最多选 2 个"):
        vote(session, poll, "王芳", "李伟", "王芳", "刘洋")
    vote(session, poll, "王芳", "李伟")


@pytest.mark.parametrize("points", [(1, 2), (0,), (101,), (5, 4, 3, 2, 1), (3, -1)])
def test_points_that_cannot_be(session: Session, points: tuple[int, ...]) -> None:
    with pytest.raises(Refusal):
        ask(session, *points)


@pytest.mark.parametrize("points", [(4, 3, 2, 1), (100,), (1,), (2, 2)])
def test_points_that_just_can_be(session: Session, points: tuple[int, ...]) -> None:
    """Each choice a place, all alike, the most and the least that one is worth."""
    poll = ask(session, *points)
    assert poll.points == points


def test_a_ranking_is_asked_in_words_also_for_one_place(session: Session) -> None:
    poll = ask(session, 3)
    assert went_to(session, poll, "card") == []
    told = str(letter(session, poll, "text").body)
    assert f"第1名3分），例：投票 {poll.id}-王芳、李伟。" in told


@pytest.mark.parametrize(
    ("said", "picks"),
    [
        ("王芳、李伟", ("王芳", "李伟")),
        ("李伟，王芳", ("李伟", "王芳")),
        ("王芳芳和王芳", ("王芳芳", "王芳")),
        ("我投刘洋、王芳芳、李伟", ("刘洋", "王芳芳", "李伟")),
        ("1、2", ()),
        ("第一个", ()),
        ("不投李伟", ()),
        ("王芳第1", ()),
        ("李伟第二、王芳第一", ()),
        ("2王芳 1李伟", ()),
        ("李伟或者王芳吗", ()),
    ],
)
def test_the_order_is_that_of_the_words(
    session: Session, said: str, picks: tuple[str, ...]
) -> None:
    assert read_picks(ask(session, 3, 2, 1), said) == picks


def test_a_ranking_has_no_numbers_before_its_choices(session: Session) -> None:
    poll = ask(session, 3, 2, 1)
    assert results.list_offered(poll, "\n") == "\n".join(NAMES)
    assert results.say_points(poll) == "第1名3分、第2名2分、第3名1分"
