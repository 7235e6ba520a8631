"""Several units of work in one commit: each is kept or undone by itself."""

from collections.abc import Callable
from contextlib import closing

import pysqlite3
import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.errors import Refusal, StorageError
from bot.inbox import open_questions
from bot.inbox.open_questions import Open, Question
from bot.storage.database import Storage
from tests.conftest import LONG_AGO as NOW

pytestmark = pytest.mark.files  # a PostgreSQL has many writers


def asking(thread: str, fails: Exception | None = None) -> Callable[[Session], str]:
    def work(session: Session) -> str:
        open_questions.ask(session, thread, Open("k", thread, {}), NOW)
        if fails:
            raise fails
        return thread

    return work


def asked(storage: Storage) -> set[str]:
    with storage.read() as session:
        return set(session.scalars(select(Question.thread)))


def commits(storage: Storage) -> list[int]:
    counted: list[int] = []
    event.listen(storage.engine, "commit", lambda _: counted.append(1))
    return counted


def test_all_in_one_commit(storage: Storage) -> None:
    counted = commits(storage)
    works = [asking(name) for name in "abc"]
    done = storage.share(works)
    assert len(counted) == 1
    assert [each.outcome() for each in done] == ["a", "b", "c"]
    assert asked(storage) == {"a", "b", "c"}


def test_what_raises_is_undone_alone(storage: Storage) -> None:
    counted = commits(storage)
    works = [asking("a"), asking("b", Refusal("nein")), asking("c")]
    done = storage.share(works)
    assert len(counted) == 1
    with pytest.raises(Refusal, match="nein"):
        done[1].outcome()
    assert asked(storage) == {"a", "c"}


def test_where_one_spoils_the_whole_each_is_done_alone(storage: Storage) -> None:
    def twice(session: Session) -> None:
        for _ in range(2):
            question = Question(thread="b", kind="k", asked="", details={})
            question.expires_at = NOW
            session.add(question)
            session.flush()
            session.expunge(question)

    works = [asking("a"), twice, asking("c")]
    done = storage.share(works)
    with pytest.raises(IntegrityError):
        done[1].outcome()
    assert [done[0].outcome(), done[2].outcome()] == ["a", "c"]
    assert asked(storage) == {"a", "c"}


def test_nobody_sees_what_another_has_loaded(storage: Storage) -> None:
    def look(session: Session) -> int:
        before = len(session.identity_map)
        session.get(Question, "a")
        return before

    works = [asking("a"), look, look]
    done = storage.share(works)
    assert [each.outcome() for each in done] == ["a", 0, 0]


def test_a_locked_database_tells_everybody(storage: Storage) -> None:
    event.listen(storage.engine, "connect", _be_impatient)
    storage.engine.dispose()
    with closing(pysqlite3.connect(str(storage.url.database))) as other:
        other.execute("BEGIN IMMEDIATE")
        works = [asking("a"), asking("b")]
        done = storage.share(works)
    for each in done:
        with pytest.raises(StorageError, match="正被别的程序占用"):
            each.outcome()
    assert asked(storage) == set()


def _be_impatient(connection: pysqlite3.Connection, record: object) -> None:
    connection.execute("PRAGMA busy_timeout = 1")
