"""xiangyang ask: one message through the production path."""

import json
import sys
from pathlib import Path
from uuid import uuid4

import click

from bot.assistant.answering import Assistant
from bot.assistant.outcome import Outcome
from bot.command import whole_of
from bot.message import Message
from server.cli.opening import open_assistant
from server.cli.options import config_option, json_option


@click.command()
@click.option("--as", "userid", required=True, help="以哪位成员的身份（企业微信账号）")
@click.option("--at", help="当作这个时刻（ISO）")
@click.option("--dry-run", is_flag=True, help="只看回答，什么也不改")
@click.option("--why", is_flag=True, help="说明为什么这样理解")
@click.argument("text")
@json_option
@config_option
def ask(  # noqa: PLR0913  # click passes every option
    *,
    userid: str,
    at: str | None,
    dry_run: bool,
    why: bool,
    text: str,
    as_json: bool,
    config_path: Path,
) -> None:
    """像成员一样发一条消息；TEXT 为 - 时从标准输入每行读一条，各自独立。"""
    userid.encode()  # what is no account in any writing is no stranger's either
    assistant = open_assistant(config_path, at)
    if text != "-":
        heard = _say(assistant, userid, text, dry_run=dry_run)
        click.echo(_render(heard, as_json=as_json, why=why, indent=2))
        return
    for line in sys.stdin:
        if said := line.strip():
            heard = _say(assistant, userid, said, dry_run=dry_run, apart=True)
            click.echo(_render(heard, as_json=as_json, why=why))


def _say(
    assistant: Assistant,
    userid: str,
    text: str,
    *,
    dry_run: bool,
    apart: bool = False,
) -> Outcome:
    number = uuid4().hex
    message = Message(
        channel="wecom",
        sender=userid.casefold(),
        id=f"ask:{number}",
        text=text,
        conversation=f"ask:{number}" if apart else "",
    )
    return assistant.answer(message, dry_run=dry_run)


def _render(
    heard: Outcome, *, as_json: bool, why: bool, indent: int | None = None
) -> str:
    text = heard.reply.text if heard.reply else ""
    if not as_json:
        return f"{text}\n（{heard.intent}：{heard.why}）" if why else text
    told = {
        "intent": whole_of(heard.intent),
        "reply": text,
        "changed": bool(heard.reply and heard.reply.changed),
        "choices": list(dict.fromkeys(map(whole_of, heard.choices))),
    }
    if why:
        told["why"] = heard.why
    return json.dumps(told, ensure_ascii=False, indent=indent)
