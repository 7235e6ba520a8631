"""Orders and questions about somebody's 政治生日祝福, as they are said aloud.

王芳的祝福别发了 · 今年不给孙丽发祝福了 · 王芳的祝福语换一句：… · 请大家给王芳写寄语 ·
明天给王芳的祝福写的什么. Whoever is named is meant, known or not: the commands ask back
about names and show a preview. What speaks of oneself (别给我发祝福) is not for here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.understanding.names import Call
from bot.understanding.openers import match_at, starts
from bot.understanding.speech import MARKS
from bot.understanding.text import Said, normalise

EDIT, SHOW, COLLECT, WRITE, READ = (
    "edit_greeting", "birthday_week", "collect_notes", "write_note", "see_notes",
)  # fmt: skip
OPENED = "…"
"""Stands for where a form may begin after polite words; the others begin a text."""
HARMLESS = re.compile("把|将|[今明]年|[今明后]天|以后|下周|这周")
NAME = (
    r"(?![大家我俺你您谁咱自哪他她它]|同事|同志|书记|节日|开幕|政治|生日|今年|本月)[一-龥]{2,4}?"
    r"(?:同志|老师|书记)?"
)
GREETING = r"(?:政治)?(?:生日)?的?祝福(?:语|词|的话)?"
NOT = r"(?:先|就|都)?(?:别|不要|不用|不必|不|甭)(?:再|要)?"
END = r"[了吧啊啦哈。!,]*$"
STOP = (
    rf"{OPENED}{NAME}(?:今年|明天)?的?{GREETING},?(?:今年|明天|这次)?{NOT}(?:给(?:他|她|{NAME}))?[发送]{END}",
    rf"{OPENED}{NOT}给{NAME}(?:再)?[发送](?:今年)?的?{GREETING}{END}",
    rf"{OPENED}(?:停发|停掉|停了|暂停|先停|取消)(?:给|[发送]给)?{NAME}(?:今年)?的{GREETING}{END}",
    rf"{OPENED}{NAME}(?:今年)?的{GREETING}(?:先)?(?:停发|停掉|停了?|取消)(?:一下|掉)?{END}",
    rf"^{NAME}(?:去世|过世|转[出走]|调走|退党|不在)了?,?(?:就|以后)?{NOT}(?:给(?:他|她))?(?:再)?"
    rf"[发送]{GREETING}{END}",
    rf"^{NAME}(?:说|让我)?(?:他|她|自己)?不(?:想|愿意?)(?:再)?(?:收|要|看)到?{GREETING},?"
    rf"(?:{NOT}(?:给(?:他|她))?(?:再)?[发送])?{END}",
)
RESUME = (
    rf"{OPENED}恢复(?:给|[发送]给)?{NAME}的?{GREETING}{END}",
    rf"{OPENED}{NAME}(?:今年)?的?{GREETING}(?:还是)?(?:照常|继续|恢复|照旧|正常)(?:[发送])?{END}",
)
CHANGED = r"(?:换|改)(?:成|为|一?句|一下|个说法|换)?"
REWORD = (
    rf"{OPENED}(?:给)?{NAME}的?{GREETING}(?:给我)?{CHANGED}(?![得过了动])[:,]?(?P<words>.*)$",
    rf"{OPENED}{CHANGED}(?:给)?{NAME}的?{GREETING}[:,]?(?P<words>.*)$",
)
EVERYBODY = r"(?:大家|大伙|同事们?|同志们?|各位|其他(?:人|同志))"
NOTE = r"[写送](?:一?[句段条个点些]|几句)?(?:祝福的?话|祝福语?|寄语)"
COLLECTED = (
    rf"{OPENED}(?:让|叫|邀请|号召|发动)?{EVERYBODY}(?:都|来|也)?给{NAME}(?:都|来)?{NOTE}[吧啊哈。!,]*$",
)
WRITTEN = (rf"{OPENED}给{NAME}{NOTE}(?:[:,].+)?{END}",)
READING = (
    rf"^(?:谁|哪些人|有谁|有哪些人|有没有人)给{NAME}[写送]了?.{{0,4}}寄语",
    rf"{OPENED}(?:看|查|看看|看一下|看下)?{NAME}(?:收到|得到)的?(?:什么)?寄语",
)
ASKED = (
    rf"(?:给|送给|发给){NAME}(?:的)?(?:{GREETING}|贺卡)",
    rf"(?:^|[,了]){NAME}(?:今年|明天)?的(?:{GREETING}|贺卡).{{0,8}}(?:吗|没有?|什么|啥|怎么|能不能|会不会|哪天|几点)",
)


@dataclass(frozen=True)
class Form:
    intent: str
    pattern: re.Pattern[str]
    opened: bool

    def match(self, text: str) -> re.Match[str] | None:
        if not self.opened:
            return self.pattern.search(text)
        return match_at(self.pattern, text, starts(text, HARMLESS))


def _forms(*said: tuple[str, tuple[str, ...]]) -> tuple[Form, ...]:
    return tuple(
        Form(
            intent,
            re.compile(form.removeprefix(OPENED)),
            opened=form.startswith(OPENED),
        )
        for intent, forms in said
        for form in forms
    )


FORMS = _forms(
    (EDIT, (*STOP, *RESUME, *REWORD)), (COLLECT, COLLECTED), (WRITE, WRITTEN)
)
QUESTIONS = _forms((READ, READING), (SHOW, ASKED))
STOPS, RESUMES, REWORDS = (_forms((EDIT, forms)) for forms in (STOP, RESUME, REWORD))
LOOKS = re.compile("看看|看一下|看下")


def find_greeting(said: Said) -> Call | None:
    """Find such an order, or such a question, in a text."""
    text = said.text
    if not re.search("祝福|寄语|贺卡", text):
        return None
    head = text.split(":", maxsplit=1)[0]
    asks = LOOKS.search(head) or any(
        MARKS[mark].search(head) for mark in ("疑问", "询问")
    )
    for form in QUESTIONS if asks else FORMS:
        if form.match(text):
            kind = "addressed" if form.intent in (EDIT, COLLECT) else "alone"
            words, end = said.raw.strip(), len(text)
            return Call(form.intent, "祝福", 0, end, kind, sure=True, words=words)
    return None


def wants_stop(text: str) -> bool:
    return _matches(STOPS, text)


def wants_resume(text: str) -> bool:
    return _matches(RESUMES, text)


def new_words(text: str) -> str | None:
    """Give the words that a greeting is to have; None if it is not said so."""
    said = normalise(text)
    found = next(filter(None, (form.match(said.text) for form in REWORDS)), None)
    if found is None:
        return None
    return said.part(found.start("words"), len(said.text)).strip(" ：:，,")


def _matches(forms: Iterable[Form], text: str) -> bool:
    said = normalise(text).text
    return any(form.match(said) for form in forms)
