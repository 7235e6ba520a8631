"""xiangyang ballots: how many have voted, and after the close what."""

from pathlib import Path

import click

from bot.branch.ballots import polls, results
from server.cli.opening import open_assistant
from server.cli.options import (
    config_option,
    json_option,
    number_argument,
    print_json,
)


@click.group()
def ballots() -> None:
    """无记名投票：只有人数；截止后、满五票才有结果。"""


@ballots.command("list")
@json_option
@config_option
def list_ballots(*, as_json: bool, config_path: Path) -> None:
    """列出所有投票。"""
    assistant = open_assistant(config_path)
    now = assistant.clock.now()
    with assistant.storage.read() as session:
        found = polls.every(session)
        rows = [results.outline(session, each) for each in found]
        said = [f"{each.id}  {results.say_state(session, each, now)}" for each in found]
    if as_json:
        print_json(rows)
        return
    if not said:
        click.echo("还没有投票。")
    for line in said:
        click.echo(line)


@ballots.command("show")
@number_argument
@json_option
@config_option
def show(*, number: int, as_json: bool, config_path: Path) -> None:
    """一次投票。"""
    assistant = open_assistant(config_path)
    with assistant.storage.read() as session:
        poll = polls.find(session, number)
        document = results.outline(session, poll)
        said = results.say_state(session, poll, assistant.clock.now())
    if as_json:
        print_json(document)
        return
    click.echo(said)
