"""Several threads' work in one commit: each is kept or undone by itself."""

from collections import Counter
from contextlib import closing
from threading import Barrier, Thread

import pysqlite3
import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import inbox, pending
from bot.errors import Refusal, StorageError
from bot.message import Message, Reply
from bot.pending import Open, Question
from bot.storage import Storage
from bot.together import Turn
from tests.conftest import LONG_AGO as NOW

pytestmark = pytest.mark.files  # a PostgreSQL has many writers
THREADS, EACH = 8, 20


def asking(thread: str, fails: Exception | None = None) -> Turn[Session]:
    def work(session: Session) -> str:
        pending.ask(session, thread, Open("k", thread, {}), NOW)
        if fails:
            raise fails
        return thread

    return Turn(work)


def asked(storage: Storage) -> set[str]:
    with storage.read() as session:
        return set(session.scalars(select(Question.thread)))


def commits(storage: Storage) -> list[int]:
    counted: list[int] = []
    event.listen(storage.engine, "commit", lambda _: counted.append(1))
    return counted


def test_all_in_one_commit(storage: Storage) -> None:
    counted = commits(storage)
    turns = [asking(name) for name in "abc"]
    storage._do_all(turns)
    assert len(counted) == 1
    assert [turn.outcome() for turn in turns] == ["a", "b", "c"]
    assert asked(storage) == {"a", "b", "c"}


def test_what_raises_is_undone_alone(storage: Storage) -> None:
    counted = commits(storage)
    turns = [asking("a"), asking("b", Refusal("nein")), asking("c")]
    storage._do_all(turns)
    assert len(counted) == 1
    with pytest.raises(Refusal, match="nein"):
        turns[1].outcome()
    assert asked(storage) == {"a", "c"}


def test_where_one_spoils_the_whole_each_is_done_alone(storage: Storage) -> None:
    def twice(session: Session) -> None:
        for _ in range(2):
            question = Question(thread="b", kind="k", asked="", details={})
            question.expires_at = NOW
            session.add(question)
            session.flush()
            session.expunge(question)

    turns = [asking("a"), Turn(twice), asking("c")]
    storage._do_all(turns)
    with pytest.raises(IntegrityError):
        turns[1].outcome()
    assert [turns[0].outcome(), turns[2].outcome()] == ["a", "c"]
    assert asked(storage) == {"a", "c"}


def test_nobody_sees_what_another_has_loaded(storage: Storage) -> None:
    def look(session: Session) -> int:
        before = len(session.identity_map)
        session.get(Question, "a")
        return before

    turns = [asking("a"), Turn(look), Turn(look)]
    storage._do_all(turns)
    assert [turn.outcome() for turn in turns] == ["a", 0, 0]


def test_a_locked_database_tells_everybody(storage: Storage) -> None:
    event.listen(storage.engine, "connect", _be_impatient)
    storage.engine.dispose()
    with closing(pysqlite3.connect(str(storage.url.database))) as other:
        other.execute("BEGIN IMMEDIATE")
        turns = [asking("a"), asking("b")]
        storage._do_all(turns)
    for turn in turns:
        with pytest.raises(StorageError, match="正被别的程序占用"):
            turn.outcome()
    assert asked(storage) == set()


def _be_impatient(connection: pysqlite3.Connection, record: object) -> None:
    connection.execute("PRAGMA busy_timeout = 1")


def test_who_gets_no_turn_is_told(storage: Storage) -> None:
    storage._together._busy = True  # somebody is at it and does not come back
    with pytest.raises(StorageError, match="正被别的程序占用"):
        storage.share(lambda session: None, patience=0.01)


def begin(storage: Storage, number: int) -> bool | None:
    """Answer a message; tell whether it was new, None where it was refused."""
    message = Message("wecom", "wangfang", str(number), text="打卡")

    def work(session: Session) -> bool:
        if not inbox.begin(session, message, NOW):
            return False
        if number % 5 == 0:
            raise Refusal("nein")
        inbox.remember(session, message, Reply(str(number)))
        return True

    try:
        return storage.share(work)
    except Refusal:
        return None


def test_many_threads_lose_nothing_and_do_nothing_twice(storage: Storage) -> None:
    """Two threads have the same messages: each is begun once, and always answered."""
    ready, count = Barrier(THREADS), EACH * (THREADS // 2)
    told: list[tuple[int, bool | None]] = []

    def run(first: int) -> None:
        ready.wait()
        told.extend((each, begin(storage, each)) for each in range(first, first + EACH))

    threads = [Thread(target=run, args=(at // 2 * EACH,)) for at in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    expected = [
        (each, outcome)
        for each in range(count)
        for outcome in ((True, False) if each % 5 else (None, None))
    ]
    assert Counter(told) == Counter(expected)
    with storage.read() as session:
        kept = {str(reply) for reply in session.scalars(select(inbox.Answered.reply))}
    assert kept == {str(each) for each in range(count) if each % 5}
