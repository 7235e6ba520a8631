"""Everything stored about a member is told, also what a table of tomorrow will hold."""

import io
import re
from datetime import date, timedelta

from python_calamine import CalamineWorkbook
from sqlalchemy import Column, Integer, MetaData, String, Table, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.birthdays import notes, plans
from bot.branch.birthdays.greetings import Greeting
from bot.branch.knowledge import questions
from bot.branch.people import audit
from bot.branch.people.members import Member
from bot.branch.personal_data import about
from bot.branch.personal_data.heads import head_of
from bot.branch.study import checkins
from bot.branch.study.checkins import Study
from bot.inbox import open_questions
from bot.maintenance import schema
from bot.message import Text
from bot.outbox import Letter, Plan, Window
from bot.outbox.attachments import Attachment
from tests.conftest import LONG_AGO as NOW
from tests.fakes.made import AtOnce
from tests.people import find_member

SOON = Window(NOW, NOW + timedelta(days=1))
TELLING = re.compile(r"member|person|user|author|actor|owner|people|sender|subject")
# Columns whose name only sounds as if they referred to a member.
OTHERWISE = {
    "batch.owner": "the deliverer that claimed it",
    "member.full_member_since": "a date",
    "member.userid": "her own row",
    "departure.userid": "her own row, for a day",
    "recipient.user": "exported with the letters sent to her",
    "audit.actor": "found as text",
    "caller.user": "an address that is nobody's yet; a member's is in way",
    "aibot_reply.sender": "an address, for a day",
    "aibot_line.owner": "the process that holds it",
    "milestone.subject": "a name; her own rows are found by member_id",
}
REFERRING = re.compile(r"_id$|_?by(_|$)")
NOT_OF_MEMBERS = {
    "aibot_reply.message_id": "the platform's",
    "aibot_reply.req_id": "the platform's",
    "answered.message_id": "the platform's",
    "audit.branch_id": "a branch's",
    "console_session.branch_id": "a branch's",
    "question.branch_id": "a branch's",
    "question_aside.branch_id": "a branch's",
    "recipient.batch_id": "a batch's",
    "recipient.digest_id": "a letter's",
    "upload.media_id": "the platform's",
}


def test_no_column_tells_of_a_member_unnoticed() -> None:
    for table in schema.METADATA.tables.values():
        told = {column.name for column in about.refers(table)}
        for column in table.columns:
            if TELLING.search(column.name) and column.name not in told:
                assert f"{table.name}.{column.name}" in OTHERWISE


def test_every_title_is_of_a_table() -> None:
    assert about.TITLES.keys() <= schema.METADATA.tables.keys()


def test_every_table_that_tells_of_a_member_has_a_title() -> None:
    for table in schema.METADATA.tables.values():
        if about.refers(table):
            assert table.name in about.TITLES


def test_every_column_is_called_as_people_say() -> None:
    """Nobody is given a head like recorded_by. Letters have columns of their own."""
    for table in schema.METADATA.tables.values():
        if about.refers(table) or "thread" in table.columns:
            nameless = [
                each.name
                for each in table.columns
                if head_of(table.name, each.name) == each.name
            ]
            assert table.name == "recipient" or nameless == [], table.name


def test_every_number_that_could_be_a_member_s_is_known_for_what_it_is() -> None:
    """A reference is a foreign key, or found by its name, or listed here."""
    for table in schema.METADATA.tables.values():
        told = {column.name for column in about.refers(table)}
        for column in table.columns:
            numbers = REFERRING.search(column.name) and not column.foreign_keys
            if numbers and column.name not in told:
                assert f"{table.name}.{column.name}" in NOT_OF_MEMBERS


def test_a_table_of_tomorrow_is_exported_without_an_edit(session: Session) -> None:
    tomorrow = MetaData()
    table = Table(
        "merit",
        tomorrow,
        Column("id", Integer, primary_key=True),
        Column("member_id", Integer),
        Column("words", String),
    )
    tomorrow.create_all(session.connection())
    wang = find_member(session, "王芳")
    session.execute(table.insert(), [{"member_id": wang.id, "words": "优秀"}])
    session.execute(table.insert(), [{"member_id": wang.id + 1, "words": "不是她"}])
    (held,) = about.collect(session, wang, tomorrow)
    assert [dict(row) for row in held.rows] == [
        {"id": 1, "member_id": wang.id, "words": "优秀"}
    ]


