"""Each invariant is broken on purpose, and verify names it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import literal, select, text

from bot import outbox
from bot.branch.birthdays.greetings import Greeting
from bot.branch.duties.observances import Observance
from bot.branch.knowledge.knowledge import Gram
from bot.branch.knowledge.questions import Asked
from bot.branch.reminders.reminders import Reminder
from bot.branch.study.hours import StudyHours
from bot.maintenance.verify import proofs, verify
from bot.outbox import Recipient
from bot.outbox.mutes import Mute
from bot.storage.database import Storage
from server.setup.wiring import build_assistant
from server.twin.serving import running
from tests.conftest import LONG_AGO as EARLY
from tests.conftest import make_clock, make_settings, make_world
from tests.databases import Databases
from tests.stage import Stage, listening

DAYS = """
2026-03-02 08:05
王芳> 打卡 学党章
李伟> 打卡 学党史
何雪> 免打扰到明天
赵敏> 发通知 周四下午三点交笔记
赵敏> 确认
王芳> 收到
王芳> 每天九点提醒我喝水
李伟> 3月9日十点提醒我交表
赵敏> 加节点 12月9日 支部成立纪念日
赵敏> 记住 活动室在科研楼301，钥匙在门卫处
赵敏> 确认
王芳> 问书记 借活动室要提前几天说
王芳> 好
赵敏> 登记培训 3月1日 党史专题培训 一天 参加：王芳、李伟
赵敏> 确认
王芳> 昨天去苏州轴承厂调试设备半天
王芳> 确认
2026-03-02 09:01
2026-03-03 09:01
王芳> 打卡 学二十大报告
"""

BREAKS = {
    "每封信：计划人数": "UPDATE letter SET planned = planned + 1 WHERE id = 1",
    "每个收件人恰有一种结果": "UPDATE recipient SET settled_at = NULL"
    " WHERE state = 'delivered'",
    "每封信等着发的人数": "UPDATE letter SET unclaimed = 3 WHERE id = 1",
    "一封信同一人只有一份": "INSERT INTO recipient"
    ' (letter_id, "user", state, reason, settled_at) SELECT letter_id,'
    ' upper("user"), state, reason, settled_at FROM recipient WHERE "user" = \'liwei\'',
    "每一批都有主": "UPDATE batch SET owner = '' WHERE id = 1",
    "第 1 批已办完": "UPDATE recipient SET state = 'pending', settled_at = NULL"
    " WHERE batch_id = 1",
    "所在的批次不在": "UPDATE recipient SET batch_id = 999 WHERE batch_id = 1",
    "打卡：当天的序号": "UPDATE check_in SET streak = 7",
    "组织：每个节点": "UPDATE branch SET path = '/9/' WHERE id = 2",
    "名册：账号与职务": "UPDATE member SET account = 'other' WHERE userid = 'liwei'",
    "不是一个人的账号": "UPDATE member SET userid = '@all', account = '@all'"
    " WHERE userid = 'liwei'",
    "授权的职务不存在": "UPDATE role_grant SET role = 9",
    "作品：原件都在": "INSERT INTO work_file (record_id, attachment_id, name, digest,"
    " size, from_chat, began_at) VALUES (1, 999, 'a', 'd', 1, true, '2026-03-02')",
    "作品：没有人给自己的": "INSERT INTO work_score (record_id, juror_id, theme, art,"
    " fresh, comment, recused, entered_by, at) SELECT record_id, member_id, 1, 1,"
    " 1, '', false, 1, '2026-03-02' FROM record_person"
    " WHERE member_id IS NOT NULL LIMIT 1",
    "记录：人次与合计": "UPDATE record SET heads = 9",
    "记录：企业是本支部的": "UPDATE organisation SET branch_id = 2",
    "企业：一个名称只属于一家": "INSERT INTO organisation_alias (organisation_id,"
    " branch_id, name) SELECT 99, branch_id, name FROM organisation WHERE id = 1",
    "回执：不早于通知": "UPDATE receipt SET at = '2020-01-01 00:00:00'",
    "通知：一人只通知一次": "INSERT INTO recipient (letter_id, member_id, state,"
    " reason, settled_at) SELECT letter_id, member_id, 'refused', 'x', settled_at"
    " FROM recipient WHERE \"user\" = 'liwei'",
    "定时事：做完的": "INSERT INTO occasion VALUES ('j', '2026-03-02 08:00:00',"
    " '2026-03-02 08:00:00', '2026-03-01 08:00:00')",
    "收件：一条消息一行": "UPDATE answered SET message_id = '' WHERE message_id ="
    " (SELECT min(message_id) FROM answered)",
    "留到以后的都还没有结果": "UPDATE recipient SET held_until ="
    " '2026-03-09 08:00:00' WHERE state = 'delivered'",
    "等的汇总里没有他": "UPDATE recipient SET digest_id = 1"
    " WHERE held_until IS NOT NULL",
    "绑定码：六位数字": "INSERT INTO binding_code VALUES (1, '12', '2026-03-02')",
    "联系方式：都是认得的渠道": "INSERT INTO way"
    " (member_id, channel, address, bound_at) VALUES (1, 'post', 'x', '2026-03-02')",
    "联系方式：都是名册里的人的": "INSERT INTO way"
    " (member_id, channel, address, bound_at)"
    " VALUES (999, 'official', 'x', '2026-03-02')",
    "机器人的长连接：开着": "INSERT INTO aibot_line (name, owner, beat, beat_at,"
    " up_since) VALUES ('aibot', '', 1, '2026-03-02', '2026-03-02 08:00:00')",
    "机器人的回答：送到": "INSERT INTO aibot_reply VALUES ('m', 'x', 'r', 'liwei',"
    " '', '2026-03-02 08:00:00', '2026-03-01 08:00:00')",
    "机器人：问过书记的来人": 'INSERT INTO caller (channel, "user", first_at,'
    " heard_at, called) VALUES ('aibot', 'x', '2026-03-02', '2026-03-02', '王芳')",
    "走别的渠道的都有地址": "UPDATE recipient SET address = 'oWang'",
    "免打扰：先开始": "UPDATE mute SET until = since",
    "提醒：状态与下一次": "UPDATE reminder SET next_due = NULL",
    "个提醒的时间读不出来": "UPDATE reminder SET rule = 'sometimes'"
    " WHERE rule IS NOT NULL",
    "是 over，下一次却有": "UPDATE reminder SET state = 'over'",
    "政治生日：一人一年只祝一次": "UPDATE letter SET topic = 'birthday:2026:1',"
    " kind = 'birthday' WHERE kind IN ('notice', 'study')",
    "年的祝福记了，却没有信": "INSERT INTO greeting VALUES (2, 2020, '2020-03-02')",
    "学习提醒：一人一天只有一份": "UPDATE letter SET key ="
    " 'study:2026-03-02:' || id WHERE kind = 'study'",
    "2026-03-02 给了": "UPDATE letter SET key ="
    " 'study:2026-03-02:' || id WHERE kind = 'study'",
    "会议：签到的人都在名单里": "INSERT INTO attendee (meeting_id, member_id, expected,"
    ' votes, "full", left_at, how, late, said_before) VALUES (1, 1, true, true,'
    " true, '2026-03-02 08:00:00', '', false, '')",
    "号列席却有表决权": "INSERT INTO attendee (meeting_id, member_id, expected, votes,"
    ' "full", how, late, said_before)'
    " VALUES (1, 1, false, true, true, '', false, '')",
    "会议：一个会不会既只叫": "INSERT INTO call_exception (meeting_id, member_id,"
    " called, said_by, at) VALUES (1, 1, true, 1, '2026-03-02 08:00:00'),"
    " (1, 2, false, 1, '2026-03-02 08:00:00')",
    "请假：批了的都有人批": "INSERT INTO meeting_leave (meeting_id, member_id, sort,"
    " state, after, asked_at) VALUES (1, 1, '', 'granted', false,"
    " '2026-03-02 08:00:00')",
    "组织生活会：整改以外的": "INSERT INTO life_step (meeting_id, step, text, due,"
    " written_by, at) VALUES (1, 'talk', 'x', '2026-03-09', 1, '2026-03-02 08:00:00')",
    "决议：票数不超过": "INSERT INTO resolution (meeting_id, text, matter, votes_for,"
    " against, abstain, written_for, voters, voters_here, passed, written_by, at)"
    " VALUES (1, 'x', 'ordinary', 9, 0, 0, 0, 9, 5, true, 1, '2026-03-02 08:00:00')",
    "会议记录：锁定的都有主持人签字": "INSERT INTO meeting (branch_id, kind, title,"
    " starts_at, place, lecturer, state, called_by, moves, guests, door, late_entry,"
    " why, at) VALUES (1, 'general', 'x', '2026-03-01 08:00:00', '', '', 'locked', 1,"
    " 0, '{}', 'd', false, '', '2026-03-01 08:00:00')",
    "后台的登录链接：用过的": "INSERT INTO console_link (digest, member_id, expires_at,"
    " used_at) VALUES ('x', 1, '2026-03-02 08:00:00', '2026-03-02 09:00:00')",
    "后台的登录：时间前后": "INSERT INTO console_session (member_id, digest, role,"
    " branch_id, device, began_at, seen_at, turned_at) VALUES (1, 'x', 4, 1, '',"
    " '2026-03-02 08:00:00', '2026-03-02 07:00:00', '2026-03-02 08:00:00')",
    "投票：结束的没有票箱": "INSERT INTO poll (id, branch_id, author_id, purpose,"
    " question, choices, most, state, opens_at, closes_at, results, why) VALUES (1, 1,"
    " 1, 'x', 'x', '{}', 1, 'closed', '2026-03-01 08:00:00', '2026-03-02 08:00:00',"
    " '{\"a\": 9}', '')",
    "学时：培训的学时": "UPDATE training SET hours = 40",
    "支部知识：内容没有变样": "UPDATE passage SET text = '活动室在别处'",
    "段查不全": "DELETE FROM passage_gram WHERE gram = '钥匙'",
    "问书记：答复": "UPDATE asked SET answered_at = '2026-03-02 08:00:00'",
    "节点：每一个都是日历上有的": "UPDATE observance SET month = 2, day = 30",
    "发展与任期：每一步都认得": "INSERT INTO milestone (branch_id, subject, step, day,"
    " noted_by, noted_at) VALUES (1, '', 'risen', '2026-03-01', 1, '2026-03-02')",
    "离开的人：到期清除以后": "INSERT INTO departure (member_id, since,"
    " erased_at) VALUES ((SELECT id FROM member WHERE userid = 'liwei'),"
    " '2025-01-01', '2026-01-01')",
    "本人的免打扰时间": "INSERT INTO own_hours (member_id, starts, ends)"
    " VALUES (1, '20:00:00.000000', '20:00:00.000000')",
    "通知：每一条都有信": "UPDATE letter SET topic = NULL WHERE topic = 'notice:1'",
    "check_in.member_id": "INSERT INTO check_in (member_id, day, nth, at, streak, note)"
    " VALUES (999, '2026-03-02', 1, '2026-03-02 08:00:00', 1, '')",
}


@pytest.fixture(scope="module")
def lived_in(
    filled_database: str, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a branch that has lived for two days."""
    address = databases.address(tmp_path_factory.mktemp("lived"))
    databases.copy(filled_database, address)
    clock, storage = make_clock(), Storage(address)
    with running(make_world(clock)) as world:
        settings = make_settings(address, world)
        assistant = build_assistant(settings, storage=storage, clock=clock)
        with listening(assistant, world):
            Stage(assistant, clock, world).play(DAYS)
    storage.close()
    yield address
    databases.drop(address)


