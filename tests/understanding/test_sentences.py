"""Every line of every sentence file: each is read as its own, and no `!` is."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import handlers
from bot.branch.people.members import Role
from bot.branch.records import kinds
from bot.command import Commands, whole_of
from bot.discover import collect
from bot.text.phrases import Line, Phrases, is_template, read_phrases
from bot.understanding.reading import Reading, Understanding
from bot.understanding.sentences.form import read_form
from bot.understanding.sentences.forms import Forms
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.sentences.templates import Known
from tests.understanding.samples import expand, is_known

FILES = sorted(Path(handlers.__file__).parent.rglob("*.phrases"))
OF_RECORDS = sorted(Path(kinds.__file__).parent.glob("*.phrases"))
"""What they sample stands on file only in part: their templates are tried in plays."""
# What a sentence of one command is read as for the sake of another, or left alone
# because it may tell of somebody else. To be shortened; never to be added to.
READ_OTHERWISE = {
    "集体政治生日 不提醒": "collective_birthday",
    "王芳哪年入党的": "members",
    "赵敏是什么时候入党的": "members",
    "怎么投票": "vote",
    "怎么交作品": "submit_work.call.list",
    "群里喊一下还没回复的": "none",
    "历史通知": "my_checkins",
    "通知收到": "broadcast",
    "了解": "none",
    "先暂停学习提醒": "study.leave",
    "组织生活会什么时候开": "events",
    "政治生日是什么": "my_birthday",
    "党龄怎么算": "my_birthday",
    "孩子要开家长会，晚上的会请假": "none",
    "建一个活动，周日志愿服务": "service",
    "下个月5号办一次集体政治生日会": "collective_birthday",
    "我说个事别说是我说的": "none",
    "班里有个学生交不起学费，咱能帮不": "none",
    "学生在大赛中获奖，登记一下": "none",
    "书记有空吗，想聊聊": "none",
}


def sections(files: Sequence[Path] = FILES) -> Iterator[tuple[str, Phrases]]:
    for file in files:
        yield from read_phrases(file).items()


def of_commands(
    commands: Commands, files: Sequence[Path] = FILES
) -> Iterator[tuple[str, Phrases]]:
    return (each for each in sections(files) if each[0] in commands.by_intent)


def forms() -> list[Forms]:
    return list(collect(handlers, Forms))


def lists() -> set[str]:
    """Name the sections that are lists of words, and no sentences."""
    return {each.name for each in collect(handlers, Lexicon)}


def knowing(line: Line, phrases: Phrases) -> Known:
    return lambda _, words: is_known(line.text, words, phrases.pieces)


def meant(reading: Reading) -> set[str]:
    """Name what a reading is, or offers, a part by its whole."""
    return {whole_of(each) for each in (reading.intent, *reading.choices)}


def test_every_section_is_a_command_s_or_heard_within_one(commands: Commands) -> None:
    within = {section.intent for each in forms() for section in each.sections}
    known = {*commands.by_intent, *within, *lists()}
    assert {name for name, _ in sections()} <= known


@pytest.mark.thorough
def test_every_example_is_read_as_its_own(
    understanding: Understanding, commands: Commands
) -> None:
    """Or it is offered: an act is asked back where it is not certain."""
    wrong = {}
    for intent, phrases in of_commands(commands, (*FILES, *OF_RECORDS)):
        for line in phrases.examples:
            reading = understanding.read(line.text)
            if whole_of(intent) not in meant(reading):
                wrong[line.text] = reading.intent
    assert wrong.items() <= READ_OTHERWISE.items()


@pytest.mark.thorough
def test_every_template_is_read_as_its_own(
    understanding: Understanding, commands: Commands
) -> None:
    """One sentence that fits it, at least, is read by it, by whom it is for."""
    dead = [
        (line.place, line.text)
        for _, phrases in of_commands(commands)
        for line in phrases.templates
        if not any(
            understanding.read(text, role, known=knowing(line, phrases)).line == line
            for text in expand(line.text, phrases.pieces)
            for role in (Role.SECRETARY, Role.MEMBER)
        )
    ]
    assert dead == []


def test_every_answer_is_heard_as_its_own() -> None:
    dead = [
        (line.place, line.text)
        for each in forms()
        for section in each.sections
        for line in section.phrases.templates
        if not any(
            (found := each.find(text)) and found.template.line == line
            for text in expand(line.text, section.phrases.pieces)
        )
    ]
    assert dead == []


def test_what_is_never_meant_is_never_read(
    understanding: Understanding, commands: Commands
) -> None:
    nevers = [
        (intent, line)
        for intent, phrases in of_commands(commands, (*FILES, *OF_RECORDS))
        for line in phrases.nevers
        if not is_template(line)
    ]
    assert nevers
    wrong = []
    for intent, line in nevers:
        reading = understanding.read(line.text)
        acts = commands.by_intent[intent].acts
        if reading.intent == intent and (acts or reading.meant):
            wrong.append((line.place, line.text))
    assert wrong == []


@pytest.mark.thorough
def test_what_fits_a_never_is_no_sentence(
    understanding: Understanding, commands: Commands
) -> None:
    nevers = [
        (intent, line, phrases, text)
        for intent, phrases in of_commands(commands)
        for line in filter(is_template, phrases.nevers)
        for text in expand(line.text, phrases.pieces)
    ]
    assert nevers
    for intent, line, phrases, text in nevers:
        reading = understanding.read(text, known=knowing(line, phrases))
        assert reading.line is None or reading.intent != intent, (line.place, text)


@pytest.mark.thorough
def test_every_template_has_a_pattern() -> None:
    """Each is compiled when first needed: a wrong one must not wait so long."""
    lines: list[tuple[Line, Phrases]] = [
        (line, phrases)
        for name, phrases in sections()
        if name not in lists()
        for line in (*phrases.templates, *filter(is_template, phrases.nevers))
    ]
    assert len(lines) > 200
    for line, phrases in lines:
        assert read_form(line.text, phrases.pieces, "").pattern.groups, line.place
