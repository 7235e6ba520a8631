"""党费台账: who is behind: each is told of her own; six months are told of in time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from bot.branch.people.audience import Audience, name_people
from bot.branch.people.members import party_branch
from bot.branch.records import dues_months
from bot.branch.records.kinds.dues import DUES
from bot.command import Ask, command
from bot.rulebook.load import find_rule
from bot.text.phrases import read_beside
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from bot.understanding.when import find_period
from handlers.records.view import sees_all

SHOWN = 20
LAPSE, WARN = 6, 4
EMPTY = (
    "党费台账还没有记过，不知道谁交没交。交了就说“{example}”；只记交了多少，不记收入。"
)
BEFORE = "党费台账从{year}年{month}月记起，之前的没有记。"
OTHERS = "别人的党费只有书记和组织委员看得到。您自己的：\n"
NONE_YET = "党费台账还没有记过。"
NOT_UNPAID = "没记不等于没交，先单独问本人；不能替交、扣缴。"


@command(
    "dues.behind",
    help="党费交到几月、谁还没交（别人的只有书记和组织委员看得到）",
    phrases=read_beside(Path(DUES.beside), "dues.behind"),
)
def show_behind(ask: Ask) -> str:
    """Tell the months that are missing since the book begins, this month apart."""
    branch, today = party_branch(ask.session, ask.member), ask.now.date()
    begun = dues_months.find_begin(ask.session, branch)
    named = find_people(Scope(ask.session, branch), ask.text).people
    who = named[0] if named and sees_all(ask, DUES) else None
    if begun is None:
        how = _how_for(who.name) if who else ""
        return f"{NONE_YET}{how}" if who else EMPTY.format(example=DUES.example)
    months = list(dues_months.months(begun, today))
    of = find_period(ask.text, ask.now, "past")
    asked = [each for each in months if of and of.start.date() <= each < of.end.date()]
    if of and not asked:
        return BEFORE.format(year=begun.year, month=begun.month)
    if who:
        paid_of = dues_months.paid_by_months(ask.session, branch, who.id)
        return _of(who.called, set(paid_of.get(who.id, ())), asked or months)
    if "我" in ask.text or not sees_all(ask, DUES):
        me = ask.member.id
        mine = dues_months.paid_by_months(ask.session, branch, me)
        own = dues_months.rates(ask.session, branch, me).get(me, ())
        others = OTHERS if any(each.id != me for each in named) else ""
        return others + _own(set(mine.get(me, ())), asked or months, own)
    paid = dues_months.paid_by_months(ask.session, branch)
    every = name_people(ask.session, Audience(branch.id))
    lacking = {
        name: [month for month in months if month not in paid.get(number, ())]
        for number, name in every.items()
    }
    names = {name: number for number, name in every.items()}
    told = dues_months.rates(ask.session, branch)
    rates = {name: told.get(number, ()) for name, number in names.items()}
    lines = _each(lacking, asked) if asked else _all(lacking, today, rates)
    return "\n".join(lines)


def say_owed(told: Sequence[tuple[date, float]], months: Iterable[date]) -> str:
    """Say what months come to, in brackets; "" where nobody told what is owed."""
    each = [dues_months.owed(told, month) for month in months]
    known = [amount for amount in each if amount is not None]
    return f"（应交 {sum(known):g} 元）" if known and len(known) == len(each) else ""


def _own(
    paid: set[date], months: list[date], told: Sequence[tuple[date, float]]
) -> str:
    left = [month for month in months if month not in paid]
    newest = DUES.by_name["day"].say(max(paid).isoformat()) if paid else ""
    last = f"最近一次记的是 {newest}。" if paid else ""
    if not left:
        return f"您的党费交到本月了。{last}"
    said = "、".join(f"{month.year}年{month.month}月" for month in left)
    return (
        f"{last}台账里没有您这几个月的：{said}{say_owed(told, left)}。\n"
        f"交了就说“{DUES.example}”；只记交了多少，不记收入。"
    )


def _of(name: str, paid: set[date], months: list[date]) -> str:
    """Say to whoever may see it what the book has of one."""
    left = [month for month in months if month not in paid]
    if not left:
        return f"{name}的党费台账里记到了 {max(paid).year}年{max(paid).month}月，不缺。"
    said = "、".join(f"{month.year}年{month.month}月" for month in left)
    return f"台账里没有{name}这几个月的：{said}。{_how_for(name)}"


def _how_for(name: str) -> str:
    return f"交过了就补记，例：{name}交了3月党费42元。没记不等于没交。"


def _each(lacking: dict[str, list[date]], asked: list[date]) -> Iterator[str]:
    """Say of each month that is asked about who has nothing in the book."""
    count = len(lacking)
    for month in asked:
        left = [name for name, months in lacking.items() if month in months]
        paid = count - len(left)
        head = f"{month.year}年{month.month}月党费：{count} 人里 {paid} 人记了。"
        names = "、".join(left[:SHOWN])
        yield f"{head}还没记：{names}。" if left else head
    yield NOT_UNPAID


def _all(
    lacking: dict[str, list[date]],
    today: date,
    rates: Mapping[str, Sequence[tuple[date, float]]],
) -> Iterator[str]:
    this = today.replace(day=1)
    now = [name for name, months in lacking.items() if this in months]
    count = len(lacking)
    yield f"{today.month} 月党费：{count} 人里 {count - len(now)} 人记了。"
    if now:
        yield f"本月还没记：{'、'.join(now[:SHOWN])}。"
    behind = {
        name: [each for each in of if each < this] for name, of in lacking.items()
    }
    for name, months in behind.items():
        if months:
            sum_ = say_owed(rates[name], months)
            yield f"· {name}：以前的还缺 {len(months)} 个月{sum_}"
    if any(len(months) >= WARN for months in behind.values()):
        yield f"连续 {LAPSE} 个月的规定：{find_rule('life.lapse', today).text}"
    yield NOT_UNPAID
