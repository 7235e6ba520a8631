"""Questions about records: how many, which, by whom; as a list, as sums, as a file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.branch.people import audit
from bot.branch.people.members import party_branch
from bot.branch.people.send_file import make_book, send_book
from bot.branch.records import papers, search
from bot.branch.records.fields import Value, Words
from bot.branch.records.kind import Kind
from bot.branch.records.organisations import Register
from bot.branch.records.search import By, Figures, Query
from bot.branch.records.values import values_of_all
from bot.command import Ask
from bot.message import Reply
from bot.understanding.slots.past_span import find_past_span
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from handlers.records import preview
from handlers.records.company_names import find_asked, find_place, names_unknown
from handlers.records.tell import told_which, which
from handlers.records.view import only_of, where

SHOWN, MOST_FEW = 8, 20
TITLES = re.compile(
    r"党员先锋岗|先锋岗|工作室|实训室|的岗|素材|资源|案例|课程|哪些|有啥|什么|承诺|现在|谁"
)
GROUPS: Mapping[By, re.Pattern[str]] = {
    "organisation": re.compile(
        r"按(?:企业|公司|单位|服务对象)|[哪几](?:些|几)?(?:个|家)?(?:企业|公司|单位)|几家"
    ),
    "person": re.compile(r"按人|每个?人|^(?:谁|都有谁|哪些人|哪几位)|有哪些人|有谁"),
    "month": re.compile(r"按月|每个?月"),
    "year": re.compile(r"按年|每年|逐年"),
}
FILE = re.compile(r"导出|下载|[张份个]表|表格|成表|(?i:excel|xlsx)")
MINE = re.compile(r"(?<![给帮替跟])(?:我|俺)(?!们|支部|院|校|国)|本人|自己")
UP = re.compile(r"以上|及以上|起")


def show(ask: Ask, kinds: Sequence[Kind]) -> Reply | str:
    """Answer a question about records: the kind, whose and when it says."""
    if len(kinds) > 1 and not told_which(kinds, ask.text):
        return _show_all(ask, kinds)
    kind = which(kinds, ask.text)
    query, told = _read(ask, kind)
    note_look(ask, query)
    if kind.few:
        return _show_few(ask, query, told)
    if FILE.search(ask.text):
        return _send(ask, query, told)
    by = _by(ask, kind)
    figures = [each for each in search.sum_up(ask.session, query) if each.records]
    apart, beside = _uncounted(ask, query)
    if not figures and not apart:
        others = [each for each in kinds if each is not kind]
        also = _elsewhere(ask, others) if len(kinds) > 1 else ""
        return f"{kind.title}（{told}）：还没有记过。{also}{_how(ask, kind)}"
    head = f"{kind.title}（{told}）：{_say(figures, kind)}{beside}。"
    if by:
        return "\n".join([head, *_groups(ask, query, by)])
    count = sum(each.records for each in figures) + apart
    return "\n".join([head, *_list(ask, query, count)])


def _uncounted(ask: Ask, query: Query) -> tuple[int, str]:
    """Count what is expected or came to nothing, and say it beside the sums."""
    counts = {
        state.title: search.count(ask.session, replace(query, states=(state.name,)))
        for state in query.kind.states
        if not state.counts
    }
    unit = query.kind.one.removeprefix("一")
    said = "、".join(f"{title} {n} {unit}" for title, n in counts.items() if n)
    return sum(counts.values()), f"；另有{said}，不计在内" if said else ""


def _by(ask: Ask, kind: Kind) -> By | None:
    """Tell by what somebody wants it summed: 按企业, 按人, 按级别."""
    for each in kind.choices:
        if any(f"按{word}" in ask.text for word in each.words):
            return each.name
    return next((by for by, form in GROUPS.items() if form.search(ask.text)), None)


def read_query(ask: Ask, kind: Kind, text: str) -> Query:
    """Read which records a text means."""
    query = Query(kind, where(ask))
    if span := find_past_span(text, ask.now):
        query = replace(query, first=span.first, last=span.last)
        text = f"{text[: span.start]} {text[span.end :]}"
    if kind.organisation:
        named = Register(ask.session, party_branch(ask.session, ask.member)).find(text)
        said = "" if named else ask.slots.get("company", "")
        name = named.name if named else find_asked(said) or names_unknown(text)
        place = "" if name else find_place(said)
        query = replace(query, organisation=name, place=place)
    if kind.people:
        people = find_people(Scope(ask.session, query.branch), text).people
        if people:
            query = replace(query, member=people[0].id)
        elif MINE.search(text):
            query = replace(query, member=ask.member.id)
    choices = {}
    for each in kind.choices:
        if value := each.find(text):
            upward = each.ordered and UP.search(text)
            choices[each.name] = each.from_up(value) if upward else (value,)
    return replace(query, choices=choices, only_of=only_of(ask, kind))


def note_look(ask: Ask, query: Query) -> None:
    """Write down that somebody looked through another's records."""
    if query.member not in (None, ask.member.id):
        action = "records.view"
        subjects = [query.member] if query.member else []
        audit.note(
            ask.session,
            ask.member,
            action,
            ask.now,
            subjects=subjects,
            details=query.kind.title,
        )


