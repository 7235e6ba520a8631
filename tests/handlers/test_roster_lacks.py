"""Whose birthday it is, asked of a roster that does not say enough: it is said so."""

import pytest
from sqlalchemy import update

from bot.branch.people.members import Member
from tests.stage import Stage


@pytest.mark.parametrize("lacking", ["category", "joined"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("赵敏", "这个月谁过政治生日"),
        ("王芳", "这个月谁过政治生日"),
        ("赵敏", "集体政治生日会"),
    ],
)
def test_an_empty_answer_says_what_the_roster_lacks(
    stage: Stage, lacking: str, name: str, said: str
) -> None:
    with stage.assistant.storage.write() as session:
        session.execute(update(Member).values({lacking: None}))
    stage.move_to("2026-03-02 10:00")
    told = stage.say(name, said)
    what = {"category": "人员类别", "joined": "入党时间"}[lacking]
    assert f"6 人没有写{what}" in told
    assert "请管理员在名册表格里补上" in told
