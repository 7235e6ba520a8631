"""README.zh-CN.md: all that it says one may say is understood; README.md: --config."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from server.cli import main
from tests.said_back import SaidBack
from tests.stage import Stage

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| ([^-].*?) \| .*\|$", re.MULTILINE)
ON_A_PAGE = "我的网页（`/m/me`）"
AT_A_PREVIEW = "（预览时）"
BEFORE = """\
赵敏> 发通知 周五下午开会，选项 能参加/请假
赵敏> 确认
赵敏> 发通知 交材料
赵敏> 明早八点发
赵敏> 确认
赵敏> 记住：差旅报销找李老师
赵敏> 确认
赵敏> 今天去轴承厂调了四个小时减速器
赵敏> 确认
"""
"""What rows that change something or answer something speak of."""
DRAFT = "赵敏> 发通知 周六植树"


def rows(page: str, head: str) -> Iterator[list[str]]:
    table = page.split(f"| {head} |")[1].split("\n\n")[0]
    for cell in ROW.findall(table):
        if said := [each for each in cell.split(" · ") if each != ON_A_PAGE]:
            yield said


@pytest.mark.parametrize(("head", "who"), [("书记说", "赵敏"), ("党员说", "王芳")])
def test_what_one_may_say_is_understood(stage: Stage, head: str, who: str) -> None:
    """The sentences of a row follow one another: 周三两点开会 · 改到周四."""
    page = ROOT.joinpath("README.zh-CN.md").read_text("utf-8")
    stage.play(BEFORE)
    heard = SaidBack(stage)
    for first, *more in rows(page, head):
        if first.startswith(AT_A_PREVIEW):
            stage.play(DRAFT)
        else:
            heard.try_said(who, [first])
            if more:
                stage.say(who, first)
        heard.try_said(who, [first.removeprefix(AT_A_PREVIEW), *more])
        stage.say(who, "取消")
    assert heard.wrong == []


def test_which_commands_take_no_config() -> None:
    page = ROOT.joinpath("README.md").read_text("utf-8")
    told = re.search(r"All but (.+?) take `--config`", page)
    assert told
    assert set(re.findall(r"`([^`]+)`", told[1])) == set(_without(main, ""))


def _without(command: click.Command, name: str) -> Iterator[str]:
    """Name the commands that take no --config."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for each in command.list_commands(context):
            found = command.get_command(context, each)
            assert found
            yield from _without(found, f"{name} {each}".strip())
    elif not any("--config" in each.opts for each in command.params):
        yield name
