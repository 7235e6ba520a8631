"""台账: what is kept is sent."""

from sqlalchemy import func, insert, select

from bot.assistant.answering import Assistant
from bot.assistant.outcome import Outcome
from bot.branch.enrolment.enrolment import enrol
from bot.branch.notices import notices
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk
from bot.branch.people.audience import Audience
from bot.branch.people.audit import Audit
from bot.branch.people.members import Member
from bot.branch.people.tree import find_branch
from bot.files.roster.read import read_roster
from bot.message import Message
from bot.outbox import tally_kinds
from bot.outbox.attachments import Attachment
from tests.people import BRANCH, USERID, find_member


def say(assistant: Assistant, name: str, text: str) -> Outcome:
    message = Message("wecom", USERID[name], id=f"{name}-{text}", text=text)
    return assistant.answer(message)


def test_there_is_no_ledger_without_a_notice(assistant: Assistant) -> None:
    heard = say(assistant, "赵敏", "导出通知台账")
    assert heard.reply
    assert "还没有发过通知" in heard.reply.text


def test_ledger_of_the_latest_notice_is_sent(assistant: Assistant) -> None:
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        root = find_branch(session, BRANCH)
        assert root
        desk = Desk(find_member(session, "赵敏"), root)
        notices.publish(session, desk, Draft("旧的", Audience(root.id)), now)
        notices.publish(session, desk, Draft("新的", Audience(root.id)), now)
    heard = say(assistant, "赵敏", "导出通知台账")
    assert heard.reply
    assert heard.reply.text == "“通知台账-2-新的.xlsx”正在发到您的手机上。"
    with assistant.storage.read() as session:
        assert tally_kinds(session)[("export", "pending")] == 1


def test_the_roll_is_sent_as_a_file_that_changes_nothing_when_imported(
    assistant: Assistant,
) -> None:
    heard = say(assistant, "赵敏", "导出党员名册")
    assert heard.reply
    assert heard.reply.text.startswith("“名册-智能制造教工党支部-")
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        file = session.query(Attachment).one()
        assert file.content
        roster = read_roster(file.content, file.name, now.date()).entries
        root = find_branch(session, BRANCH)
        assert root
        summary = enrol(session, roster, root, now)
        assert (summary.added, summary.updated, summary.unchanged) == ([], [], 6)
        seen = select(func.count()).where(Audit.action == "members.export")
        assert session.scalar(seen) == summary.unchanged


def test_a_roll_of_thousands_is_not_sent(assistant: Assistant) -> None:
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        root = find_branch(session, BRANCH)
        assert root
        branch = {"branch_id": root.id, "added_at": now, "state": "active"}
        many = [{"name": f"党员{number}", **branch} for number in range(2000)]
        session.execute(insert(Member), many)
    heard = say(assistant, "赵敏", "导出名册")
    assert heard.reply
    assert "请管理员在服务器上导出" in heard.reply.text
    told = say(assistant, "赵敏", "党员名单").reply
    assert told
    assert "名册共 2006 人" in told.text
