"""What an answer tells one to do can be done: by that reader, by saying just that."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from bench.understanding import learn
from bot.assistant.answering import Assistant
from bot.assistant.outcome import Outcome
from bot.branch.people.members import Role
from bot.message import Message
from tests.people import USERID

pytestmark = pytest.mark.thorough

UNDERSTANDING, COMMANDS = learn()
PLAYS = Path(__file__).parents[1] / "conversations"
TRIED = 2  # of each command's examples
SENT_ON = re.compile("(?:跟|找|告诉|问|联系|交给|请)(?:支部)?书记")
COMMAND_LINE = re.compile(r"xiangyang|命令行|\.toml|--[a-z]")
QUOTED = "“[^”]+”"
SAY = re.compile(
    f"(?:(?<![撤收])[发说回用]|回复)({QUOTED}(?:(?:[、和或]|或者){QUOTED})*)"
)
FOR_INSTANCE = re.compile("(?:例|就说)[:：]([^\\n。（，、；]+)")
ALSO = re.compile("也可以说[:：]([^\\n。（）]+)")
PLACEHOLDERS = {
    "除了 …": "除了 李伟",
    "发给 …": "发给 第一党小组",
    "截止 …": "截止 周四下午五点",
    "…": "周三学习",
    "姓名": "王芳",
    "您的话": "愿您永葆初心",
    "学了什么": "读党章",
    "改到 时间": "改到 下周五下午三点",
    "编号": "1",
}
MORE = ("谁能看我的数据", "别提醒我交党费", "撤销学时", "谁的党龄最长", "问书记")
NUMBER = count()


def say(
    assistant: Assistant, text: str, name: str, *, dry_run: bool = False
) -> Outcome:
    message = Message("wecom", USERID[name], id=f"m-{next(NUMBER)}", text=text)
    return assistant.answer(message, dry_run=dry_run)


def told(heard: Outcome) -> str:
    return heard.reply.text if heard.reply else ""


def offered(text: str) -> Iterator[str]:
    """List what a text says one may say, with words in the place of its blanks."""
    found = [each for said in SAY.findall(text) for each in re.findall(QUOTED, said)]
    found += FOR_INSTANCE.findall(text)
    found += [each for said in ALSO.findall(text) for each in said.split("、")]
    for each in found:
        filled = each.strip("“”？ ")
        for blank, word in PLACEHOLDERS.items():
            filled = filled.replace(blank, word)
        yield filled


def whole(intent: str) -> str:
    return intent.partition(".")[0]


@pytest.mark.parametrize("name", ["赵敏", "王芳"])
def test_what_is_offered_is_understood(assistant: Assistant, name: str) -> None:
    """Each is said where it was offered: its question may be open."""
    wrong, known = list[tuple[str, ...]](), set[str]()
    said = [
        text
        for command in COMMANDS.by_intent.values()
        for text in (*command.names[:2], *command.examples[:TRIED])
    ]
    for text in (*said, *MORE):
        reply = told(say(assistant, text, name))
        if COMMAND_LINE.search(reply):
            wrong.append((text, reply))
        if name == "赵敏" and SENT_ON.search(reply):
            wrong.append((text, reply))
        for each in set(offered(reply)) - known:
            then = say(assistant, each, name, dry_run=True)
            if then.intent in ("none", "choose", "denied"):
                wrong.append((text, each, told(then)))
        known |= set(offered(reply))
        say(assistant, "算了", name)
    assert len(known) > 30
    assert wrong == []


def test_what_the_help_offers_is_understood_as_its_command(
    assistant: Assistant,
) -> None:
    wrong = []
    for command in COMMANDS.by_intent.values():
        for words in re.findall("例[:：]([^\\n。（）]+)", command.help):
            for each in words.split("、"):
                name = "王芳" if command.role == Role.MEMBER else "赵敏"
                heard = say(assistant, each, name, dry_run=True)
                read = {whole(one) for one in (heard.intent, *heard.choices)}
                if whole(command.intent) not in read:
                    wrong.append((command.intent, each, heard.intent))
    assert wrong == []


def test_what_letters_offer_is_understood() -> None:
    """The letters of all plays but previews: `确认` answers the question of these."""
    letters = [
        line
        for play in PLAYS.glob("*.txt")
        for line in re.findall(r"(?m)^ \S+< .*(?:\n    > .*)*", play.read_text("utf-8"))
        if "回“确认”" not in line
    ]
    every = {each for letter in letters for each in offered(letter)}
    assert len(every) > 10
    strange = [each for each in every if UNDERSTANDING.read(each).intent == "none"]
    assert strange == []
