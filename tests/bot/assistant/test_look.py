"""What was looked up beforehand: told as it was seen, and no more than that."""

import pytest
from sqlalchemy import bindparam, select, text

from bot.assistant.look import look_at_all
from bot.branch.people.members import Member, ensure_root
from bot.branch.people.tree import Branch
from bot.inbox.open_questions import Question
from bot.maintenance import upgrade
from bot.message import Message
from bot.storage.database import Storage, hold, put_row, tell_held
from bot.storage.prepared import Prepared, write_rows
from bot.storage.sight import Sight, Unseen
from tests.conftest import LONG_AGO as NOW
from tests.databases import Server

SAID = [Message("wecom", f"m{number}", f"{number}") for number in range(1, 17)]
NTH = 2
NAME = Prepared(select(Member.name).where(Member.id == bindparam("of_id")))
QUESTION = {
    "thread": "t",
    "kind": "k",
    "asked": "?",
    "details": {},
    "expires_at": NOW,
}


@pytest.fixture
def sight(storage: Storage) -> Sight:
    seen = Sight(storage.engine.dialect.name)
    seen.tell(NAME, ("王芳",), of_id=1)
    seen.tell(NAME, None, of_id=2)
    return seen


def test_what_was_seen_is_told(sight: Sight) -> None:
    assert NAME.first(sight, of_id=1) == ("王芳",)
    assert NAME.first(sight, of_id=2) is None
    tell_held(sight, Member, 1)
    hold(sight, Member, 1)


def test_what_was_not_seen_is_not_guessed(sight: Sight) -> None:
    with pytest.raises(Unseen):
        NAME.first(sight, of_id=3)
    with pytest.raises(Unseen):
        NAME.all(sight, of_id=1)
    with pytest.raises(Unseen):
        sight.get(Member, 1)
    with pytest.raises(Unseen):
        sight.scalar(select(Member.name))
    sight.add(Branch(name="b", kind="branch", path="/1/"))
    with pytest.raises(Unseen):
        sight.flush()


def test_what_waits_to_be_written_may_change_what_was_seen(sight: Sight) -> None:
    sight.add(Branch(name="b", kind="branch", path="/1/"))
    with pytest.raises(Unseen):
        NAME.first(sight, of_id=1)


def test_rows_are_kept_and_nothing_seen_holds_any_more(
    sight: Sight, storage: Storage
) -> None:
    put_row(sight, Question, QUESTION)
    put_row(sight, Question, QUESTION | {"asked": "!"})
    with pytest.raises(Unseen):
        NAME.first(sight, of_id=1)
    with storage.write() as session:
        write_rows(session, sight.rows)
        assert session.scalars(select(Question.asked)).all() == ["!"]


@pytest.mark.thorough
def test_plans_made_of_empty_tables_do_not_go_through_full_ones(server: Server) -> None:
    """A kept plan would: nobody has counted yet what is in the tables."""
    with server.lent() as address:
        storage, other = Storage(address), Storage(address)
        upgrade.upgrade(other)
        for _ in range(12):  # more than it takes to keep a plan
            with storage.write_for_many() as session:
                looks = look_at_all(session, SAID, NOW)
        with other.write() as session:  # nobody's plan that is kept here
            branch = ensure_root(session, "第一党支部").id
            for fill in FULL:
                session.execute(text(fill), {"branch": branch} if ":b" in fill else {})
        with storage.write_for_many() as session:
            looks = look_at_all(session, SAID, NOW)
            kept = session.scalar(text(KEPT))
            gone_through = session.scalars(text(GONE_THROUGH)).all()
        with storage.write() as session:
            after = session.scalar(text("SHOW enable_seqscan"))
        storage.close()
        other.close()
    assert kept
    assert [each and each.last and each.last[NTH] for each in looks] == [5] * 16
    assert gone_through == []
    assert after == "on"


LOOKED_AT = ("member", "role_grant", "branch", "check_in", "question", "answered")
FULL = (
    *(f"ALTER TABLE {each} SET (autovacuum_enabled = false)" for each in LOOKED_AT),
    "INSERT INTO member (account, userid, name, branch_id, state, greeted, plain,"
    " added_at) SELECT 'm' || n, 'm' || n, '某', :branch, 'active', true, false,"
    " '2020-01-01' FROM generate_series(1, 5000) n",
    "INSERT INTO check_in (member_id, day, nth, at, streak, note) SELECT id,"
    " '2020-01-01', n, '2020-01-01', 1, '' FROM member, generate_series(1, 5) n",
)
KEPT = "SELECT count(*) FROM pg_prepared_statements WHERE generic_plans > 5"
GONE_THROUGH = (
    "SELECT relname FROM pg_stat_xact_user_tables WHERE seq_scan > 0"
    f" AND relname IN {LOOKED_AT}"
)