def kept_for(session: Session, member: Member) -> dict[str, int]:
    held = about.collect(session, member)
    return {each.table: len(each.rows) for each in held}


def test_what_others_wrote_for_her_is_hers_from_the_day_it_is_given(
    session: Session,
) -> None:
    wang, li, zhao = (find_member(session, name) for name in ("王芳", "李伟", "赵敏"))
    to, before = (wang.id, 2026), kept_for(session, wang)
    for author, words in ((li, "永葆初心"), (zhao, "一路同行")):
        notes.write(session, to, author, words, NOW)
    plans.reword(session, to, "感谢您的坚守", zhao, NOW)
    assert kept_for(session, wang) == before
    assert kept_for(session, li)["birthday_note"] == 1
    assert kept_for(session, zhao)["birthday_plan"] == 1

    left_out, _ = notes.listed(session, to)
    notes.drop(session, left_out.id, dropped=True)
    session.add(Greeting(member_id=wang.id, year=2026, at=NOW))
    session.flush()
    notes.write(session, (wang.id, 2027), li, "明年再说", NOW)
    held = {each.table: each.rows for each in about.collect(session, wang)}
    assert [each["text"] for each in held["birthday_note"]] == ["一路同行"]
    assert [each["words"] for each in held["birthday_plan"]] == ["感谢您的坚守"]


def test_that_she_is_not_to_be_greeted_is_no_surprise(session: Session) -> None:
    wang, zhao = (find_member(session, name) for name in ("王芳", "赵敏"))
    plans.stop(session, (wang.id, 2026), zhao, NOW)
    assert kept_for(session, wang)["birthday_plan"] == 1


def test_all_that_is_hers_and_nothing_of_others(session: Session) -> None:
    wang, li, zhao = (find_member(session, name) for name in ("王芳", "李伟", "赵敏"))
    for member, note in ((wang, "她的"), (li, "他的")):
        checkins.check_in(session, member, Study(note, None, None), NOW)
    asked = questions.put(session, li, "谁问的", SOON, NOW)
    assert asked
    questions.answer(session, asked, "答", zhao, SOON)
    for member in (wang, li):
        audit.note(session, zhao, "phone.view", NOW, subjects=[member.id])
    plan = Plan("k", "notice", Text("周五开会"), SOON)
    outbox.put_to(session, plan, wang.userid, wang.id, now=NOW)
    open_questions.ask(
        session, "wecom:wangfang", open_questions.Open("k", "多少？", {"a": 1}), NOW
    )

    held = {each.table: each.rows for each in about.collect(session, wang)}
    assert {table: len(rows) for table, rows in held.items()} == {
        "audit": 1,
        "check_in": 1,
        "member": 1,
        "question": 1,
        "recipient": 1,
    }
    assert held["recipient"][0]["text"] == "周五开会"
    of_zhao = {each.table: each.rows for each in about.collect(session, zhao)}
    (answered,) = of_zhao["asked"]
    assert answered["answered_by"] == zhao.id
    assert "member_id" not in answered


def test_the_file_holds_it_all_and_goes_to_her(session: Session) -> None:
    wang = find_member(session, "王芳")
    study = Study("=1+1", None, None)
    checkins.check_in(session, wang, study, NOW.replace(hour=12))
    name = about.send_all(session, wang, AtOnce(), NOW)
    letter = session.scalars(select(Letter)).one()
    kept = session.get_one(Attachment, letter.body["attachment"])
    assert kept.name == name
    assert kept.content
    book = CalamineWorkbook.from_filelike(io.BytesIO(kept.content))
    assert book.sheet_names == ["名册", "打卡"]
    heads, row = book.get_sheet_by_name("打卡").to_python()
    told = dict(zip(heads, row, strict=True))
    assert told["内容"] == "=1+1"
    assert told["时间"] == NOW.replace(hour=12, tzinfo=None)
    assert (told["日期"], told["连续天数"]) == (NOW.date(), 1)
    heads, row = book.get_sheet_by_name("名册").to_python()
    told = dict(zip(heads, row, strict=True))
    assert (told["姓名或名称"], told["入党日期"]) == ("王芳", date(2011, 3, 2))
    assert told["祝贺政治生日"] == "是"
    assert told["状态"] == "正常"
