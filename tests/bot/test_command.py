"""Commands that contradict each other are refused when they are gathered."""

import pytest

from bot.branch.people.members import Role
from bot.command import Answer, Answering, Ask, Command, Commands, Drafting, Kept
from bot.text.phrases import Phrases


def answer(ask: Ask, kept: object = None) -> str:
    return "好"


def confirm(ask: Ask, kept: Kept) -> Answer:
    return "好"


def command(intent: str, *names: str, examples: tuple[str, ...] = ()) -> Command:
    phrases = Phrases.of(names, examples)
    return Command(intent, phrases, "", Role.MEMBER, acts=False, shown=True, run=answer)


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (command("study", "学"), "two commands have the intent study"),
        (command("other", "学习"), "two commands are called 学习"),
        (command("other", examples=("学点什么",)), "examples and no name"),
    ],
)
def test_two_commands_that_cannot_be_told_apart(second: Command, why: str) -> None:
    first = command("study", "学习")
    assert Commands([first]).names == {"学习": "study"}
    with pytest.raises(ValueError, match=why):
        Commands([first, second])


@pytest.mark.parametrize("kind", ["notice", "choice"])
def test_two_that_answer_the_same_question(kind: str) -> None:
    drafts = [Drafting("notice", confirm, confirm)]
    answers = [Answering("choice", (), answer)]
    found = Commands([], answers, drafts=drafts)
    assert (set(found.answering), set(found.drafts)) == ({"choice"}, {"notice"})
    with pytest.raises(ValueError, match=f"two functions answer {kind}"):
        Commands([], answers, drafts=[*drafts, Drafting(kind, confirm, confirm)])
    with pytest.raises(ValueError, match=f"two functions answer {kind}"):
        Commands([], [*answers, Answering(kind, (), answer)], drafts=drafts)


def test_what_a_role_may_do_in_the_order_of_the_help() -> None:
    high = Command(
        "b", Phrases.of(["乙"]), "", Role.SECRETARY, acts=False, shown=True, run=answer
    )
    found = Commands([high, command("c", "丙"), command("a", "甲")])
    assert [each.intent for each in found.open_to(Role.SECRETARY)] == ["c", "a", "b"]
    assert [each.intent for each in found.open_to(Role.COMMITTEE)] == ["c", "a"]