@pytest.fixture
def lived(lived_in: str, databases: Databases, tmp_path: Path) -> Iterator[Storage]:
    address = databases.address(tmp_path)
    databases.copy(lived_in, address)
    storage = Storage(address)
    yield storage
    storage.close()
    databases.drop(address)


def test_a_lived_in_database_is_sound(lived: Storage) -> None:
    """Also with something kept back, and something due by itself."""
    assert verify(lived) == []
    with lived.read() as session:
        assert session.scalar(select(Recipient.id).where(Recipient.held_until > EARLY))
        for book in (Reminder, Mute, Greeting, Asked, Gram, StudyHours, Observance):
            assert session.scalar(select(literal(1)).select_from(book).limit(1)), book


def test_what_is_called_back_waits_for_nothing(lived: Storage) -> None:
    with lived.write() as session:
        outbox.cancel(session, "notice:1", "撤回", EARLY)
    assert verify(lived) == []


@pytest.mark.thorough
@pytest.mark.parametrize("claim", BREAKS)
def test_each_break_is_named(lived: Storage, claim: str) -> None:
    _force(lived, BREAKS[claim])
    assert any(claim in fault for fault in verify(lived)), verify(lived)


def test_every_claim_is_broken_once() -> None:
    told = [each.claim for each in proofs()]
    assert len(told) == len(set(told))
    unbroken = [each for each in told if not any(map(each.startswith, BREAKS))]
    assert unbroken == []


def test_many_faults_are_counted(lived: Storage) -> None:
    _force(lived, "INSERT INTO occasion VALUES ('a', '2026-03-02', '2026-03-02', NULL)")
    with lived.write() as session:
        for number in range(30):
            values = {"j": f"j{number}"}
            session.execute(
                text(
                    "INSERT INTO occasion VALUES (:j, '2026-03-02', '2026-03-02',"
                    " '2026-03-01')"
                ),
                values,
            )
    assert "另有 10 处" in verify(lived)[-1]


def _force(storage: Storage, statement: str) -> None:
    """Do what the foreign keys would refuse."""
    with storage.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        cursor = raw.cursor()
        if storage.is_sqlite:
            cursor.execute("PRAGMA foreign_keys = OFF")
        else:
            cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        if not storage.is_sqlite:
            raw.commit()
        cursor.close()
    storage.engine.dispose()
