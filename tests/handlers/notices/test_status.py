"""谁没回复 says why nothing goes out while WeCom takes nothing."""

import pytest

from tests.stage import Stage

SEND = "message/send"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (60020, "请管理员在企业微信后台的“企业可信 IP”里加上这台服务器"),
        (50003, "请管理员在企业微信后台启用应用"),
        (45009, "过一会儿我自己再试"),
    ],
)
def test_a_pause_is_told_with_its_remedy(stage: Stage, code: int, told: str) -> None:
    stage.move_to("2026-03-14 10:00")
    stage.world.faults.add(SEND, "errcode", times=None, code=code)
    stage.say("赵敏", "通知大家：周三下午两点在301开会")
    stage.say("赵敏", "确认")
    assert stage.arrived() == []
    status = stage.say("赵敏", "谁没回复")
    assert "现在发不出去" in status
    assert f"（{code}）" in status
    assert told in status
    stage.world.faults.clear()
    stage.move_to("2026-03-14 10:30")
    assert "发不出去" not in stage.say("赵敏", "谁没回复")