def _read(ask: Ask, kind: Kind) -> tuple[Query, str]:
    """Read the question, and say it in words: 今年王芳在维萨的."""
    query = read_query(ask, kind, ask.text)
    span = find_past_span(ask.text, ask.now)
    said = [span.words] if span else []
    if query.member == ask.member.id:
        said.append("您")
    elif query.member is None and query.only_of is not None:
        said.append("和您有关的")
    elif query.member is not None:
        found = find_people(Scope(ask.session, query.branch), ask.text).people
        said.append(found[0].name)
    if query.organisation:
        said.append(query.organisation)
    if query.place:
        said.append(f"名称里有“{query.place}”的")
    for each in kind.choices:
        if values := query.choices.get(each.name):
            said.append(f"{values[-1]}以上" if len(values) > 1 else values[0])
    return query, "，".join(said) or "全部"


def _say(figures: Sequence[Figures], kind: Kind) -> str:
    if not figures:
        return f"0 {kind.sums[0].unit}"
    told = [
        f"{each.apart} {each.say(kind.sums)}" if each.apart else each.say(kind.sums)
        for each in figures
    ]
    return "；".join(told)


def _groups(ask: Ask, query: Query, by: By) -> Iterator[str]:
    found = search.sum_by(ask.session, query, by, SHOWN * 3)
    sums = [
        each
        for each in query.kind.sums
        if by != "organisation" or each.of != "organisations"
    ]
    if by == "person":
        sums = [each for each in sums if each.of != "heads"]
    for each in found:
        apart = f"（{each.apart}）" if each.apart else ""
        yield f"· {each.of}{apart}：{each.say(sums)}"
    yield "要表格，后面加“导出表格”。"


def _list(ask: Ask, query: Query, count: int) -> Iterator[str]:
    rows = search.find(ask.session, query, SHOWN)
    for row, values in zip(rows, values_of_all(ask.session, rows), strict=True):
        yield preview.line(query.kind, row, values, ask)
    if count > len(rows):
        yield f"……还有 {count - len(rows)} 条。要全部的，后面加“导出表格”。"


def _send(ask: Ask, query: Query, told: str) -> Reply:
    sheets = papers.sheets(ask.session, query, ask.now)
    name = f"{query.kind.title}台账-{ask.now:%Y%m%d-%H%M}.xlsx"
    audit.note(
        ask.session, ask.member, "records.export", ask.now, details=query.kind.title
    )
    send_book(ask.session, name, make_book(sheets, ask.made), ask.member, ask.now)
    return Reply(f"{query.kind.title}（{told}）：“{name}”正在发到您的手机上。")


def _show_all(ask: Ask, kinds: Sequence[Kind]) -> Reply | str:
    """Answer a question that does not say which of several kinds it is about."""
    said = []
    asked = {name for kind in kinds for name in read_query(ask, kind, ask.text).choices}
    for kind in kinds:
        if asked - kind.by_name.keys():
            continue
        query, told = _read(ask, kind)
        note_look(ask, query)
        figures = [each for each in search.sum_up(ask.session, query) if each.records]
        if figures:
            count = sum(each.records for each in figures)
            said.append(f"{kind.title}（{told}）：{_say(figures, kind)}。")
            said += _list(ask, query, count)
    titles = "、".join(each.title for each in kinds)
    return "\n".join(said) or f"{titles}：还没有记过。{_how(ask, kinds[0])}"


def _show_few(ask: Ask, query: Query, told: str) -> Reply | str:
    """Show those of few records that a question names by any of their words."""
    if FILE.search(ask.text):
        return _send(ask, query, told)
    rows = search.find(ask.session, query)
    if not rows:
        return f"{query.kind.title}（{told}）：还没有记过。{_how(ask, query.kind)}"
    every = list(zip(rows, values_of_all(ask.session, rows), strict=True))
    every.sort(key=lambda each: each[0].id)
    named = [each for each in every if _is_named(query.kind, each[1], ask.text)]
    shown = named or every
    lines = [preview.line(query.kind, *each, ask) for each in shown[:MOST_FEW]]
    if (more := len(shown) - MOST_FEW) > 0:
        lines.append(f"……还有 {more} 条。要全部的，后面加“导出表格”。")
    figures = (
        "" if named else f"：{_say(search.sum_up(ask.session, query), query.kind)}"
    )
    return "\n".join([f"{query.kind.title}（{told}）{figures}", *lines])


def _is_named(kind: Kind, values: Mapping[str, Value], text: str) -> bool:
    """Tell whether a text holds a piece of what a record is called by."""
    asked = TITLES.sub("", text)
    for each in kind.all(Words):
        if preview.is_long(each):
            continue
        said = TITLES.sub("", str(values.get(each.name) or ""))
        for size in (3, 2):
            pieces = {said[at : at + size] for at in range(len(said) - size + 1)}
            if any(piece in asked for piece in pieces):
                return True
    return False


def _elsewhere(ask: Ask, kinds: Sequence[Kind]) -> str:
    """Say of what else of the same sort something is recorded."""
    found = []
    for kind in kinds:
        count = search.count(ask.session, read_query(ask, kind, ask.text))
        found += [f"{kind.title} {count} 条"] if count else []
    return f"另有{'、'.join(found)}。" if found else ""


def _how(ask: Ask, kind: Kind) -> str:
    """Say how one is recorded, to whoever may."""
    may = ask.standing.role >= kind.told_by
    return f"要记就直接说，例：{kind.example}。" if may else ""
