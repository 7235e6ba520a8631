"""xiangyang: the command line. A command's file is loaded when the command is."""

import logging
from importlib import import_module
from typing import Any

import click
import structlog

from bot.errors import BotError
from server.logs import set_up_logs

COMMANDS = (
    "ask",
    "backup",
    "card",
    "check",
    "db",
    "demo",
    "keys",
    "knowledge",
    "members",
    "notices",
    "rehearse",
    "restore",
    "serve",
    "study",
    "verify",
    "watch",
    "when",
)


class _Commands(click.Group):
    """Loads commands late, and says what went wrong in one sentence; exit code 1."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        found = getattr(import_module(f"server.cli.{name}"), name)
        assert isinstance(found, click.Command)
        return found

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except BotError as error:
            click.echo(str(error), err=True)
            context.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """向阳：企业微信里的党支部助手。"""
    if not structlog.is_configured():  # its own way is stdout, which is for answers
        set_up_logs(level=logging.WARNING)
        # A command says one sentence at the end, not each try before it.
        logging.getLogger("urllib3").setLevel(logging.ERROR)
