"""xiangyang robot: who writes to the smart robot, and what they think of it."""

from datetime import timedelta
from pathlib import Path

import click

from bot.branch.people import introductions
from bot.branch.people.members import ensure_root
from bot.channels.aibot import feedback
from bot.channels.aibot.feedback import OPINIONS
from bot.channels.aibot.hear import CHANNEL
from bot.errors import Refusal
from bot.inbox import callers
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from server.cli.opening import open_assistant
from server.cli.options import config_option, json_option, print_json


@click.group()
def robot() -> None:
    """智能机器人：谁跟它说过话，是谁，觉得它怎么样。"""


@robot.command("callers")
@json_option
@config_option
def list_callers(*, as_json: bool, config_path: Path) -> None:
    """列出跟机器人说过话、还不知道是谁的账号。"""
    assistant = open_assistant(config_path)
    with assistant.storage.read() as session:
        rows = [
            {
                "id": each.id,
                "userid": each.user,
                "called": each.called,
                "heard_at": each.heard_at.isoformat(),
            }
            for each in callers.list_all(session, CHANNEL)
            if not introductions.is_known(session, each)
        ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        called = f"说自己是{row['called']}" if row["called"] else "没有说是谁"
        click.echo(f"{row['id']}  {row['userid']}  {called}")
    if not rows:
        click.echo("没有不认识的账号。")


@robot.command("admit")
@click.argument("number", type=int)
@click.argument("name")
@config_option
def admit(*, number: int, name: str, config_path: Path) -> None:
    """认下一个账号，例：robot admit 1 赵敏（先有书记，以后由书记在聊天里认）。"""
    assistant = open_assistant(config_path)
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        root = ensure_root(session, assistant.config.branch.name)
        found = find_named(Scope(session, root), name)
        if found is None:
            raise Refusal(f"名册里没有“{name}”。")
        introductions.admit(session, number, found.member, None, now)
        told = found.member.called
    click.echo(f"第 {number} 号认作{told}。")


@robot.command("feedback")
@click.option("--days", type=click.IntRange(1, 180), default=30, help="最近几天")
@json_option
@config_option
def show_feedback(*, days: int, as_json: bool, config_path: Path) -> None:
    """大家对机器人的回答点的“有用”“没用”（不知道是谁点的）。"""
    assistant = open_assistant(config_path)
    since = assistant.clock.now() - timedelta(days=days)
    with assistant.storage.read() as session:
        opinions = feedback.count(session, since)
        words = [
            {"opinion": OPINIONS[each.opinion], "words": each.words}
            for each in feedback.list_words(session, since)
        ]
    if as_json:
        told = {"good": opinions.good, "bad": opinions.bad}
        print_json({**told, "reasons": dict(opinions.reasons), "words": words})
        return
    click.echo(f"有用 {opinions.good}，没用 {opinions.bad}。")
    for reason, number in opinions.reasons.items():
        click.echo(f"  {reason} {number}")
    for each in words:
        click.echo(f"  {each['opinion']}：{each['words']}")
