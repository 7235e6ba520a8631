"""贺卡: the branch chooses its look; a member gets her own card to keep or print."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.branch.birthdays import card_looks, cards, greetings
from bot.branch.birthdays.card_looks import (
    FORM_NAMES,
    LEAP_DAYS,
    PERIODS,
    STYLE_NAMES,
    Look,
    check_seal,
)
from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.cards.sheet import FormName
from bot.command import Ask, Drafting, Kept, command
from bot.message import Reply
from bot.understanding.judging.aside import aside
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from bot.understanding.text import normalise

HOW = (
    "换样式说“贺卡样式 宣纸”（红金、宣纸、朝霞），换尺寸说“贺卡尺寸 A5”（手机、A5），"
    "2月29日入党的平年哪天过说“贺卡设置 3月1日”，"
    "集体政治生日多久提醒一次说“贺卡设置 每月”（每月、每季度、不提醒），"
    "换印章上的字说“贺卡印章 同心向阳”（1到4个字）。"
)
HERE = Path(__file__)
TOO_MUCH, TO_PRINT = Lexicon(HERE, "too_much"), Lexicon(HERE, "size.a5")
FOR_PRINT_SHOP = Lexicon(HERE, "print_shop")
SOON = timedelta(days=31)
SHOWN = {"style", "size", "seal"}
"""What of a look can be seen on a card."""
AROUND = " ：:，,。“”‘’\"'"
LONGEST_CHANGE = 10  # characters
WANTED = tuple(
    Lexicon(HERE, name)
    for name in (
        *("style.red", "style.paper", "style.dawn", "size.a5", "size.phone"),
        *("leap_day.02_28", "leap_day.03_01"),
        *("collective.off", "collective.month", "collective.quarter"),
    )
)
"""What of a card, and each choice for it; the first that is named counts."""


@command(
    "my_card",
    help="要一张自己的政治生日贺卡，打印说“打印我的贺卡”，送印厂说“我的贺卡 印厂”",
    shown=False,
)
def send_own_card(ask: Ask) -> str:
    """Send the asker's own card; to the secretary, that of whoever is named."""
    member, secretary = ask.member, ask.standing.role >= Role.SECRETARY
    named = find_named(Scope(ask.session, ask.standing.branch), ask.text)
    if named and named.member.id != member.id:
        if not secretary:
            return "贺卡只发给本人。"
        member = named.member
        audit.note(ask.session, ask.member, "card", ask.now, subjects=[member.id])
    today = ask.now.date()
    birthday = greetings.latest(ask.session, member, today)
    if member.id != ask.member.id:
        coming = greetings.coming(ask.session, member, today)
        birthday = coming if coming.day - today <= SOON else birthday
    if member.id == ask.member.id and birthday.day > ask.now.date():
        birthday = greetings.without_surprise(birthday)
    form = _read_form(ask.text) or birthday.look.size
    key = f"card:{ask.message.id}"
    card = cards.find_or_keep(ask.session, birthday, ask.made, ask.now, form)
    if not cards.show(ask.session, card, ask.member, ask.now, key):
        return "这张贺卡画不出来（姓名或寄语太长），请见谅。"
    whose = "" if member.id == ask.member.id else f"{member.called} "
    kind = "，PDF 文件" if form in cards.PAPERS else "尺寸"
    lost = cards.say_lost(birthday)
    return (
        f"{whose}{birthday.years} 周年的贺卡（{FORM_NAMES[form]}{kind}）"
        f"发到您手机上了。{lost}"
    )


def _read_form(text: str) -> FormName | None:
    """Read whether a card is to be printed, and by whom."""
    if FOR_PRINT_SHOP.stands_in(text):
        return "bleed"
    return "white" if TO_PRINT.stands_in(text) else None


