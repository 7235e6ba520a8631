"""xiangyang card: a member's political-birthday card as a picture."""

from dataclasses import replace
from pathlib import Path

import click

from bot.branch.birthdays import cards, greetings
from bot.branch.birthdays.card_looks import FORM_NAMES
from bot.branch.people import audit, members
from bot.cards.sheet import FormName
from bot.errors import Refusal
from server.cli.opening import open_assistant
from server.cli.options import config_option, write_file


@click.command()
@click.option("--member", "userid", required=True, help="企业微信账号")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="存到哪个文件（默认：账号.png，打印用的是 .pdf）",
)
@click.option("--style", help="样式：red、paper、dawn，或自己的模板的名字")
@click.option(
    "--size",
    type=click.Choice(list(FORM_NAMES)),
    help="图片：phone 手机、a5；PDF：white 留白边（办公室打印）、bleed 带出血（印厂）",
)
@click.option("--at", help="当作这个时刻（ISO）")
@config_option
def card(  # noqa: PLR0913  # click passes every option
    *,
    userid: str,
    out: Path | None,
    style: str | None,
    size: FormName | None,
    at: str | None,
    config_path: Path,
) -> None:
    """画一位党员的政治生日贺卡（PNG；打印用的是 PDF）。"""
    assistant = open_assistant(config_path, at)
    today = assistant.clock.now().date()
    with assistant.storage.write() as session:
        member = members.find(session, userid)
        if member is None:
            raise Refusal(f"名册里没有账号 {userid}。")
        name, birthday = member.name, greetings.coming(session, member, today)
        now = assistant.clock.now()
        audit.note(session, None, "card", now, subjects=[member.id])
    if style:
        birthday = replace(birthday, look=replace(birthday.look, style=style))
    cards.check_drawn(birthday)
    picture = cards.draw(birthday, size)
    if picture is None:
        raise Refusal(f"“{name}”的贺卡画不出来：姓名或寄语太长。")
    ending = "pdf" if size in cards.PAPERS else "png"
    path = out or Path(f"{userid}.{ending}")
    write_file(path, picture)
    if lost := cards.say_lost(birthday):
        click.echo(lost)
    click.echo(f"已存为 {path}")
