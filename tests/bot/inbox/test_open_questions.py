"""One open question a conversation, for half an hour."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.inbox import open_questions
from bot.inbox.open_questions import Aside, Open, Question
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


def draft(text: str, kind: str = "notice") -> Open:
    return Open(kind, "发不发？", {"text": text, "before": []}, role=4, branch_id=1)


def test_what_waits_of_one_conversation_is_not_taken_up_in_another(
    session: Session,
) -> None:
    for thread in ("a", "b"):
        open_questions.put(session, thread, draft(thread), NOW)
        open_questions.put(session, thread, OTHER, NOW)
        open_questions.close(session, thread)
    later = NOW + timedelta(minutes=30)
    assert open_questions.peek_aside(session, "a", NOW) == draft("a")
    assert open_questions.peek_aside(session, "a", later) is None
    assert open_questions.peek_aside(session, "c", NOW) is None
    taken = open_questions.take_up(session, "a", NOW)
    assert taken == draft("a")
    assert taken.stale == open_questions.NAMED, (
        "a mere yes is no yes to what was shown before"
    )
    assert open_questions.take_up(session, "b", later) is None
    assert open_questions.peek_aside(session, "b", NOW) is None, "it is gone"


def test_what_was_set_aside_goes_on_with_its_own_time(session: Session) -> None:
    open_questions.put(session, "a", draft("a"), NOW)
    later = NOW + timedelta(minutes=20)
    open_questions.put(session, "a", OTHER, later)
    open_questions.close(session, "a")
    assert open_questions.take_up(session, "a", later) == draft("a")
    last = NOW + timedelta(minutes=29, seconds=59)
    assert open_questions.find(session, "a", last) == draft("a")
    assert open_questions.find(session, "a", NOW + timedelta(minutes=30)) is None


def test_what_is_over_is_not_set_aside(session: Session) -> None:
    open_questions.put(session, "a", draft("a"), NOW)
    later = NOW + timedelta(minutes=30)
    open_questions.put(session, "a", OTHER, later)
    open_questions.close(session, "a")
    assert open_questions.take_up(session, "a", later) is None


def test_a_question_of_the_same_kind_takes_its_place_and_a_draft_waits(
    session: Session,
) -> None:
    open_questions.put(session, "a", ASKED, NOW)
    open_questions.put(session, "a", ASKED, NOW)
    open_questions.close(session, "a")
    assert open_questions.take_up(session, "a", NOW) is None
    open_questions.put(session, "a", ASKED, NOW)
    open_questions.put(session, "a", OTHER, NOW)
    open_questions.close(session, "a")
    assert open_questions.take_up(session, "a", NOW) == ASKED, "another kind's waits"
    open_questions.put(session, "b", draft("b"), NOW)
    open_questions.put(session, "b", draft("c"), NOW)
    open_questions.close(session, "b")
    assert open_questions.take_up(session, "b", NOW) == draft("b")


def test_all_of_a_kind_are_closed_and_what_waits_of_it_too(session: Session) -> None:
    for thread in ("a", "b"):
        open_questions.put(session, thread, draft("x"), NOW)
        open_questions.put(session, thread, draft("y", "training"), NOW)
        open_questions.put(session, thread, OTHER, NOW)
    open_questions.close(session, "a", "notice")
    open_questions.close(session, "a", "checkin")
    assert open_questions.take_up(session, "a", NOW) == draft("y", "training")
    open_questions.close(session, "a")
    assert open_questions.take_up(session, "a", NOW) is None
    open_questions.close_all(session, "b")
    assert open_questions.take_up(session, "b", NOW) is None


def test_a_draft_goes_back_five_steps_and_not_to_what_it_is(session: Session) -> None:
    open_questions.put(session, "t", draft("0"), NOW)
    for number in range(1, 8):
        found = open_questions.find(session, "t", NOW)
        open_questions.put(session, "t", draft(str(number)), NOW, answers=found)
    found = open_questions.find(session, "t", NOW)
    states = []
    while found := found and open_questions.step_back(found):
        states.append(found.kept["text"])
    assert states == ["6", "5", "4", "3", "2"]
    other = draft("x", "training")
    open_questions.put(session, "t", other, NOW, answers=draft("7"))
    found = open_questions.find(session, "t", NOW)
    assert found
    assert open_questions.step_back(found) is None, "another kind's states are not its"


def test_who_wants_to_think_has_three_hours(session: Session) -> None:
    for thread in ("a", "b"):
        open_questions.ask(session, thread, ASKED, NOW)
    open_questions.hold(session, "a", NOW)
    for hours, open_ in ((2.99, [True, False]), (3, [False, False])):
        later = NOW + timedelta(hours=hours)
        found = [open_questions.find(session, each, later) for each in "ab"]
        assert [each is not None for each in found] == open_
    open_questions.note_reply(session, "a", said="预览", stale=2)
    open_questions.note_reply(session, "a", stale=3)
    held, other = (open_questions.find(session, each, NOW) for each in "ab")
    assert held
    assert other
    assert (held.stale, held.said) == (3, "预览")
    assert (other.stale, other.said) == (0, "")


def test_what_waits_is_forgotten_too_and_only_a_draft_s_words_stay(
    session: Session,
) -> None:
    for thread, first in (("a", draft("a")), ("b", ASKED)):
        open_questions.put(session, thread, first, NOW)
        open_questions.put(session, thread, OTHER, NOW)
    open_questions.put(session, "c", draft("c"), NOW + timedelta(minutes=1))
    over = NOW + timedelta(minutes=30)
    open_questions.forget_old(session, over)
    assert session.scalar(select(func.count()).select_from(Aside)) == 0
    assert session.scalars(select(Question.thread)).all() == ["c"]
    assert open_questions.find_lapsed(session, "a", over) == "发不发？"
    assert open_questions.find_lapsed(session, "b", over) == ""


def test_a_letter_stands_between_a_question_and_its_yes(session: Session) -> None:
    """In whatever case the account is written; what is further off stays so."""
    for thread in ("wecom:A", "wecom:b", "wecom:c", "robot:a"):
        open_questions.ask(session, thread, ASKED, NOW)
    open_questions.note_reply(session, "wecom:c", stale=open_questions.UNSEEN)
    open_questions.note_letter(session, "wecom", ["a", "c", "nobody"])
    found = {
        thread: open_questions.find(session, thread, NOW)
        for thread in ("wecom:A", "wecom:b", "wecom:c", "robot:a")
    }
    assert [each and each.stale for each in found.values()] == [
        *(open_questions.NAMED, 0),
        *(open_questions.UNSEEN, 0),
    ]
