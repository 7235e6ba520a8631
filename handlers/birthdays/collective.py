"""集体政治生日会: list, agenda, card, notice and sign-in at once."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.branch.birthdays import collectives
from bot.branch.notices.notices import Desk
from bot.branch.people.members import Role
from bot.command import Ask, Drafting, Kept, command
from bot.errors import Refusal
from bot.message import Reply
from bot.understanding.drafts.changes import Change, read_changes
from bot.understanding.drafts.patching import move_moment
from bot.understanding.sentences.forms import Forms
from bot.understanding.slots.place import part_place
from bot.understanding.speech import listen
from handlers.birthdays import collective_preview

HERE = Path(__file__)
AGENDA, DROPPED = Forms(HERE, "edit.agenda"), Forms(HERE, "edit.drop")
ELSE = ("提醒", "打扰", "打卡", "请假", "通知")
"""What speaks of these answers no question of the time."""
PARTS = "／；;\n"
MOST_ITEMS = 10
SHORTEST, LONGEST = 2, 20


@command(
    "collective_birthday",
    help="名单、贺卡、通知、签到一次办好",
    role=Role.SECRETARY,
    acts=True,
)
def hold(ask: Ask) -> str:
    return collective_preview.begin(ask, ask.text.strip())


def _change(ask: Ask, kept: Kept) -> Reply | str | None:
    said = ask.text.strip(" 。！!")
    if not _lacks_time(kept):
        return _improve(ask, collective_preview.unpack(kept), said)
    of_else = ask.is_command_name or any(each in said for each in ELSE)
    of_else = of_else or collective_preview.is_order(said)
    if of_else or listen(said).asks:
        return None
    span = collective_preview.unpack_span(kept["span"])
    place, rest = part_place(said)
    at = collective_preview.read_time(ask, rest)
    if at is None:
        return None
    party = collectives.Party(span, at, place or kept["place"])
    return collective_preview.show(ask, party)


def _show(ask: Ask, kept: Kept) -> str:
    if _lacks_time(kept):
        span = collective_preview.unpack_span(kept["span"])
        return collective_preview.ask_time(ask, span, kept["place"])
    return collective_preview.show(ask, collective_preview.unpack(kept))


def _lacks_time(kept: Kept) -> bool:
    return bool(kept["step"] == "time")


PARTY = Drafting(
    collective_preview.KIND,
    show=_show,
    confirm=lambda ask, kept: _send(ask, collective_preview.unpack(kept)),
    change=_change,
    verbs=("发", "发出", "发出去", "发通知", "办"),
    dropped="好的，没有发。",
    lacks=_lacks_time,
    empty=_lacks_time,
)


def _improve(ask: Ask, party: collectives.Party, said: str) -> str | None:
    """Change what is said of the agenda, the time or the place."""
    if changes := read_changes(said, ask.now):
        return _apply(ask, party, changes)
    if found := AGENDA.find(said):
        items = found.slots["text"].translate(dict.fromkeys(map(ord, PARTS), "/"))
        agenda = tuple(filter(None, map(str.strip, items.split("/"))))
        return _with_agenda(ask, party, agenda)
    if found := DROPPED.find(said):
        gone = found.slots["item"]
        agenda = tuple(each for each in party.agenda if gone not in each)
        return _with_agenda(ask, party, agenda) if agenda != party.agenda else None
    return None


def _apply(ask: Ask, party: collectives.Party, changes: Sequence[Change]) -> str | None:
    for each in changes:
        if each.what == "item":
            _check_agenda(agenda := (*party.agenda, each.words))
            party = replace(party, agenda=agenda)
        elif each.what == "time":
            at = party.starts_at.astimezone(ask.now.tzinfo)
            moved = move_moment(at, each.words, ask.now)
            party = replace(party, starts_at=moved)
        elif each.what == "shift":
            party = replace(party, starts_at=party.starts_at + each.by)
        elif each.what == "place":
            party = replace(party, place=each.words)
        elif each.what == "without" and any(each.words in one for one in party.agenda):
            agenda = tuple(one for one in party.agenda if each.words not in one)
            _check_agenda(agenda)
            party = replace(party, agenda=agenda)
        else:
            return None
    return collective_preview.show(ask, party)


def _with_agenda(ask: Ask, party: collectives.Party, agenda: tuple[str, ...]) -> str:
    _check_agenda(agenda)
    return collective_preview.show(ask, replace(party, agenda=agenda))


def _check_agenda(agenda: tuple[str, ...]) -> None:
    if not 1 <= len(agenda) <= MOST_ITEMS:
        raise Refusal("议程写 1 到 10 项，用 / 隔开。")


def _send(ask: Ask, party: collectives.Party) -> Reply:
    told = collectives.hold(ask.session, _desk(ask), party, ask.made, ask.now)
    ask.close_question()
    return Reply(
        f"正在发，共 {told} 人。“谁没回复”看回执；开始前一刻钟我发签到，"
        "“集体政治生日到会”看签到；不办了说“取消集体政治生日会”。",
        changed=True,
    )


def _desk(ask: Ask) -> Desk:
    return Desk(ask.member, ask.standing.branch, ask.config.server.public_url)


@command(
    "collective_birthday.cancel",
    help="取消定好的集体政治生日会",
    shown=False,
    role=Role.SECRETARY,
    acts=True,
)
def ask_cancel(ask: Ask) -> str:
    planned = collectives.coming(ask.session, ask.standing.branch, ask.now)
    if planned is None:
        raise Refusal("现在没有定好的集体政治生日会。")
    asked = f"取消“{planned.title}”吗？"
    ask.put_draft("cancel_collective", asked, number=planned.id)
    return f"{asked}会给大家发一条更正通知。回“确认”取消，不取消就回“算了”。"


def _cancel(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    planned = collectives.find(ask.session, kept["number"])
    collectives.cancel(ask.session, _desk(ask), planned, ask.now)
    return Reply(f"“{planned.title}”取消了，正在通知大家。", changed=True)


CANCELLING = Drafting(
    "cancel_collective",
    show=lambda ask, kept: ask_cancel.run(ask),
    confirm=_cancel,
    verbs=("取消会", "不办", "不办了", "取消掉"),
    dropped="好的，照常办。",
)


@command(
    "collective_birthday.present",
    help="看集体政治生日会谁签到了",
    shown=False,
    role=Role.SECRETARY,
)
def tell_present(ask: Ask) -> str:
    planned = collectives.latest(ask.session, ask.standing.branch)
    if planned is None:
        raise Refusal("还没有办过集体政治生日会。")
    present = collectives.present(ask.session, planned)
    expected = collectives.expected(ask.session, planned)
    names = "、".join(present[:40]) or "还没有人签到"
    return f"“{planned.title}”应到 {expected} 人，签到 {len(present)} 人：{names}。"
