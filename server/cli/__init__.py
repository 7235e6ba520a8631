"""xiangyang: the command line."""

from typing import Any

import click

from bot.errors import BotError
from server.cli import ask, card, check, db, demo, members, notices, serve, when


class _Plain(click.Group):
    """Says what went wrong in one sentence, without a traceback; exit code 1."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except BotError as error:
            click.echo(str(error), err=True)
            context.exit(1)


@click.group(cls=_Plain, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """向阳：企业微信里的党支部助手。"""


for _command in (
    ask.ask,
    card.card,
    check.check,
    db.db,
    demo.demo,
    members.members,
    notices.notices,
    serve.serve,
    when.when,
):
    main.add_command(_command)
