"""xiangyang: the command line. A command's file is loaded when the command is."""

import io
import logging
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

import click
import structlog

from bot.errors import BotError, Stopped
from server.monitoring.logs import set_up_logs

COMMANDS = (
    "ask",
    "backup",
    "ballots",
    "card",
    "check",
    "console",
    "db",
    "demo",
    "keys",
    "knowledge",
    "meetings",
    "members",
    "notices",
    "pack",
    "records",
    "rehearse",
    "restore",
    "robot",
    "serve",
    "study",
    "verify",
    "watch",
    "when",
)

HALTED = "已停下。"
INTERRUPTED = 130
"""What a shell is told of what Ctrl-C ended."""
UNREADABLE = "里面有认不出的字符（可能是文件名或参数的编码不对），没有办。"


class _Commands(click.Group):
    """Loads commands late, and says what went wrong in one sentence; exit code 1.

    Where Ctrl-C ended it, 130.
    """

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        found = getattr(import_module(f"server.cli.{name}"), name)
        assert isinstance(found, click.Command)
        return found

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """Read the words; where only help is asked for, that is written already."""
        try:
            return super().make_context(*args, **more)
        except BrokenPipeError:
            raise
        except OSError as error:
            _give_up(None, _say_unusable(error))

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            _give_up(context, HALTED, INTERRUPTED)
        except Stopped as stopped:
            _give_up(context, str(stopped), INTERRUPTED)
        except BotError as error:
            _give_up(context, str(error))
        except UnicodeError:
            _give_up(context, UNREADABLE)
        except BrokenPipeError:  # nobody reads on: click knows
            raise
        except OSError as error:
            _give_up(context, _say_unusable(error))


def _say_unusable(error: OSError) -> str:
    where = f" {error.filename}" if error.filename else ""
    return f"读写不了{where}：{error.strerror or error}。"


def _give_up(context: click.Context | None, why: str, code: int = 1) -> NoReturn:
    """Say it in one sentence; what could not be written is not tried again."""
    click.echo(why, err=True)
    with suppress(OSError):
        sys.stdout.close()
    if context:
        context.exit(code)
    sys.exit(code)


def _write_whatever_comes() -> None:
    """Put a sign for what a terminal cannot show, such as a rare character in GBK."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """向阳：企业微信里的党支部助手。"""
    _write_whatever_comes()
    if not structlog.is_configured():  # its own way is stdout, which is for answers
        set_up_logs(level=logging.WARNING)
        # A command says one sentence at the end, not each try before it.
        logging.getLogger("urllib3").setLevel(logging.ERROR)
