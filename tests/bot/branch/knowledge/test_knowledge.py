"""The branch's own knowledge: found by who may read it, quoted with its source."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.branch.knowledge import knowledge
from bot.branch.knowledge.knowledge import Entry, Gram, told
from bot.branch.people.tree import Branch, find_branch, plant
from bot.errors import Refusal
from bot.files.documents import Passage
from bot.maintenance import upgrade
from bot.storage.database import Storage
from tests.conftest import LONG_AGO as NOW
from tests.conftest import ZONE
from tests.people import BRANCH, GROUP, OTHER_BRANCH, enrol_everyone, find_member

SERVER = "postgresql+psycopg://postgres@localhost"


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.thorough)]
)
def books(request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session on SQLite, and one on PostgreSQL where a server answers."""
    if request.param == "sqlite":
        yield request.getfixturevalue("session")
        return
    admin = create_engine(f"{SERVER}/postgres", isolation_level="AUTOCOMMIT")
    name = f"xiangyang_knowledge_{uuid4().hex}"
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        pytest.skip("NO POSTGRESQL ANSWERS ON LOCALHOST: ITS TESTS WERE NOT RUN")
    storage = Storage(f"{SERVER}/{name}")
    upgrade.upgrade(storage)
    with storage.write() as session:
        enrol_everyone(session, NOW)
        yield session
    storage.close()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def branch(session: Session, name: str = BRANCH) -> Branch:
    found = find_branch(session, name)
    assert found
    return found


def say(session: Session, words: str, where: str = BRANCH) -> knowledge.Source:
    by = find_member(session, "赵敏")
    kept = knowledge.add(session, branch(session, where), told(words), by, NOW)
    assert kept
    return kept


def texts(session: Session, question: str, where: str = BRANCH) -> list[str]:
    found = knowledge.search(session, branch(session, where), question, limit=3)
    return [each.text for each in found]


def test_the_best_passage_is_quoted_with_its_source(books: Session) -> None:
    passages = [
        Passage("经费使用", "差旅报销每周三下午找李老师。"),
        Passage("场地", "活动室钥匙在系办公室，借用要登记。"),
        Passage("场地", "301会议室由教务处排期。"),
    ]
    entry = Entry("支部工作细则", passages, is_file=True)
    assert knowledge.add(books, branch(books), entry, None, NOW)
    (quote,) = knowledge.search(books, branch(books), "请问活动室的钥匙放在哪里？")
    assert quote.cited(ZONE).splitlines() == [
        passages[1].text,
        "出处：《支部工作细则》“场地”（2026年1月1日加入支部知识）",
    ]
    assert texts(books, "301会议室谁管")[0] == passages[2].text
    assert texts(books, "食堂几点开门") == []
    assert texts(books, "？？") == []
    assert texts(books, "的") == []


def test_each_reads_her_branch_and_those_above(books: Session) -> None:
    inner = plant(books, "第九党支部", branch(books))
    say(books, "差旅报销找李老师")
    say(books, "公章在孙老师那里", OTHER_BRANCH)
    assert texts(books, "差旅报销找谁", "第九党支部") == ["差旅报销找李老师"]
    assert texts(books, "差旅报销找谁", GROUP) == ["差旅报销找李老师"]
    assert texts(books, "公章在哪") == []
    assert texts(books, "差旅报销找谁", OTHER_BRANCH) == []
    own = say(books, "打印机在二楼", inner.name)
    assert texts(books, "打印机在哪") == []
    assert knowledge.find(books, branch(books), own.id) == own
    with pytest.raises(Refusal):
        knowledge.find(books, branch(books, OTHER_BRANCH), own.id)


def test_the_same_is_kept_once_and_a_new_edition_replaces_the_old(
    books: Session,
) -> None:
    def add(words: str) -> knowledge.Source | None:
        entry = Entry("值班表", [Passage("", words)], is_file=True)
        return knowledge.add(books, branch(books), entry, None, NOW)

    assert add("周一李老师值班")
    assert add("周一李老师值班") is None
    assert add("周一王老师值班")
    assert texts(books, "周一谁值班") == ["周一王老师值班"]
    assert [each.title for each in knowledge.every(books, branch(books))] == ["值班表"]


def test_what_is_changed_or_removed_is_found_no_more(books: Session) -> None:
    source = say(books, "差旅报销找李老师")
    by = find_member(books, "赵敏")
    knowledge.change(books, source, "打印机在二楼", by, NOW)
    assert knowledge.text_of(books, source) == "打印机在二楼"
    assert texts(books, "差旅报销找谁") == []
    assert texts(books, "打印机在哪") == ["打印机在二楼"]
    knowledge.remove(books, source)
    assert texts(books, "打印机在哪") == []
    assert books.scalar(select(func.count()).select_from(Gram)) == 0


def test_a_file_is_changed_by_importing_it_anew(books: Session) -> None:
    entry = Entry("长" * 200, [Passage("", "词")], is_file=True)
    source = knowledge.add(books, branch(books), entry, None, NOW)
    assert source
    assert len(source.title) == 120
    with pytest.raises(Refusal, match="重新导入"):
        knowledge.change(books, source, "新", find_member(books, "赵敏"), NOW)
