"""The commands of every kind of record, made from what the kinds declare.

A kind's sentence file has a section for its intent, and others for its parts: list,
correct, withdraw, check. Each section that is there is a command.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from bot.branch.people.members import Role
from bot.branch.records.declared import every_kind, kinds_of
from bot.branch.records.kind import Kind
from bot.command import Answer, Ask, Command
from bot.text.phrases import SUFFIX, Phrases, read_phrases
from handlers.records import asking, changing, tell

Run: TypeAlias = Callable[[Ask, Sequence[Kind]], Answer]
PARTS: Mapping[str, tuple[Run, str, bool]] = {
    "": (tell.tell, "记一条{title}，例：{example}", True),
    "list": (asking.show, "看{title}的记录和合计", False),
    "correct": (changing.correct, "更正一条{title}", True),
    "withdraw": (changing.withdraw, "撤销一条{title}", True),
    "check": (changing.check, "核实一条{title}", True),
}
"""Part → what it does, its help, and whether it acts."""


def _commands() -> tuple[Command, ...]:
    spoken = [each for each in every_kind() if not each.own_commands]
    intents = dict.fromkeys(each.intent for each in spoken)
    return tuple(each for intent in intents for each in _of(intent))


def _of(intent: str) -> Sequence[Command]:
    kinds = kinds_of(intent)
    file = read_phrases(kinds[0].beside.with_suffix(SUFFIX))
    found = []
    for part, (run, help_, acts) in PARTS.items():
        name = {"": kinds[0].tells, "list": kinds[0].lists}.get(part, part)
        whole = f"{intent}.{name}" if name else intent
        if whole in file:
            phrases = file[whole]
            made = _command(whole, kinds, phrases, run, help_, acts)
            role = Role.MEMBER if part else min(each.told_by for each in kinds)
            found.append(replace(made, shown=part in ("", "list"), role=role))
    return found


def _command(  # noqa: PLR0913  # as many words as a command has
    intent: str,
    kinds: Sequence[Kind],
    phrases: Phrases,
    run: Run,
    help_: str,
    acts: bool,  # noqa: FBT001
) -> Command:
    said = help_.format(title=kinds[0].title, example=kinds[0].example)
    return Command(
        intent,
        phrases,
        said,
        Role.MEMBER,
        acts,
        shown=True,
        run=partial(_run, run, kinds),
        previewed=acts,
        knows=_knows,
    )


def _run(run: Run, kinds: Sequence[Kind], ask: Ask) -> Answer:
    return run(ask, kinds)


def _knows(ask: Ask, words: str) -> bool:
    """Tell whether a company on file is called so, or begins so."""
    return tell.knows_company(ask, words)


TOLD = _commands()
