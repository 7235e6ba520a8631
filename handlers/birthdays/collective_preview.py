"""集体政治生日会, from a sentence to its preview; two commands begin it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.branch.birthdays import collective_offers, collectives, ungreeted
from bot.branch.birthdays.card_looks import look
from bot.branch.birthdays.collectives import Party, Span
from bot.calendar.say import say_people
from bot.command import Ask
from bot.errors import Refusal
from bot.message import Picture
from bot.outbox import Importance, Plan, Window, put_to
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.clauses import ENDS, list_clauses
from bot.understanding.slots.place import is_place, part_place
from bot.understanding.when import Period, find_period
from bot.understanding.when.read import find_when

KIND = "collective"
NAMED = Lexicon(Path(__file__).with_name("collective.py"), "named")
SPANS = (1, 3, 6)
LONG_PAST = timedelta(days=183)
HOW = (
    "回“确认”发出通知（带贺卡，请大家回能参加/请假，开始前一刻钟发签到）。"
    "也可以说：改到 时间、地点 …、议程 第一项/第二项、取消"
)


def begin(ask: Ask, text: str) -> str:
    """Read when, where and for whom; ask for the time if none is told."""
    rest = NAMED.cut(text, "，")
    span, rest = read_span(ask, rest)
    place, rest = part_place(rest)
    try:
        at, unclear = read_time(ask, rest), ""
    except Refusal as refusal:
        at, unclear = None, str(refusal)
    if at is not None and not place:
        place = _last_words(rest)
    if at is None:
        return ask_time(ask, span, place, unclear)
    return show(ask, Party(span, at, place))


def ask_time(ask: Ask, span: Span, place: str, unclear: str = "") -> str:
    """Ask when it is to be held, with the names of whose day it is.

    unclear: what is to be asked of the time that was told.
    """
    names = collectives.celebrants(ask.session, ask.standing.branch, span)
    if not names:
        lacking = ungreeted.say(ungreeted.count(ask.session, ask.standing.branch))
        told = f"{span.words}没有同志过政治生日，不用办。"
        raise Refusal(f"{told}\n{lacking}".strip())
    told = "、".join(each.called for each in names[:20])
    year = "" if span.first.year == ask.now.year else f"{span.first.year}年"
    asked = f"{year}{span.words}集体政治生日会什么时候、在哪里开？"
    _ask(ask, asked, "time", span=_pack_span(span), place=place)
    return unclear or (
        f"{year}{span.words}过政治生日的有{say_people(len(names))}：{told}。\n"
        f"{asked}例：下周五下午三点在党员活动室"
    )


def is_order(text: str) -> bool:
    """Tell whether a text names what is to be held, and so begins anew."""
    return NAMED.stands_in(text)


def show(ask: Ask, party: Party) -> str:
    """Put the preview: the notice word for word, and the card on the phone."""
    branch = ask.standing.branch
    people = collectives.celebrants(ask.session, branch, party.span)
    collectives.check(ask.session, branch, party, people, ask.now)
    picture = collectives.find_or_keep_card(
        ask.session, branch, party, ask.made, ask.now
    )
    card = "贺卡印不了（有字库没有的字），只发文字。"
    if picture is not None:
        card = "集体贺卡样张发到您手机上了。"
        _send_sample(ask, picture)
    _ask(ask, f"{party.title}的通知发不发？", "confirm", **pack(party))
    text = collectives.describe(party, people)
    return f"【预览】发给{branch.name}全体党员\n――――――\n{text}\n――――――\n{card}\n{HOW}"


def read_time(ask: Ask, text: str) -> datetime | None:
    """Read the one moment with its hour; None if there is none. Raises Refusal."""
    found = find_when(text, ask.now)
    if not found:
        return None
    if unclear := next((each.unclear for each in found if each.unclear), None):
        raise Refusal(unclear)
    first = found[0]
    if len(found) > 1 or first.recurring:
        raise Refusal("时间要一个确定的，例：下周五下午三点。")
    if first.date_only:
        raise Refusal("几点开始？请连日期一起说，例：3月27日下午三点。")
    return first.next[0]


def pack(party: Party) -> dict[str, Any]:
    return {
        "span": _pack_span(party.span),
        "at": party.starts_at.isoformat(),
        "place": party.place,
        "agenda": list(party.agenda),
    }


def unpack(details: Mapping[str, Any]) -> Party:
    return Party(
        unpack_span(details["span"]),
        datetime.fromisoformat(details["at"]),
        details["place"],
        tuple(details["agenda"]),
    )


def unpack_span(kept: list[Any]) -> Span:
    first, months, words = kept
    return Span(datetime.fromisoformat(first).date(), months, words)


def _pack_span(span: Span) -> list[Any]:
    return [span.first.isoformat(), span.months, span.words]


def _ask(ask: Ask, asked: str, step: str, **details: Any) -> None:
    ask.put_draft(KIND, asked, step=step, **details)


def _send_sample(ask: Ask, picture: int) -> None:
    end = ask.now.replace(hour=23, minute=59, second=59)
    plan = Plan(
        f"collective_sample:{ask.message.id}",
        "reply",
        Picture(picture),
        Window(ask.now, end),
        Importance.ANSWER,
    )
    put_to(ask.session, plan, ask.member.userid, ask.member.id, now=ask.now)


def read_span(ask: Ask, text: str) -> tuple[Span, str]:
    """Read the months meant; without any, the branch's usual month or quarter."""
    at = 0
    while period := find_period(text[at:], ask.now, "future"):
        first, end = (at + place for place in period.span)
        if months := _months(period):
            before = find_period(text[first:end], ask.now, "past")
            return _span(_latest(period, before, ask.now), months), (
                f"{text[:first]}，{text[end:]}"
            )
        at = end
    branch_look = look(ask.session, ask.standing.branch.id)
    return collective_offers.span_of(branch_look, ask.now.date()), text


def _months(period: Period) -> int:
    """Count the whole months of a stretch, as a branch keeps its birthdays."""
    start, end = period.start, period.end
    months = (end.year - start.year) * 12 + end.month - start.month
    whole = start.day == end.day == 1 and months in SPANS
    return months if whole else 0


def _latest(period: Period, before: Period | None, now: datetime) -> date:
    """Mean what is to come, or what this year is not so long past: it is held late."""
    this_year = before is not None and before.start.year == now.year
    if before and this_year and now - before.end < LONG_PAST:
        return before.start.date()
    return period.start.date()


def _span(first: date, months: int) -> Span:
    match months:
        case 1:
            return collective_offers.month_of(first)
        case 3:
            return collective_offers.quarter_of(first)
    return Span(first, months, "上半年" if first.month == 1 else "下半年")


def _last_words(text: str) -> str:
    """Take what stands alone at the end for the place: …下午2点 党员活动室."""
    last = list_clauses(text.rstrip(f" {ENDS}"), f"{ENDS} ")[-1]
    return last if is_place(last) else ""