@command(
    "card_style",
    help="选支部贺卡的样式和尺寸，例：贺卡样式 宣纸",
    shown=False,
    role=Role.SECRETARY,
)
def choose_style(ask: Ask) -> str:
    branch = ask.standing.branch
    now_is = card_looks.look(ask.session, branch.id)
    weighed = aside(normalise(ask.text).text)  # 宣纸好看还是红色好看
    changes = {} if weighed else _changes(ask.text)
    if not changes:
        own = _own_styles()
        brought = f"\n本支部自己的样式：{'、'.join(own)}。" if own else ""
        leap, often = LEAP_DAYS[now_is.leap_day], PERIODS[now_is.collective]
        return (
            f"{branch.name}的贺卡：{now_is.words}；2月29日入党的平年在{leap}过；"
            f"集体政治生日{often}；宣纸样式的印章是“{now_is.seal}”。{brought}\n{HOW}"
        )
    return _ask_sure(ask, replace(now_is, **changes), changes)


@command(
    "card_style.seal",
    help="换支部贺卡印章上的字（1到4个字），例：贺卡印章 同心向阳",
    shown=False,
    role=Role.SECRETARY,
)
def choose_seal(ask: Ask) -> str:
    now_is = card_looks.look(ask.session, ask.standing.branch.id)
    words = ask.slots.get("seal", "").strip(AROUND)
    if not words:
        return (
            f"现在的印章是“{now_is.seal}”，盖在宣纸样式的贺卡上。"
            "换字说“贺卡印章 同心向阳”（1到4个字）。"
        )
    seal = check_seal(words)
    return _ask_sure(ask, replace(now_is, seal=seal), {"seal": seal})


def _set_style(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    card_looks.choose(ask.session, ask.standing.branch.id, Look(**kept["look"]))
    return Reply("改好了。发“贺卡样式”看现在的设置。", changed=True)


def _change_style(ask: Ask, kept: Kept) -> str | None:
    """Hear of another look, where nothing but one is said: 还是红金吧."""
    changes = _changes(ask.text)
    if not changes or len(ask.text) > LONGEST_CHANGE or ask.orders():
        return None
    return _ask_sure(ask, replace(Look(**kept["look"]), **changes), changes)


def _ask_sure(ask: Ask, wanted: Look, changes: dict[str, Any]) -> str:
    seal_only = set(changes) == {"seal"}
    shown = _show(ask, wanted, seal_only=seal_only) if SHOWN & set(changes) else ""
    asked = f"{ask.standing.branch.name}{_words(wanted, changes)}，这样改吗？"
    ask.put_draft("card_style", asked, look=vars(wanted), changes=changes)
    return f"{asked}{shown}回“确认”或“取消”。"


STYLE = Drafting(
    "card_style",
    show=lambda ask, kept: _ask_sure(ask, Look(**kept["look"]), kept["changes"]),
    confirm=_set_style,
    change=_change_style,
    verbs=("改", "换", "改吧", "就改", "设", "用"),
    dropped="好的，没有改。",
)


def _own_styles() -> list[str]:
    return [each for each in card_looks.style_names() if each not in STYLE_NAMES]


def _changes(text: str) -> dict[str, Any]:
    text = TOO_MUCH.cut(text)
    found: dict[str, Any] = {}
    for style in _own_styles():
        if style in text:
            found["style"] = style
    for words in WANTED:
        what, _, value = words.name.partition(".")
        if what not in found and words.stands_in(text):
            found[what] = value.replace("_", "-")
    return found


def _show(ask: Ask, wanted: Look, *, seal_only: bool = False) -> str:
    """Send the secretary a sample: her own card in that look."""
    if ask.member.joined is None:
        return ""
    birthday = greetings.coming(ask.session, ask.member, ask.now.date())
    # The seal stands on rice paper alone.
    look = replace(wanted, style="paper") if seal_only else wanted
    sample = greetings.without_surprise(replace(birthday, look=look))
    key = f"card_sample:{ask.message.id}"
    card = cards.find_or_keep(ask.session, sample, ask.made, ask.now)
    cards.show(ask.session, card, ask.member, ask.now, key)
    return "样张（用您的名字）发到您手机上了。"


def _words(look: Look, changes: dict[str, Any]) -> str:
    told = []
    if {"style", "size"} & set(changes):
        told.append(f"贺卡用{look.words}")
    if "seal" in changes:
        told.append(f"贺卡的印章改成“{look.seal}”")
    if "leap_day" in changes:
        told.append(f"2月29日入党的平年在{LEAP_DAYS[look.leap_day]}过")
    if "collective" in changes:
        told.append(f"集体政治生日提醒改成{PERIODS[look.collective]}")
    return "，".join(told)
