"""Questions about records: how many, which, by whom; as a list, as sums, as a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.branch.people import audit
from bot.branch.people.send_file import make_book, send_book
from bot.branch.records import papers, search
from bot.branch.records.fields import Value, Words
from bot.branch.records.kind import Kind
from bot.branch.records.search import By, Query, say_figures
from bot.branch.records.values import values_of_all
from bot.command import Ask
from bot.message import Reply
from bot.understanding.sentences.lexicon import Lexicon
from handlers.records import preview
from handlers.records.questions import Inquiry, Question
from handlers.records.tell import told_which, which
from handlers.records.view import note_view

SHOWN, MOST_FEW = 8, 20
HERE = Path(__file__)
IDLE, FILE = Lexicon(HERE, "idle"), Lexicon(HERE, "file")
BY_PERSON, WHO_FIRST = Lexicon(HERE, "by.person"), Lexicon(HERE, "by.person.first")
SUMMED = (
    Lexicon(HERE, "by.organisation"),
    BY_PERSON,
    Lexicon(HERE, "by.month"),
    Lexicon(HERE, "by.year"),
)


def show(ask: Ask, kinds: Sequence[Kind]) -> Reply | str:
    """Answer a question about records: the kind, whose and when it says."""
    together = any(word in ask.text for each in kinds for word in each.together)
    if len(kinds) > 1 and (together or not told_which(kinds, ask.text)):
        return _show_all(ask, kinds)
    kind = which(kinds, ask.text)
    said = Inquiry(ask, ask.text)
    question = said.of(kind)
    note_look(ask, question.query)
    if kind.few:
        return _show_few(ask, question)
    if FILE.stands_in(ask.text):
        return send(ask, question)
    others = [said.of(each) for each in kinds if each is not kind]
    return _show_sums(ask, question, others)


def _show_sums(ask: Ask, question: Question, others: Sequence[Question]) -> str:
    """Say what they come to, and by what it is asked or some of them.

    others: what it may mean of other kinds, told where there is nothing of its own.
    """
    query, kind = question.query, question.query.kind
    figures = [each for each in search.sum_up(ask.session, query) if each.records]
    apart, beside = _uncounted(ask, query)
    if not figures and not apart:
        return (
            f"{question.title}：还没有记过。{_elsewhere(ask, others)}{_how(ask, kind)}"
        )
    head = f"{question.title}：{say_figures(figures, kind)}{beside}。"
    if by := _by(ask, kind):
        return "\n".join([head, *_groups(ask, query, by)])
    count = sum(each.records for each in figures) + apart
    return "\n".join([head, *_list(ask, query, count)])


def _uncounted(ask: Ask, query: Query) -> tuple[int, str]:
    """Count what is expected or came to nothing, and say it beside the sums."""
    titles = {each.name: each.title for each in query.kind.states if not each.counts}
    if not titles:
        return 0, ""
    found = search.count_by_state(ask.session, replace(query, states=tuple(titles)))
    counts = {titles[name]: found[name] for name in titles if name in found}
    unit = query.kind.one.removeprefix("一")
    said = "、".join(f"{title} {n} {unit}" for title, n in counts.items())
    return sum(counts.values()), f"；另有{said}，不计在内" if said else ""


def _by(ask: Ask, kind: Kind) -> By | None:
    """Tell by what somebody wants it summed: 按企业, 按人, 按级别."""
    for each in kind.choices:
        if any(f"按{word}" in ask.text for word in each.words):
            return each.name
    said = [
        each.name.removeprefix("by.")
        for each in SUMMED
        if each.stands_in(ask.text)
        or (each is BY_PERSON and WHO_FIRST.stands_first(ask.text))
    ]
    return next(iter(said), None)


def note_look(ask: Ask, query: Query) -> None:
    """Write down that somebody looked through another's records."""
    if query.member not in (None, ask.member.id):
        note_view(ask, query.kind, [query.member] if query.member else [])


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


def send(ask: Ask, question: Question) -> Reply:
    query, title = question.query, question.query.kind.title
    sheets = papers.sheets(ask.session, query, ask.now)
    name = f"{title}台账-{ask.now:%Y%m%d-%H%M}.xlsx"
    audit.note(ask.session, ask.member, "records.export", ask.now, details=title)
    send_book(ask.session, name, make_book(sheets, ask.made), ask.member, ask.now)
    return Reply(f"{question.title}：“{name}”正在发到您的手机上。")


def _show_all(ask: Ask, kinds: Sequence[Kind]) -> Reply | str:
    """Answer a question that does not say which of several kinds it is about."""
    said = []
    told = Inquiry(ask, ask.text)
    questions = [told.of(kind) for kind in kinds]
    asked = {name for each in questions for name in each.query.choices}
    for each in questions:
        query, kind = each.query, each.query.kind
        if asked - kind.by_name.keys():
            continue
        note_look(ask, query)
        if kind.few:
            few = _show_few(ask, each)
            said.append(few if isinstance(few, str) else few.text)
            continue
        figures = [sums for sums in search.sum_up(ask.session, query) if sums.records]
        if figures:
            count = sum(sums.records for sums in figures)
            said.append(f"{each.title}：{say_figures(figures, kind)}。")
            said += _list(ask, query, count)
    titles = "、".join(each.title for each in kinds)
    return "\n".join(said) or f"{titles}：还没有记过。{_how(ask, kinds[0])}"


def _show_few(ask: Ask, question: Question) -> Reply | str:
    """Show those of few records that a question names by any of their words."""
    if FILE.stands_in(ask.text):
        return send(ask, question)
    query, kind = question.query, question.query.kind
    rows = search.find(ask.session, query)
    if not rows:
        return f"{question.title}：还没有记过。{_how(ask, kind)}"
    every = list(zip(rows, values_of_all(ask.session, rows), strict=True))
    every.sort(key=lambda each: each[0].id)
    named = [each for each in every if _is_named(kind, each[1], ask.text)]
    shown = named or every
    lines = [preview.line(kind, *each, ask) for each in shown[:MOST_FEW]]
    if (more := len(shown) - MOST_FEW) > 0:
        lines.append(f"……还有 {more} 条。要全部的，后面加“导出表格”。")
    sums = "" if named else say_figures(search.sum_up(ask.session, query), kind)
    return "\n".join([f"{question.title}{f'：{sums}' if sums else ''}", *lines])


def _is_named(kind: Kind, values: Mapping[str, Value], text: str) -> bool:
    """Tell whether a text holds a piece of what a record is called by."""
    asked = IDLE.cut(text)
    for each in kind.all(Words):
        if preview.is_long(each):
            continue
        said = IDLE.cut(str(values.get(each.name) or ""))
        for size in (3, 2):
            pieces = {said[at : at + size] for at in range(len(said) - size + 1)}
            if any(piece in asked for piece in pieces):
                return True
    return False


def _elsewhere(ask: Ask, others: Sequence[Question]) -> str:
    """Say of what else of the same sort something is recorded."""
    found = []
    for each in others:
        count = search.count(ask.session, each.query)
        found += [f"{each.query.kind.title} {count} 条"] if count else []
    return f"另有{'、'.join(found)}。" if found else ""


def _how(ask: Ask, kind: Kind) -> str:
    """Say how one is recorded, to whoever may."""
    may = ask.standing.role >= kind.told_by
    return f"要记就直接说，例：{kind.example}。" if may else ""
