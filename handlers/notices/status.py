"""谁没回复, 催一下, 审批: what became of a notice, and what helps it along."""

from collections.abc import Collection, Sequence

from bot import outbox
from bot.branch.notices import (
    chasing,
    corrections,
    draft_rules,
    notices,
    reach,
    replies,
    withdrawal,
)
from bot.branch.notices.ledgers import say_state
from bot.branch.notices.notices import Notice, State
from bot.branch.notices.reach import Line, Names, Status
from bot.branch.notices.receipts import Receipt
from bot.branch.people import audit
from bot.branch.people.members import Member, Role
from bot.calendar.quiet_hours import is_quiet
from bot.calendar.say import say_moment, say_people, say_time
from bot.command import Ask, Drafting, Kept, NotMeant, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.slots.audience import take_audience
from bot.understanding.slots.people_named import find_people, may_be_name
from bot.understanding.slots.scope import Scope
from bot.understanding.when import find_period
from handlers.notices.pick import number_in, pick
from handlers.notices.which import MOST, ask_which, hear_which

NAMES_SHOWN = 20
ADVICE = {
    "可见范围": "请管理员在企业微信后台把他们加进应用的可见范围",
    "没有关联": "请在名册里补上账号，或请管理员同步通讯录",
    "许可": "请管理员在企业微信后台分配接口许可",
    "账号不存在": "可能已离开，请核对名册",
}
WHO_NOT = "“{words}”是谁？请说姓名，例：除了王芳都催一下。这次没有催。"
NOT_BY_ITSELF = (
    "现在没有我要自动催的：写了截止时间的通知，截止前我只催一次；"
    "别的只在您说“催一下”时催，您不说就不催。"
)
CHANNEL = "wecom"
MENDING = {
    "IP": "请管理员在企业微信后台的“企业可信 IP”里加上这台服务器",
    "secret": "请管理员核对应用的密钥",
    "corp_id": "请管理员核对企业 ID",
    "agent_id": "请管理员核对应用编号",
    "停用": "请管理员在企业微信后台启用应用",
    "权限": "请管理员在企业微信后台给应用开权限",
}


@command(
    "notice_status",
    help="最近一条通知谁收到了、谁没回复",
    role=Role.SECRETARY,
    shows=("通知的送达和回复",),
)
def show_status(ask: Ask) -> str:
    if "待发" in ask.text or "waits" in ask.slots:
        return _say_waiting(ask)
    found = notices.latest(ask.session, ask.standing.branch)
    if not found:
        raise Refusal("还没有发过通知。要发，说“发通知 内容”。")
    who = ask.slots.get("who", "\n")
    picked = pick(found, ask.text.replace(who, ""), ask.now)
    if picked.said and len(picked.found) > 1:
        return ask_which(ask, "which_status", "看哪一条通知？", picked.found)
    out = [each for each in found if corrections.is_out(each, ask.now)] or found
    if picked.said and not picked.found and _names_notice(ask):
        asked = "没有找到这样的通知。看哪一条？"
        return ask_which(ask, "which_status", asked, corrections.fold(out, ask.now))
    shown = picked.found if picked.said and picked.found else out
    if asked_of := _find_asked_of(ask):
        return _tell_of(ask, shown[0], asked_of)
    return _tell(ask, shown[0]) + _say_others(ask, shown)


def _find_asked_of(ask: Ask) -> Sequence[Member]:
    """List of whom it is asked: 王芳收到了吗; none where it is asked of all."""
    if not (who := ask.slots.get("who", "")):
        return ()
    scope = Scope(ask.session, ask.standing.branch)
    found = find_people(scope, who)
    if not found.people and (found.unsure or may_be_name(who)):
        raise Refusal(found.unsure or f"名册里没有“{who}”。发“谁没回复”看全部。")
    return found.people


def _tell_of(ask: Ask, notice: Notice, people: Sequence[Member]) -> str:
    """Tell how it stands with some of those whom a notice went to."""
    numbers = [each.id for each in people]
    audit.note(ask.session, ask.member, "notices.view", ask.now, subjects=numbers)
    lines = {each.member_id: each for each in reach.ledger(ask.session, notice)}
    out = corrections.is_out(notice, ask.now)
    told = [
        f"{each.called}：{_say_line(ask, notice, lines.get(each.id), out=out)}。"
        for each in people
    ]
    head = f"“{notice.title}”{_stand(ask, notice)}"
    return "\n".join([head, *told, "发“谁没回复”看全部。"])


