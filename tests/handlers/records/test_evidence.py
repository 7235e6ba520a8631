"""A picture sent after a record shows it: kept once, numbered, moved on by it."""

from sqlalchemy import select

from bot.branch.records.evidence import drop_twins, evidence_of
from bot.branch.records.tables import Evidence, Record
from bot.outbox.attachments import Attachment
from server.twin import samples
from tests.stage import Stage


def recorded(stage: Stage, text: str) -> None:
    stage.say("王芳", text)
    stage.say("王芳", "确认")


def test_a_picture_is_numbered_and_confirms(stage: Stage) -> None:
    recorded(stage, "今天去苏州轴承厂调试设备半天")
    told = stage.world.picture("wangfang").text
    assert "服务-0001-1" in told
    assert "企业已确认" in told
    assert "服务-0001-2" in stage.world.picture("wangfang").text
    stage.delivery.deliver_all()
    with stage.assistant.storage.read() as session:
        shown = session.scalars(select(Evidence)).all()
        assert [each.number for each in shown] == ["服务-0001-1", "服务-0001-2"]
        kept = session.get_one(Attachment, shown[0].attachment_id)
        assert kept.bytes_kept


def test_a_text_after_it_is_read_as_ever(stage: Stage) -> None:
    recorded(stage, "今天去苏州轴承厂调试设备半天")
    assert "已打卡" in stage.say("王芳", "打卡 读党章")


def test_nothing_is_shown_where_nothing_was_told(stage: Stage) -> None:
    assert "只看得懂文字" in stage.world.picture("wangfang").text
    with stage.assistant.storage.read() as session:
        assert session.scalars(select(Record)).all() == []
        assert session.scalars(select(Evidence)).all() == []


def test_a_photo_sent_twice_counts_once(stage: Stage) -> None:
    """出岔子：一张照片发了两遍。"""
    recorded(stage, "今天去苏州轴承厂调试设备半天")
    numbers = [stage.world.picture("wangfang").text for _ in range(2)]
    assert "服务-0001-2" in numbers[1]
    stage.world.picture("wangfang", samples.draw_png(120, 80))
    stage.delivery.deliver_all()
    with stage.assistant.storage.write() as session:
        assert drop_twins(session, stage.clock.now()) == 1
        assert drop_twins(session, stage.clock.now()) == 0
    with stage.assistant.storage.read() as session:
        assert evidence_of(session, [1])[1] == ["服务-0001-1", "服务-0001-3"]
    assert any("是同一张" in line for line in stage.arrived())
    assert "服务-0001-4" in stage.world.picture("wangfang").text
