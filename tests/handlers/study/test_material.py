"""A picture with a study material, and the cancelling of what was begun."""

from tests.stage import Stage


def test_a_picture_goes_with_a_material(stage: Stage) -> None:
    assert "标题或文字" in stage.say("赵敏", "发学习资料")
    assert "标题或文字" in stage.world.picture("zhaomin").text
    assert "（带一张图片）" in stage.say("赵敏", "主题党日海报")
    assert "一份资料带一张图片" in stage.world.picture("zhaomin").text
    assert "序号 1" in stage.say("赵敏", "确认")
    assert "正在发到您的手机上" in stage.say("王芳", "资料 1")


def test_a_training_is_not_undone_before_the_word(stage: Stage) -> None:
    stage.say("赵敏", "登记培训 昨天 党史 一天")
    stage.say("赵敏", "确认")
    stage.say("赵敏", "撤销培训 党史")
    assert "没有动" in stage.say("赵敏", "取消")
    assert "党史 8 学时" in stage.say("王芳", "我的学时")


def test_a_day_of_one_year_that_has_passed(stage: Stage) -> None:
    stage.say("赵敏", "加节点 2026年5月20日 换届纪念日")
    stage.move_to("2026-06-01 09:00")
    assert "已经过了" in stage.say("王芳", "换届纪念日是哪天")
