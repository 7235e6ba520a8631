"""Who wins what: proposed from the marks by the call's own rules, decided by people."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.records import book
from bot.branch.records.fields import Choice, Value
from bot.branch.records.kinds.call import ALL_OF_THEM, BY_THEME, TOGETHER
from bot.branch.records.kinds.work import WORK
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.works import entries, judging
from bot.branch.works.judging import Standing
from bot.calendar.say import say_date
from bot.errors import Refusal

COMMON = "一等奖1、二等奖2、三等奖3"
PRIZE = re.compile(r"(?P<name>[一-龥]*?奖)[:： ]*(?P<many>\d{1,3})?[个名件]?")
UNREAD = "奖项没看懂，要写哪些奖、各几个。例：{said}一等奖1、二等奖2、三等奖3。"
CORRECTED = "更正征集 {number} 奖项改成"
WAITING = (
    "还有人没打完分：{who}。都打完了再定奖；谁不打了，就更正征集把他从评委里去掉。"
)
TIED = (
    "{marks}号同分，{prize}只剩 {room} 个。"
    "合议后说“作品 {number} 定为{prize}”，再说“按这个定奖”。"
)
NOT_OVER = "公示到{day}，期满才能公布。"


@dataclass(frozen=True)
class Proposal:
    """awards: what each work gets, by its id. tied: where people must decide."""

    awards: Mapping[int, str] = field(default_factory=dict)
    tied: Sequence[Standing] = ()
    prize: str = ""
    room: int = 0


def order() -> Sequence[str]:
    """List the prizes that there may be, the highest first."""
    choice = WORK.by_name["award"]
    assert isinstance(choice, Choice)
    return choice.values


def read_prizes(call: Record, values: Mapping[str, Value]) -> Sequence[tuple[str, int]]:
    """Read how many of each prize there are, the highest first. Raises Refusal."""
    told = str(values.get("prizes") or COMMON)
    found = {
        hit["name"]: int(hit["many"] or 1)
        for hit in PRIZE.finditer(told)
        if hit["name"] in order()
    }
    if not found:
        said = CORRECTED.format(number=call.id) if call.id else ""
        raise Refusal(UNREAD.format(said=said))
    return [(name, found[name]) for name in order() if name in found]


def propose(session: Session, call: Record) -> Sequence[Proposal]:
    """Propose awards, by sort where the call says so. Raises Refusal too early."""
    if waiting := judging.lacking(session, call):
        who = "、".join(f"{name}（{count} 件）" for name, count in waiting.items())
        raise Refusal(WAITING.format(who=who))
    values = values_of(session, call)
    prizes = read_prizes(call, values)
    ranked = judging.standings(session, call)
    apart = values.get("scope") != TOGETHER
    groups: dict[str, list[Standing]] = {}
    for each in ranked:
        groups.setdefault(str(each.work.sort) if apart else "", []).append(each)
    return [award(each, prizes, str(values["tie"])) for each in groups.values()]


def award(
    ranked: Sequence[Standing], prizes: Sequence[tuple[str, int]], tie: str
) -> Proposal:
    """Give the prizes out from the top; stop where equals are more than are left.

    What people have decided of a work already stands.
    """
    awards = {each.work.id: level for each in ranked if (level := each.work.level)}
    left = [each for each in ranked if not each.work.level]
    by_theme = tie == BY_THEME
    for name, many in prizes:
        room = many - sum(given == name for given in awards.values())
        if room <= 0 or not left:
            continue
        line = left[min(room, len(left)) - 1].key(by_theme=by_theme)
        equal = [each for each in left if each.key(by_theme=by_theme) == line]
        sure = [each for each in left if each.key(by_theme=by_theme) > line]
        awards |= {each.work.id: name for each in sure}
        if len(sure) + len(equal) > room and tie != ALL_OF_THEM:
            return Proposal(awards, equal, name, room - len(sure))
        awards |= {each.work.id: name for each in equal}
        left = left[len(sure) + len(equal) :]
    return Proposal(awards)


def say_tie(proposal: Proposal) -> str:
    marks = "号、".join(str(each.mark) for each in proposal.tied)
    return TIED.format(
        marks=marks,
        prize=proposal.prize,
        room=proposal.room,
        number=proposal.tied[0].work.id,
    )


def publish(  # noqa: PLR0913  # what was decided, until when, by whom
    session: Session,
    call: Record,
    proposals: Sequence[Proposal],
    until: date,
    by: Member,
    now: datetime,
) -> int:
    """Write the awards down and show them for objections; return how many there are.

    Raises Refusal while equals wait for people.
    """
    if tied := [each for each in proposals if each.tied]:
        raise Refusal(say_tie(tied[0]))
    awards = {
        number: name for each in proposals for number, name in each.awards.items()
    }
    for work in entries.works_of(session, call, "checked"):
        _set(session, work, awards.get(work.id), by, now)
        book.move(session, work, "judged", by.id, now)
    values = {**values_of(session, call), "shown_until": until.isoformat()}
    book.correct(session, call, values, by.id, now)
    book.move(session, call, "public", by.id, now)
    return len(awards)


def decide(
    session: Session, work: Record, award: str, by: Member, now: datetime
) -> None:
    """Set or take away an award as people decided it; "" takes it away.

    Raises Refusal before the marks are in, and once it is announced.
    """
    call = entries.call_of(session, work)
    if call.state not in ("judging", "public"):
        raise Refusal("评奖时、公示期里才能定奖或者取消。")
    if work.state not in ("checked", "judged"):
        raise Refusal(f"作品 {work.id} 没有参加评奖。")
    if call.state == "judging" and judging.lacking(session, call):
        raise Refusal("还有评委没打完分，打完了再合议。")
    _set(session, work, award or None, by, now)


def _set(
    session: Session, work: Record, award: str | None, by: Member, now: datetime
) -> None:
    values = values_of(session, work)
    if values.get("award") != award:
        book.correct(session, work, {**values, "award": award}, by.id, now)


def announce(
    session: Session, call: Record, by: Member, now: datetime
) -> Sequence[Record]:
    """Announce a call's awards once nobody may object any more; return the works."""
    until = values_of(session, call).get("shown_until")
    if until and now.date() <= date.fromisoformat(until):
        raise Refusal(NOT_OVER.format(day=say_date(date.fromisoformat(until))))
    book.move(session, call, "announced", by.id, now)
    return winners(session, call)


def winners(session: Session, call: Record) -> Sequence[Record]:
    """List what won something, the highest prize first."""
    works = entries.works_of(session, call, "judged", "shown", "down")
    won = [each for each in works if each.level in order()]
    return sorted(won, key=lambda each: (order().index(str(each.level)), each.id))