def _say_line(ask: Ask, notice: Notice, line: Line | None, *, out: bool) -> str:
    if line is None:
        return "不在这条通知的名单里"
    if line.acknowledged_at:
        why = f"（{line.note}）" if line.note else ""
        at = say_time(line.acknowledged_at.astimezone(ask.now.tzinfo), ask.now)
        return f"{at}回复了“{line.choice or '收到'}”{why}"
    why = f"（{line.reason}）" if line.reason and line.state == "refused" else ""
    looked = ask.session.get(Receipt, (notice.matter, line.member_id)) is not None
    told = "打开看过" if looked else f"{say_state(line, out=out)}{why}"
    return f"{told}，还没回复"


def _names_notice(ask: Ask) -> bool:
    """Tell whether words say which notice is meant: by its day, or by its number."""
    period = find_period(ask.text, ask.now, "past")
    return period is not None or number_in(ask.text) is not None


def _say_others(ask: Ask, found: Sequence[Notice]) -> str:
    """Name the other notices that are open, so that one can ask for them."""
    open_ones = corrections.fold(found, ask.now)[1 : MOST + 1]
    others = chasing.open_to_nudge(ask.session, open_ones, ask.now)
    if not others:
        return ""
    names = "；".join(f"{each.id}. “{each.title}”" for each in others)
    return f"\n还有：{names}。说“第{others[0].id}条谁没回复”。"


@answering("which_status")
def show_that(ask: Ask, question: Open) -> str | None:
    meant = hear_which(ask, question)
    return _tell(ask, meant) if isinstance(meant, Notice) else meant


def _tell(ask: Ask, notice: Notice) -> str:
    lost = reach.refused(ask.session, notice, NAMES_SHOWN)
    waits = reach.awaiting(ask.session, notice, NAMES_SHOWN)
    detours = reach.detoured(ask.session, notice, NAMES_SHOWN)
    silent = reach.silent(ask.session, notice, NAMES_SHOWN)
    status = reach.status(ask.session, notice)
    other = [*lost.values(), *waits.values(), *detours.values()]
    named = {each for names in (silent, *other) for each in names.people}
    audit.note(ask.session, ask.member, "notices.view", ask.now, subjects=sorted(named))
    parts = [
        f"“{notice.title}”{_stand(ask, notice)}",
        chasing.in_words(status, ask.member, ask.now),
        *(_say_paused(ask) if status.tally.pending else []),
        *(f"没送到（{why}）：{names}{_advice(why)}" for why, names in lost.items()),
        *(f"等本人说句话再发（{why}）：{names}" for why, names in waits.items()),
        *(f"换个方式送到的（{why}）：{names}" for why, names in detours.items()),
        *(
            f"通知里的图片或文件有没送到的：{why}。"
            for why in reach.lost_enclosures(ask.session, notice)
        ),
        *_say_silent(status, silent),
    ]
    if silent.number and corrections.is_out(notice, ask.now):
        parts.append("发“催一下”提醒他们。")
    return "\n".join(parts)


def _say_silent(status: Status, silent: Names) -> Sequence[str]:
    """Say who has it and has not answered; nothing where nobody has it."""
    if silent.number:
        return [f"还没回复（{silent.number}）：{silent}"]
    return ["都回复了。"] if status.tally.delivered else []


def _are_people(ask: Ask, words: str) -> bool:
    """Tell whether words are names of people of the branch, and nothing else."""
    scope = Scope(ask.session, ask.standing.branch)
    return not take_audience(scope, words)[1].strip("、，, ") and any(
        each in words for each in scope.names
    )


