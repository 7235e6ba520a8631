"""集体政治生日会: list, agenda, card, notice and sign-in at once."""

from dataclasses import replace
from pathlib import Path

from bot.branch.birthdays import collectives
from bot.branch.notices.notices import Desk
from bot.branch.people.members import Role
from bot.command import Ask, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.replies import says_no, says_yes
from bot.understanding.sentences.forms import Forms
from bot.understanding.speech import listen
from handlers.birthdays import collective_preview

HERE = Path(__file__)
AGENDA, TIME, PLACE = (
    Forms(HERE, f"edit.{each}") for each in ("agenda", "time", "place")
)
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


@answering(collective_preview.KIND)
def continue_party(ask: Ask, question: Open) -> Reply | str | None:
    said = ask.said.strip(" 。！!")
    details = question.details
    if says_no(said):
        ask.close_question()
        return "好的，没有发。"
    if details["step"] == "time":
        of_else = ask.is_command_name or any(each in said for each in ELSE)
        if of_else or listen(said).asks:
            return None
        span = collective_preview.unpack_span(details["span"])
        place, rest = collective_preview.read_place(said)
        at = collective_preview.read_time(ask, rest)
        if at is None:
            return None
        party = collectives.Party(span, at, place or details["place"])
        return collective_preview.show(ask, party)
    party = collective_preview.unpack(details)
    if says_yes(said):
        return _send(ask, party)
    return _improve(ask, party, said)


def _improve(ask: Ask, party: collectives.Party, said: str) -> str | None:
    if found := AGENDA.find(said):
        items = found.slots["text"].translate(dict.fromkeys(map(ord, PARTS), "/"))
        agenda = tuple(filter(None, map(str.strip, items.split("/"))))
        if not 1 <= len(agenda) <= MOST_ITEMS:
            raise Refusal("议程写 1 到 10 项，用 / 隔开。")
        return collective_preview.show(ask, replace(party, agenda=agenda))
    if found := TIME.find(said):
        at = collective_preview.read_time(ask, found.slots["text"])
        if at is not None:
            return collective_preview.show(ask, replace(party, starts_at=at))
    if found := PLACE.find(said):
        place = found.slots["text"]
        if SHORTEST <= len(place) <= LONGEST:
            return collective_preview.show(ask, replace(party, place=place))
    return None


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
    ask.put_question("cancel_collective", asked, number=planned.id)
    return f"{asked}会给大家发一条更正通知。回“确认”取消，不取消就回“算了”。"


@answering("cancel_collective")
def cancel(ask: Ask, question: Open) -> Reply | str | None:
    if says_no(ask.text):
        ask.close_question()
        return "好的，照常办。"
    if not says_yes(ask.text):
        return None
    ask.close_question()
    planned = collectives.find(ask.session, question.details["number"])
    collectives.cancel(ask.session, _desk(ask), planned, ask.now)
    return Reply(f"“{planned.title}”取消了，正在通知大家。", changed=True)


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
