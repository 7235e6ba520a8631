"""A record told by a form's fields: the same rules as one told in chat, and no preview.

The form is the preview: whoever sends it has all of it before her.
"""

from collections.abc import Mapping

from bot.branch.people.members import party_branch
from bot.branch.records import book, intake
from bot.branch.records.declared import every_kind
from bot.branch.records.fields import Field
from bot.branch.records.kind import Kind
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.calendar.say import say_date
from bot.command import Ask
from bot.errors import Denied, Refusal
from handlers.records import apart, preview, same
from handlers.records.drafts import Draft
from handlers.records.tell import refuse_others, write_down
from handlers.records.view import sees_all


def list_forms(ask: Ask) -> list[Kind]:
    """List the kinds that the asker may tell by a form."""
    return [
        each
        for each in every_kind()
        if not each.own_commands and ask.standing.role >= each.told_by
    ]


def check_tells(ask: Ask, kind: Kind) -> None:
    """Raise Refusal for a kind that no form tells, Denied for who may not tell it."""
    if kind.own_commands:
        raise Refusal(
            f"{kind.title}请在聊天里说（要谁看、等谁答复，一步一步问），例：{kind.example}。"
        )
    if ask.standing.role < kind.told_by:
        raise Denied(f"{kind.title}要由{kind.told_by.title}来记。")


def begin(ask: Ask, kind: Kind) -> dict[str, str]:
    """Return what a new form holds: today, and the speaker, where the kind says so."""
    held: dict[str, str] = {}
    if kind.day and kind.day.today:
        held[kind.day.name] = ask.now.date().isoformat()
    for each in kind.people:
        if each.speaker:
            held[each.name] = ask.member.name
    return held


def fields_of(kind: Kind) -> list[Field]:
    """List what a form asks for: all but what is sealed and goes by itself."""
    return [each for each in kind.fields if not each.private]


def take(
    ask: Ask, kind: Kind, said: Mapping[str, str], *, again: bool
) -> tuple[Record, str]:
    """Write down what a form's fields say; return it, and what to say of it.

    again: it is another than what seems to be the same. Raises Refusal with every
    fault, and then nothing is written.
    """
    check_tells(ask, kind)
    branch = party_branch(ask.session, ask.member)
    values = intake.read_form(ask.session, kind, branch, said, ask.now)
    draft = apart.of(kind).settle(ask, Draft(kind, values, apart=again))
    refuse_others(ask, draft)
    book.check(kind, draft.values, ask.now)
    if lacking := draft.missing:
        asked = draft.unsure.get(lacking.name) or lacking.question
        raise Refusal(f"还差：{asked}")
    if not again and (twin := same.find_twin(ask, draft)):
        _refuse_twin(ask, kind, twin)
    row, more = write_down(ask, draft)
    return row, f"记下了，第 {_line(ask, kind, row)}{more}"


def _refuse_twin(ask: Ask, kind: Kind, twin: Record) -> None:
    at = f"（{say_date(twin.recorded_at.astimezone(ask.now.tzinfo).date())}记的）"
    raise Refusal(
        f"已经记过一条像是同一次的{at}：\n{_line(ask, kind, twin)}\n"
        "真是两次，勾上“和已有的不是同一次”再交；是同一次就不用再记。"
    )


def _line(ask: Ask, kind: Kind, row: Record) -> str:
    return preview.line(kind, row, values_of(ask.session, row), ask)


def may_see(ask: Ask, kind: Kind, row: Record) -> bool:
    """Tell whether the asker sees a record: all of its kind, or one told by her."""
    return sees_all(ask, kind) or row.recorded_by == ask.member.id
