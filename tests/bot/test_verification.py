"""Each invariant is broken on purpose, and verify names it."""

import pytest
from sqlalchemy import text

from bot.storage import Storage
from bot.verification import proofs, verify
from tests.stage import Stage

DAY = """
2026-03-02 08:05
王芳> 打卡 学党章
李伟> 打卡 学党史
赵敏> 发通知 周五下午三点开会
赵敏> 确认
王芳> 收到
2026-03-03 09:00
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
    "授权的职务不存在": "UPDATE role_grant SET role = 9",
    "回执：不早于通知": "UPDATE receipt SET at = '2020-01-01 00:00:00'",
    "通知：一人只通知一次": "INSERT INTO recipient (letter_id, member_id, state,"
    " reason, settled_at) SELECT letter_id, member_id, 'refused', 'x', settled_at"
    " FROM recipient WHERE \"user\" = 'liwei'",
    "定时事：做完的": "INSERT INTO occasion VALUES ('j', '2026-03-02 08:00:00',"
    " '2026-03-02 08:00:00', '2026-03-01 08:00:00')",
    "收件：一条消息一行": "UPDATE answered SET message_id = '' WHERE message_id ="
    " (SELECT min(message_id) FROM answered)",
    "check_in.member_id": "INSERT INTO check_in (member_id, day, nth, at, streak, note)"
    " VALUES (999, '2026-03-02', 1, '2026-03-02 08:00:00', 1, '')",
}


@pytest.fixture
def lived(stage: Stage, storage: Storage) -> Storage:
    """A branch that has lived for two days."""
    stage.play(DAY)
    return storage


def test_a_lived_in_database_is_sound(lived: Storage) -> None:
    assert verify(lived) == []


@pytest.mark.parametrize("claim", BREAKS)
def test_each_break_is_named(lived: Storage, claim: str) -> None:
    _force(lived, BREAKS[claim])
    assert any(claim in fault for fault in verify(lived)), verify(lived)


def test_every_claim_is_broken_once() -> None:
    told = [each.claim for each in proofs()]
    assert len(told) == len(set(told))
    for claim in told:
        assert any(claim.startswith(key) for key in BREAKS), claim


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
