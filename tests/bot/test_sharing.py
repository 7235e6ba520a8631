"""Several who share one commit: each is kept or undone by itself."""

from collections.abc import Callable

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.errors import Refusal
from bot.inbox import open_questions
from bot.inbox.open_questions import Open, Question
from bot.storage.database import Storage
from bot.storage.together import apart, goes_on
from tests.conftest import LONG_AGO as NOW

pytestmark = pytest.mark.files  # a PostgreSQL has many writers


def ask(session: Session, thread: str) -> None:
    open_questions.ask(session, thread, Open("k", thread, {}), NOW)


def fail(session: Session) -> None:
    """Write a row twice, which is noticed after the first has been written."""
    for _ in range(2):
        question = Question(thread="b", kind="k", asked="", details={})
        question.expires_at = NOW
        session.add(question)
        session.flush()
        session.expunge(question)


def asked(storage: Storage) -> set[str]:
    with storage.read() as session:
        return set(session.scalars(select(Question.thread)))


def test_all_in_one_commit(storage: Storage) -> None:
    counted: list[int] = []
    event.listen(storage.engine, "commit", lambda _: counted.append(1))
    with storage.write_for_many() as whole:
        for name in "abc":
            with apart(whole) as session:
                ask(session, name)
    assert len(counted) == 1
    assert asked(storage) == {"a", "b", "c"}


def refuse(session: Session) -> None:
    ask(session, "b")
    raise Refusal("nein")


def undo_all(session: Session) -> None:
    session.connection().exec_driver_sql("ROLLBACK")
    raise Refusal("nein")


def test_what_raises_is_undone_alone(storage: Storage) -> None:
    with storage.write_for_many() as whole:
        with apart(whole) as session:
            ask(session, "a")
        with pytest.raises(Refusal), apart(whole) as session:
            refuse(session)
        assert goes_on(whole)
        with apart(whole) as session:
            ask(session, "c")
    assert asked(storage) == {"a", "c"}


@pytest.mark.parametrize("spoil", [fail, undo_all])
def test_where_one_spoils_the_whole_it_is_noticed(
    storage: Storage, spoil: Callable[[Session], None]
) -> None:
    with storage.write_for_many() as whole:
        with pytest.raises((IntegrityError, Refusal)), apart(whole) as session:
            spoil(session)
        assert not goes_on(whole)
        whole.rollback()
    assert asked(storage) == set()


def test_nobody_sees_what_another_has_loaded(storage: Storage) -> None:
    with storage.write_for_many() as whole:
        with apart(whole) as session:
            ask(session, "a")
            session.get(Question, "a")
        with apart(whole) as session:
            assert len(session.identity_map) == 0