@command(
    "nudge",
    help="提醒还没回复的人",
    role=Role.SECRETARY,
    acts=True,
    knows=_are_people,
)
def nudge_silent(ask: Ask) -> Reply | str:
    if is_quiet(ask.config.quiet, ask.now):
        raise Refusal("现在是免打扰时间，先不催了，白天再发“催一下”。")
    found = draft_rules.gone(ask.session, ask.standing.branch, ask.now)
    if "whom" in ask.slots:
        return _nudge_some(ask, found, _named(ask, ask.slots["whom"]))
    if gone := ask.slots.get("except"):
        return _nudge_some(ask, found, _all_but(ask, gone))
    words = "" if "press" in ask.slots else ask.text
    picked = pick(found, words, ask.now)
    if not picked.said:
        return _nudge_open(ask, found)
    if not picked.found:
        return ask_which(
            ask,
            "which_nudge",
            "没有找到这样的通知。催哪一条？",
            corrections.fold(found, ask.now),
        )
    if len(picked.found) > 1:
        return ask_which(ask, "which_nudge", "催哪一条通知？", picked.found)
    return _nudge(ask, picked.found[0])


def _named(ask: Ask, words: str) -> Sequence[int]:
    """List who is named. Raises NotMeant where nobody is."""
    named = find_people(Scope(ask.session, ask.standing.branch), words)
    if not named.people:
        raise NotMeant
    return [each.id for each in named.people]


def _all_but(ask: Ask, words: str) -> Sequence[int]:
    """List everybody but who is named. Raises Refusal where it is not said who."""
    scope = Scope(ask.session, ask.standing.branch)
    gone = {each.id for each in find_people(scope, words).people}
    if not gone:
        raise Refusal(WHO_NOT.format(words=words))
    every = {number for numbers in scope.called.values() for number in numbers}
    return sorted(every - gone)


def _nudge_some(ask: Ask, found: Sequence[Notice], people: Sequence[int]) -> Reply:
    """Remind some people alone, of the newest notice that waits for one of them.

    Raises Refusal where none does.
    """
    open_ones = chasing.open_to_nudge(ask.session, found, ask.now)
    for each in open_ones:
        if chasing.is_silent(ask.session, each, people):
            return _nudge(ask, each, people)
    raise Refusal(chasing.NOT_AWAITED)


def _nudge_open(ask: Ask, found: Sequence[Notice]) -> Reply | str:
    """Remind of the latest; ask where another may be meant as well."""
    newest = found[0]
    open_ones = chasing.open_to_nudge(ask.session, found, ask.now)
    if open_ones in ([], [newest]):
        return _nudge(ask, newest)
    asked = "催哪一条通知？"
    if newest not in open_ones:
        asked = f"“{newest.title}”不用催了。还有没回复完的，催哪一条？"
    return ask_which(ask, "which_nudge", asked, open_ones)


@command(
    "nudge.stop",
    help="截止前不再自动催没回复的人",
    role=Role.SECRETARY,
    shown=False,
)
def offer_to_stop(ask: Ask) -> str:
    """Offer to leave out the reminder before a deadline; no other goes by itself."""
    found = draft_rules.gone(ask.session, ask.standing.branch, ask.now)
    ahead = chasing.to_be_chased(ask.session, found, ask.config.quiet, ask.now)
    which = ask.slots.get("which", "")
    if which:
        ahead = list(pick(ahead, which, ask.now).found)
    if not ahead:
        return NOT_BY_ITSELF
    return _show_stop(ask, ahead)


def _show_stop(ask: Ask, ahead: Sequence[Notice]) -> str:
    titles = "、".join(f"“{each.title}”" for each in ahead)
    asked = f"截止前不再催{titles}吗？"
    ask.put_draft("nudge.stop", asked, notices=[each.id for each in ahead])
    return (
        f"截止前我会自动催一次还没回复的：{titles}。\n"
        "不催了回“确认”；照旧催，回“取消”。"
    )


