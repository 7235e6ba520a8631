"""A record told by a form's fields: the same rules as one told in chat, and no preview.

The form is the preview: whoever sends it has all of it before her.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.branch.people.members import Role, party_branch
from bot.branch.people.tree import Branch
from bot.branch.records import book, intake
from bot.branch.records.declared import every_kind, find_kind
from bot.branch.records.fields import Field, Value
from bot.branch.records.kind import Kind
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.calendar.say import say_date
from bot.command import Ask
from bot.errors import Denied, Refusal
from bot.message import Reply
from handlers.records import apart, preview, same
from handlers.records.drafts import Draft
from handlers.records.special import Overview, Step
from handlers.records.tell import refuse_others, write_down
from handlers.records.view import sees_all

ONLY_SECRETARY = "这一条现在只有书记能改。"
NO_STEP = "这一步现在办不了：可能已经办过了，或者要由别的同志来办。"


class SeemsSame(Refusal):
    """It seems to be written down already; the form may say that it is another."""


def list_forms(ask: Ask) -> list[Kind]:
    """List the kinds that the asker may tell by a form."""
    return [
        each
        for each in every_kind()
        if not each.own_commands and ask.standing.role >= each.told_by
    ]


def check_tells(ask: Ask, kind: Kind, *, own: bool = False) -> None:
    """Raise Refusal for a kind that no form tells, Denied for who may not tell it.

    own: a kind that is asked for by commands of its own may be begun by its form too.
    """
    if kind.own_commands and not (own and apart.of(kind).telling):
        raise Refusal(
            f"{kind.title}请在聊天里说（要谁看、等谁答复，一步一步问），例：{kind.example}。"
        )
    if ask.standing.role < kind.told_by:
        raise Denied(f"{kind.title}要由{kind.told_by.title}来记。")


def begin(ask: Ask, kind: Kind) -> dict[str, str]:
    """Return what a new form holds: today, and the speaker, where the kind says so."""
    held: dict[str, str] = {}
    if telling := apart.of(kind).telling:
        return dict(telling.begin(ask))
    if kind.day and kind.day.today:
        held[kind.day.name] = ask.now.date().isoformat()
    for each in kind.people:
        if each.speaker:
            held[each.name] = ask.member.name
    return held


def fields_of(kind: Kind) -> list[Field]:
    """List what a form asks for: all but what is sealed and goes by itself."""
    if telling := apart.of(kind).telling:
        return list(telling.asks)
    return [each for each in kind.fields if not each.private]


def take(  # noqa: PLR0913  # a form, and how it is meant
    ask: Ask,
    kind: Kind,
    said: Mapping[str, str],
    *,
    again: bool,
    branch: Branch | None = None,
    own: bool = False,
) -> tuple[Record, str]:
    """Write down what a form's fields say; return it, and what to say of it.

    again: it is another than what seems to be the same. branch: whose book, and whose
    people are meant; None for the asker's own. own: see `check_tells`. Raises Refusal
    with every fault, and then nothing is written.
    """
    check_tells(ask, kind, own=own)
    place = branch or party_branch(ask.session, ask.member)
    if telling := apart.of(kind).telling:
        asked = replace(kind, fields=telling.asks, columns=())
        return telling.take(
            ask, intake.read_form(ask.session, asked, place, said, ask.now)
        )
    values = intake.read_form(ask.session, kind, place, said, ask.now)
    draft = _settle(ask, Draft(kind, values, apart=again))
    if not again and (twin := same.find_twin(ask, draft, place)):
        return _take_twin(ask, kind, twin)
    row, more = write_down(ask, draft, place)
    return row, f"记下了，第 {row.id} 条。{more}"


def _settle(ask: Ask, draft: Draft) -> Draft:
    """Add what follows from what is told. Raises Refusal for what may not be."""
    kind = draft.kind
    draft = apart.of(kind).settle(ask, draft)
    refuse_others(ask, draft)
    book.check(kind, draft.values, ask.now)
    if lacking := draft.missing:
        asked = draft.unsure.get(lacking.name) or lacking.question
        raise Refusal(f"还差：{asked}")
    return draft


def may_correct(ask: Ask, row: Record) -> bool:
    """Tell whether a form may say a record anew; what has steps of its own is not."""
    kind = find_kind(row.kind)
    if kind.own_commands or row.withdrawn_at is not None:
        return False
    return book.may_change(ask.session, row, ask.member, ask.standing)


def correct(ask: Ask, row: Record, said: Mapping[str, str], branch: Branch) -> str:
    """Say a record anew, as a form's fields have it; what it said stays in its trace.

    Raises Denied, or Refusal with every fault.
    """
    if not may_correct(ask, row):
        raise Denied(ONLY_SECRETARY)
    kind = find_kind(row.kind)
    values = intake.read_form(ask.session, kind, branch, said, ask.now)
    draft = _settle(ask, Draft(kind, values, of=row.id))
    book.correct(ask.session, row, draft.values, ask.member.id, ask.now)
    again = book.hand_in_again(ask.session, row, ask.member.id, ask.now)
    more = "重新交上去了，等审查。" if again else ""
    return f"更正好了，原来写的留在经过里。{more}{apart.of(kind).corrected(ask, row)}"


def withdraw(ask: Ask, row: Record) -> str:
    """Take a record back. Raises Denied."""
    if not may_correct(ask, row):
        raise Denied(ONLY_SECRETARY)
    book.withdraw(ask.session, row, ask.member.id, ask.now)
    more = apart.of(find_kind(row.kind)).withdrawn(ask, row)
    return f"撤销好了，第 {row.id} 条不再计数。{more}"


def list_moves(ask: Ask, row: Record) -> list[tuple[str, str]]:
    """List the states that the asker may bring a record into by a word, with titles."""
    kind = find_kind(row.kind)
    if kind.own_commands or row.withdrawn_at is not None:
        return []
    return [
        (each.to, kind.state_title(each.to))
        for each in kind.moves
        if row.state in each.come_from
        and each.called
        and not each.evidence
        and ask.standing.role >= max(each.by, Role.COMMITTEE)
    ]


def move(ask: Ask, row: Record, state: str) -> str:
    """Bring a record into a state. Raises Denied, or Refusal where that is no step."""
    kind = find_kind(row.kind)
    if state not in [to for to, _ in list_moves(ask, row)]:
        raise Denied(ONLY_SECRETARY)
    apart.of(kind).moving(ask, row, state)
    book.move(ask.session, row, state, ask.member.id, ask.now)
    return f"现在是“{kind.state_title(row.state)}”。"


def list_steps(ask: Ask, row: Record) -> list[Step]:
    """List what else the asker can do with a record now."""
    steps = apart.of(find_kind(row.kind)).steps
    return [each for each in steps if each.is_open(ask, row)]


def take_step(
    ask: Ask, row: Record, name: str, said: Mapping[str, str], branch: Branch
) -> str:
    """Do one of these, with what its fields say. Raises Denied, or Refusal."""
    step = next((each for each in list_steps(ask, row) if each.name == name), None)
    if step is None:
        raise Denied(NO_STEP)
    kind = find_kind(row.kind)
    asked = replace(kind, fields=step.asks, columns=())
    values = intake.read_form(ask.session, asked, branch, said, ask.now)
    return step.do(ask, row, values)


def survey(ask: Ask, kind: Kind) -> Sequence[Overview]:
    """Lay out what of a kind is had and lacking; nothing for who sees not all."""
    overview = apart.of(kind).overview
    return overview(ask) if overview and sees_all(ask, kind) else []


def shown_of(ask: Ask, row: Record, values: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return what of a record the asker may read."""
    return apart.of(find_kind(row.kind)).shown(ask, row, values)


def _take_twin(ask: Ask, kind: Kind, twin: Record) -> tuple[Record, str]:
    """Take it for a word to what is written down, where it is one. Raises Refusal."""
    if own := apart.of(kind).same:
        said = own(ask, twin)
        return twin, said.text if isinstance(said, Reply) else said
    at = f"（{say_date(twin.recorded_at.astimezone(ask.now.tzinfo).date())}记的）"
    raise SeemsSame(
        f"已经记过一条像是同一次的{at}：\n{_line(ask, kind, twin)}\n"
        "真是两次，勾上“和已有的不是同一次”再交；是同一次就不用再记。"
    )


def _line(ask: Ask, kind: Kind, row: Record) -> str:
    return preview.line(kind, row, values_of(ask.session, row), ask)


def may_see(ask: Ask, kind: Kind, row: Record) -> bool:
    """Tell whether the asker sees a record: all of its kind, or one told by her."""
    return sees_all(ask, kind) or row.recorded_by == ask.member.id
