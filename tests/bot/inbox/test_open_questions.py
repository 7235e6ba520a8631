"""One open question a conversation, for half an hour."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.inbox import open_questions
from bot.inbox.open_questions import Open, Question
from tests.conftest import LONG_AGO as NOW

ASKED = Open("broadcast", "发不发？", {"text": "开会", "step": "confirm"})
OTHER = Open("checkin", "打卡？", {})


@pytest.mark.parametrize(("minutes", "open_"), [(0, True), (29.9, True), (30, False)])
def test_a_question_expires(session: Session, minutes: float, *, open_: bool) -> None:
    open_questions.ask(session, "wecom:a", ASKED, NOW)
    later = NOW + timedelta(minutes=minutes)
    assert open_questions.find(session, "wecom:a", later) == (ASKED if open_ else None)


def test_each_conversation_has_its_own(session: Session) -> None:
    open_questions.ask(session, "wecom:a", ASKED, NOW)
    open_questions.ask(session, "wecom:b", OTHER, NOW)
    assert open_questions.find(session, "wecom:a", NOW) == ASKED
    assert open_questions.find(session, "group:a", NOW) is None
    open_questions.close(session, "wecom:a")
    open_questions.close(session, "wecom:a")
    assert open_questions.find(session, "wecom:a", NOW) is None
    assert open_questions.find(session, "wecom:b", NOW) == OTHER


def test_a_new_question_replaces_the_old_and_its_time(session: Session) -> None:
    open_questions.ask(session, "wecom:a", ASKED, NOW)
    later = NOW + timedelta(minutes=20)
    open_questions.ask(session, "wecom:a", OTHER, later)
    assert (
        open_questions.find(session, "wecom:a", later + timedelta(minutes=29)) == OTHER
    )


def test_the_expired_are_forgotten(session: Session) -> None:
    open_questions.ask(session, "wecom:a", ASKED, NOW)
    open_questions.ask(session, "wecom:b", OTHER, NOW + timedelta(minutes=10))
    open_questions.forget_old(session, NOW + timedelta(minutes=30))
    assert session.scalar(select(func.count()).select_from(Question)) == 1


def test_what_its_details_hold_finds_the_open_one_of_its_kind(session: Session) -> None:
    """Two kinds, two conversations, two values, and one that is over."""
    held = {"step": {"key": "x"}}
    ours = Open("draft", "发不发？", held, role=3, branch_id=7)
    open_questions.ask(session, "wecom:a", Open("other", "？", held), NOW)
    open_questions.ask(
        session, "wecom:b", Open("draft", "？", {"step": {"key": "y"}}), NOW
    )
    open_questions.ask(session, "wecom:c", ours, NOW + timedelta(minutes=1))

    def find(key: str, minutes: float) -> tuple[str, Open] | None:
        later = NOW + timedelta(minutes=minutes)
        return open_questions.find_where(session, "draft", ("step", "key"), key, later)

    assert find("x", 2) == ("wecom:c", ours)
    assert find("z", 2) is None
    assert find("y", 29) is not None
    assert find("y", 30) is None
    assert find("x", 30.9) == ("wecom:c", ours)
    assert find("x", 31) is None


def test_what_is_closed_is_of_that_kind_and_conversation(session: Session) -> None:
    for thread, asked in (("wecom:a", ASKED), ("wecom:b", ASKED), ("wecom:c", OTHER)):
        open_questions.ask(session, thread, asked, NOW)
    open_questions.close(session, "wecom:a", "checkin")
    open_questions.close(session, "wecom:c", "checkin")
    found = [open_questions.find(session, f"wecom:{each}", NOW) for each in "abc"]
    assert found == [ASKED, ASKED, None]
    open_questions.close(session, "wecom:a", "broadcast")
    found = [open_questions.find(session, f"wecom:{each}", NOW) for each in "abc"]
    assert found == [None, ASKED, None]


def test_all_of_a_conversation_is_closed_however_it_is_written(
    session: Session,
) -> None:
    for thread in ("wecom:LiWei", "wecom:liwei", "wecom:liweiwei"):
        open_questions.ask(session, thread, ASKED, NOW)
    open_questions.close_all(session, "wecom:liwei")
    left = session.scalars(select(Question.thread)).all()
    assert left == ["wecom:liweiwei"]


def test_an_office_is_remembered_with_its_question(session: Session) -> None:
    held = Open("broadcast", "发不发？", {}, role=4, branch_id=2)
    open_questions.ask(session, "wecom:a", held, NOW)
    found = open_questions.find(session, "wecom:a", NOW)
    assert found is not None
    assert (found.office, ASKED.office) == ((4, 2), (1, None))


def test_what_is_come_over_waits_and_is_taken_up_again(session: Session) -> None:
    """The last first; its own time runs on, and what is over is not taken up."""
    draft = Open("notice", "发不发？", {"text": "a", "before": []}, role=4, branch_id=1)
    second = Open("training", "登记吗？", {"n": 1, "before": []})
    later = NOW + timedelta(minutes=20)
    open_questions.put(session, "wecom:a", draft, NOW)
    open_questions.put(session, "wecom:a", second, later)
    open_questions.put(session, "wecom:a", OTHER, later)
    assert open_questions.find(session, "wecom:a", later) == OTHER
    open_questions.close(session, "wecom:a")
    assert open_questions.take_up(session, "wecom:a", later) == second
    open_questions.close(session, "wecom:a")
    assert open_questions.take_up(session, "wecom:a", later) == draft
    over = NOW + timedelta(minutes=30)
    assert open_questions.find(session, "wecom:a", over) is None
    assert open_questions.find_lapsed(session, "wecom:a", over) == "发不发？"
    open_questions.forget_old(session, over)
    assert open_questions.find_lapsed(session, "wecom:a", over) == "发不发？"


def test_a_draft_keeps_its_earlier_states(session: Session) -> None:
    first = Open("notice", "？", {"text": "a", "before": []})
    open_questions.put(session, "t", first, NOW)
    for text in ("b", "b", "c"):
        found = open_questions.find(session, "t", NOW)
        again = Open("notice", "？", {"text": text, "before": []})
        open_questions.put(session, "t", again, NOW, answers=found)
    found = open_questions.find(session, "t", NOW)
    assert found is not None
    states = []
    while found := open_questions.step_back(found):
        states.append(found.kept["text"])
    assert states == ["b", "a"]


def test_what_passes_is_not_kept(session: Session) -> None:
    passing = Open("choose", "哪一个？", {}, passing=True)
    open_questions.put(session, "t", passing, NOW)
    open_questions.put(session, "t", ASKED, NOW)
    open_questions.close(session, "t")
    assert open_questions.take_up(session, "t", NOW) is None