def _stop(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    found = [notices.find(ask.session, each) for each in kept["notices"]]
    for each in found:
        chasing.leave_silent(ask.session, each, ask.now)
    titles = "、".join(f"“{each.title}”" for each in found)
    return Reply(f"好的，截止前不催{titles}了。要催说“催一下”。", changed=True)


STOP = Drafting(
    "nudge.stop",
    show=lambda ask, kept: _show_stop(
        ask, [notices.find(ask.session, each) for each in kept["notices"]]
    ),
    confirm=_stop,
    verbs=("停", "不催", "别催"),
    dropped="好的，截止前照旧催一次。",
)


@answering("which_nudge")
def nudge_that(ask: Ask, question: Open) -> Reply | str | None:
    meant = hear_which(ask, question)
    return _nudge(ask, meant) if isinstance(meant, Notice) else meant


def _nudge(ask: Ask, notice: Notice, only: Collection[int] = ()) -> Reply:
    notice = corrections.standing(ask.session, notice, ask.now)
    desk = chasing.desk_of(ask.session, notice, ask.config.server.public_url)
    every = ask.config.notices.nudge_every
    if only:
        whom = chasing.Whom(only, every)
        told = chasing.nudge_some(ask.session, notice, desk, whom, ask.now)
    else:
        told = chasing.nudge(ask.session, notice, desk, every, ask.now)
    return Reply(
        f"正在提醒还没回复的{say_people(told)}：“{notice.title}”。", changed=True
    )


@command(
    "approve",
    help="审批同事要发的通知",
    shown=False,
    role=Role.COMMITTEE,
    acts=True,
)
def approve(ask: Ask) -> Reply | str:
    """Let a colleague's notice go, or not: by the card's button only."""
    number, _, verdict = ask.words.partition(":")
    if ask.message.kind != "event" or not number.isdecimal():
        return "审批请按卡片上的“同意”或“不同意”。"
    notice = notices.find(ask.session, int(number))
    if notice.author_id == ask.member.id:
        raise Refusal("自己写的通知要由别人审批。")
    desk = chasing.desk_of(ask.session, notice, "")
    if ask.member not in draft_rules.approvers(ask.session, desk):
        raise Refusal("这条通知不归您审批。")
    if verdict == "yes" and not draft_rules.still_speaks(ask.session, desk):
        raise Refusal(
            f"写这条通知的{desk.author.called}现在不是{desk.branch.name}的书记，没有发。"
            "要发请现任书记重新写一条；这条可以按“不同意”退回。"
        )
    if verdict == "yes":
        withdrawal.approve(ask.session, notice, ask.now)
    else:
        withdrawal.reject(ask.session, notice, ask.now)
    words = "已同意" if verdict == "yes" else "已退回"
    withdrawal.tell_author(ask.session, notice, f"{ask.member.called}{words}", ask.now)
    if ask.message.ticket:
        replies.grey_out(ask.session, ask.member, ask.message.ticket, words, ask.now)
    return Reply(f"{words}：“{notice.title}”。", changed=True)


def _say_waiting(ask: Ask) -> str:
    found = notices.waiting(ask.session, ask.standing.branch, ask.now)
    if not found:
        return "没有等着发的通知。"
    lines = [f"{each.id}. “{each.title}”{_stand(ask, each)}" for each in found]
    ask.note_list("notices", [each.id for each in found])
    one = found[0].id
    return "\n".join(lines) + (
        f"\n改时间说“第{one}条改到明早九点发”，不发了说“撤回第{one}条”。"
    )


def _stand(ask: Ask, notice: Notice) -> str:
    if notice.state == State.AWAITING:
        return "（等审批）"
    if notice.state == State.WITHDRAWN:
        return "（已撤回）"
    if notice.goes_at > ask.now:
        return f"（定于{say_moment(notice.goes_at, ask.now)}发）"
    if last := corrections.corrected_by(ask.session, notice, ask.now):
        return f"（已更正：{last.title}）"
    return ""


def _say_paused(ask: Ask) -> list[str]:
    """Say why nothing goes out just now, and who can mend it."""
    paused = outbox.find_pause(ask.session, CHANNEL, ask.now)
    if paused is None:
        return []
    signs = (advice for sign, advice in MENDING.items() if sign in paused.reason)
    mend = next(signs, "过一会儿我自己再试")
    return [
        f"现在发不出去：{paused.reason}。{mend}；好了会自己接着发，不用重发。",
    ]


def _advice(reason: str) -> str:
    found = (advice for sign, advice in ADVICE.items() if sign in reason)
    return next((f"。{advice}。" for advice in found), "")
