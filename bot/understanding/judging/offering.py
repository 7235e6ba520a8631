"""How it is put which of several commands, or whether the one, is meant."""

from collections.abc import Mapping, Sequence

from bot.command import Command, name_of

ONE = "没太听准，您是想“{name}”吗？{how}\n是就回“是”；不是就换个说法。"
HEAD, HOW = "没太听准，您是想：", "回数字就行；都不是就换个说法。"


def ask_which(commands: Mapping[str, Command], offered: Sequence[Command]) -> str:
    """Ask; a single choice is a question of yes or no."""
    if len(offered) == 1:
        name, how = name_of(commands, offered[0].intent), f"（{offered[0].help}）"
        return ONE.format(name=name, how=how)
    told = [_describe(commands, each) for each in offered]
    return "\n".join([HEAD, *(f"{n}. {each}" for n, each in enumerate(told, 1)), HOW])


def _describe(commands: Mapping[str, Command], command: Command) -> str:
    return f"{name_of(commands, command.intent)}：{command.help}"
