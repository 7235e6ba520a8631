"""A question goes to the nearest secretaries, is answered once, seen by no others."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.knowledge import questions
from bot.branch.people.members import Role, grant
from bot.branch.people.tree import find_branch
from bot.errors import Refusal
from bot.outbox import Letter, Recipient, Window
from tests.conftest import LONG_AGO as NOW
from tests.people import BRANCH, GROUP, find_member

SOON = Window(NOW, NOW + timedelta(days=1))


def letters(session: Session) -> list[tuple[str | None, str]]:
    rows = session.execute(
        select(Recipient.user, Letter.body)
        .join(Letter, Letter.id == Recipient.letter_id)
        .order_by(Recipient.id)
    )
    return [(user, body["text"]) for user, body in rows]


def test_the_first_answer_is_the_answer(session: Session) -> None:
    zhao, chen, wang = (find_member(session, name) for name in ("赵敏", "陈静", "王芳"))
    root = find_branch(session, BRANCH)
    assert root
    grant(session, chen, Role.SECRETARY, root)
    asked = questions.put(session, wang, "章怎么借", SOON, NOW)
    assert asked
    assert [user for user, _ in letters(session)] == ["zhaomin", "chenjing"]
    assert questions.waiting(session, chen) == [asked]
    assert questions.find_open(session, zhao, asked.id) == asked
    questions.answer(session, asked, "找我登记", chen, SOON)
    assert letters(session)[-1] == (
        "wangfang",
        "您问的“章怎么借”，书记陈静答复：\n找我登记",
    )
    with pytest.raises(Refusal, match="已经答复"):
        questions.answer(session, asked, "找他", zhao, SOON)
    session.refresh(asked)
    with pytest.raises(Refusal, match="已经答复"):
        questions.find_open(session, zhao, asked.id)
    assert questions.waiting(session, zhao) == []
    assert len(letters(session)) == 3


def test_only_those_who_were_asked_may_see_it(session: Session) -> None:
    asked = questions.put(session, find_member(session, "王芳"), "问", SOON, NOW)
    assert asked
    for name in ("李伟", "孙丽", "王芳"):
        with pytest.raises(Refusal, match="没有第"):
            questions.find_open(session, find_member(session, name), asked.id)
    assert questions.put(session, find_member(session, "孙丽"), "问", SOON, NOW) is None


def test_the_nearest_secretary_is_asked_and_never_herself(session: Session) -> None:
    liu, wang, zhao = (find_member(session, name) for name in ("刘洋", "王芳", "赵敏"))
    group = find_branch(session, GROUP)
    assert group
    assert questions.secretaries(session, wang) == [zhao]
    assert questions.secretaries(session, zhao) == []
    assert questions.secretaries(session, liu) == [zhao]
