"""How a record is told: a draft before it is written down, one line of a list."""

from collections.abc import Iterator, Mapping

from bot.branch.records import book
from bot.branch.records.fields import LONGEST, Amount, Choice, Day, Field, Value, Words
from bot.branch.records.kind import Kind
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.calendar.say import say_day
from bot.command import Ask
from handlers.records.drafts import Draft

KEEP = "回“确认”记下；不对的直接说，例：{example}；不记回“取消”。"
TOLD = 3  # of its fields name a draft
CHANGE = "回“确认”改好；不改回“取消”。"


def show(ask: Ask, draft: Draft) -> str:
    """Show what would be written down."""
    kind = draft.kind
    if draft.of is None:
        head = f"【预览】记{kind.one}{kind.title}"
        return "\n".join([head, *lines(kind, draft.values), _how(kind)])
    before = values_of(ask.session, book.get(ask.session, draft.of))
    after = draft.values
    changed = [
        f"{each.title}：{_say(each, before)} → {_say(each, after)}"
        for each in kind.fields
        if before.get(each.name) != draft.values.get(each.name)
    ]
    head = f"【预览】更正第 {draft.of} 条{kind.title}"
    return "\n".join([head, *changed, CHANGE])


def lines(kind: Kind, values: Mapping[str, Value]) -> Iterator[str]:
    """Say each field, and what amounts come to."""
    for each in kind.fields:
        value = values.get(each.name)
        if not value:
            continue
        told = each.say(value)
        heads = sum(len(values.get(of.name) or ()) for of in kind.people if of.counted)
        if isinstance(each, Amount) and each.each and heads > 1:
            told += f"，{heads} 人共 {value * heads:g} {each.unit}"
        yield f"{each.title}：{told}"


def line(kind: Kind, row: Record, values: Mapping[str, Value], ask: Ask) -> str:
    """Say a record in one line: number, day, what tells it from others."""
    told = list[str]()
    for each in kind.fields:
        value = values.get(each.name)
        if not value or each.private or is_long(each):
            continue
        if isinstance(each, Day):
            if each is kind.day and row.day:
                today = ask.now.date()
                near = say_day(row.day, today)
                told.insert(0, each.say(value) if each.month else near)
            elif each.ends:
                told[0] = f"{told[0]}至{each.say(value)}"
        elif not (isinstance(each, Choice) and value == each.default):
            named = isinstance(each, Amount) and not each.each
            told.append(f"{each.title} {each.say(value)}" if named else each.say(value))
    state = (
        "" if row.state == kind.states[0].name else f"（{kind.state_title(row.state)}）"
    )
    return f"{row.id}. {'，'.join(told)}{state}"


def brief(kind: Kind, values: Mapping[str, Value]) -> str:
    """Say what tells a draft from another: when, where or who; nothing private."""
    told = [
        each.say(value)
        for each in kind.fields
        if (value := values.get(each.name))
        and not (each.private or is_long(each) or isinstance(each, Choice))
    ]
    return "，".join(told[:TOLD])


def is_long(field: Field) -> bool:
    """Tell whether it is a text, which stands in no line."""
    return isinstance(field, Words) and field.longest > LONGEST


def _say(field: Field, values: Mapping[str, Value]) -> str:
    value = values.get(field.name)
    return field.say(value) if value else "（空）"


def _how(kind: Kind) -> str:
    day, amount, people = kind.day, kind.amount, kind.people
    example = []
    if day and (day.month or not day.ahead):
        example.append(f"{day.title}改成{'上个月' if day.month else '昨天'}")
    if amount and amount.units:
        example.append(f"{amount.title}改成3{amount.unit}")
    if any(each.most != 1 for each in people):
        example.append("加上王芳")
    return KEEP.format(example="、".join(example[:3]) or "改成…")
