"""xiangyang console: come into the console from the server's own shell."""

from pathlib import Path

import click

from bot.branch.console import links
from bot.branch.people import audit, members
from bot.errors import Refusal
from server.cli.opening import open_assistant
from server.cli.options import config_option, json_option, print_json


@click.group()
def console() -> None:
    """网页后台。"""


@console.command()
@click.option("--as", "userid", required=True, metavar="USERID", help="以谁的身份登录")
@config_option
@json_option
def link(userid: str, config_path: Path, *, as_json: bool) -> None:
    """给书记或支委一个登录后台的链接：十分钟内有效，只能用一次。"""
    assistant = open_assistant(config_path)
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        member = members.find(session, userid)
        if member is None:
            raise Refusal(f"名册里没有账号 {userid}。")
        own_part = links.make(session, member, now)
        audit.note(session, None, "console.link", now, subjects=[member.id])
    server = assistant.config.server
    base = server.public_url or f"http://{server.host}:{server.port}"
    url = f"{base}/console/enter/{own_part}"
    if as_json:
        print_json({"url": url})
    else:
        click.echo(url)
