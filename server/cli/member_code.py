"""xiangyang members code: a code for binding WeChat, and a QR code that does it."""

from pathlib import Path

import click
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.branch.people import audit, binding
from bot.branch.people.members import Member
from bot.channels.official import Official
from bot.errors import Refusal
from bot.files.qr import save_code
from server.cli.opening import open_assistant
from server.cli.options import config_option, json_option, print_json


@click.command("code")
@click.argument("name", metavar="姓名或账号")
@click.option(
    "--qr",
    "picture",
    type=click.Path(path_type=Path, dir_okay=False),
    help="把二维码存成 PNG：微信扫了就关注公众号并绑定（认证的服务号才有）",
)
@json_option
@config_option
def give_code(
    *, name: str, picture: Path | None, as_json: bool, config_path: Path
) -> None:
    """给一个绑定微信的六位数字，十分钟内有效，只能用一次。"""
    assistant = open_assistant(config_path)
    official = assistant.channels.get("official")
    if not isinstance(official, Official):
        raise Refusal("还没有接上公众号：设置里没有 [official]。")
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        member = _find(session, name)
        code, who = binding.give_code(session, member, now), member.name
        audit.note(session, None, "ways.code", now, subjects=[member.id])
    if picture:
        address = official.make_code_address(f"{binding.SCENE}:{code}")
        save_code(address, picture)
    if as_json:
        print_json({"name": who, "code": code, "qr": str(picture) if picture else None})
        return
    click.echo(f"{who}的绑定码是 {code}，十分钟内有效，发给公众号就绑上了。")
    if picture:
        click.echo(f"二维码存在 {picture}，也是十分钟。")


def _find(session: Session, name: str) -> Member:
    """Find the one active member of that name or account. Raises Refusal."""
    called = or_(Member.name == name, Member.account == name.casefold())
    found = session.scalars(select(Member).where(called, Member.state == "active"))
    every = found.all()
    if len(every) != 1:
        why = f"有 {len(every)} 位" if every else "没有"
        raise Refusal(f"名册里{why}“{name}”，请写账号。")
    return every[0]
