"""集体政治生日会: list, agenda, card, notice and sign-in at once."""

import re
from dataclasses import replace

from bot.branch.birthdays import collectives
from bot.branch.notices.notices import Desk
from bot.branch.people.members import Role
from bot.command import Ask, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.replies import says_no, says_yes
from bot.understanding.speech import listen
from handlers.birthdays import collective_preview

EDIT_PLACE = re.compile(r"^(?:改?地点|地点改[到成]?|换到|在)[:：\s]*(.{2,20})$")
EDIT_AGENDA = re.compile(r"^(?:改?议程)[:：\s]*(.+)$", re.DOTALL)
EDIT_TIME = re.compile(r"^(?:改到|改成|时间改?[到成为]?|换到)[:：\s]*(.+)$")
OTHER = re.compile("提醒|打扰|打卡|请假|通知")
MOST_ITEMS = 10


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
        if ask.is_command_name or OTHER.search(said) or listen(said).asks:
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
    if hit := EDIT_AGENDA.match(said):
        agenda = tuple(filter(None, map(str.strip, re.split(r"[/／；;\n]", hit[1]))))
        if not 1 <= len(agenda) <= MOST_ITEMS:
            raise Refusal("议程写 1 到 10 项，用 / 隔开。")
        return collective_preview.show(ask, replace(party, agenda=agenda))
    if (hit := EDIT_TIME.match(said)) and (
        at := collective_preview.read_time(ask, hit[1])
    ):
        return collective_preview.show(ask, replace(party, starts_at=at))
    if hit := EDIT_PLACE.match(said):
        return collective_preview.show(ask, replace(party, place=hit[1].strip()))
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
