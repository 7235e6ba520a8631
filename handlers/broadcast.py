"""发通知: a secretary writes, looks at the preview, confirms; then who has seen it."""

from bot.branch import notices
from bot.branch.members import Role, audience
from bot.branch.notices import Line, Status
from bot.branch.tree import Branch
from bot.command import Ask, answering, command
from bot.errors import Refusal
from bot.message import Reply
from bot.pending import Open
from bot.quiet import is_quiet

YES = ("确认", "确定", "发送", "确认发送", "是", "是的", "发吧", "可以发")
NO = ("取消", "不发了", "算了", "不发", "先不发")
NAMES_SHOWN = 20


@command(
    "broadcast",
    names=("发通知", "通知全体党员", "通知大家", "发个通知", "群发通知", "通知"),
    examples=(
        "发通知 周三下午两点在301开支部大会",
        "通知全体党员：周五下午三点学习",
        "给大家发个通知，明天交思想汇报",
        "帮我通知大家周三开会",
        "告诉全体党员明天下午两点开会",
        "发布通知：下周一主题党日",
    ),
    help="给本支部发通知，先预览再发，例：发通知 周三下午两点开会",
    role=Role.SECRETARY,
    acts=True,
)
def draft_notice(ask: Ask) -> str:
    text = ask.words.strip(" ：:，,\n")
    if not text:
        ask.put_question("broadcast", "通知的内容是什么？", step="text")
        return "通知的内容是什么？直接发给我；不发了就回“取消”。"
    return _preview(ask, text)


@answering("broadcast")
def continue_notice(ask: Ask, question: Open) -> Reply | str | None:
    """确认 sends, 取消 forgets, 修改 asks anew; other texts are other commands."""
    said = ask.text.strip(" 。！!，,")
    if said in NO:
        ask.close_question()
        return "好的，没有发。"
    if question.details["step"] == "text":
        return None if _is_command(ask) else _preview(ask, ask.text)
    if said in YES:
        return _send(ask, question.details["text"])
    if said.startswith("修改"):
        rest = said.removeprefix("修改").strip(" ：:，,")
        if rest:
            return _preview(ask, rest)
        ask.put_question("broadcast", "通知改成什么？", step="text")
        return "改成什么？把新的内容整段发给我。"
    return None


@command(
    "notice_status",
    names=("谁没回复", "通知情况", "回复情况", "谁没收到", "通知回执", "谁收到了"),
    examples=(
        "通知都收到了吗",
        "还有谁没回复",
        "多少人回复了",
        "上次的通知谁没看",
        "哪些人还没有回复收到",
        "看看通知的回复情况",
    ),
    help="最近一条通知谁收到了、谁没回复",
    role=Role.SECRETARY,
)
def show_status(ask: Ask) -> str:
    notice = _latest(ask)
    status = notices.status(ask.session, notice)
    lines = notices.ledger(ask.session, notice)
    waiting = [
        line
        for line in lines
        if line.acknowledged_at is None and line.state != "refused"
    ]
    parts = [
        f"“{notice.title}”",
        _figures(status),
        *_refusals(lines),
        f"还没回复（{len(waiting)}）：{_names(waiting)}" if waiting else "都回复了。",
    ]
    if waiting:
        parts.append("发“催一下”提醒他们。")
    return "\n".join(parts)


@command(
    "nudge",
    names=("催一下", "催办", "提醒没回复的", "再催一下"),
    examples=(
        "催一下没回复的人",
        "提醒一下还没回复的同志",
        "催催没收到的",
        "再提醒一下没回的",
        "给没回复的人再发一遍",
    ),
    help="提醒还没回复的人",
    role=Role.SECRETARY,
    acts=True,
)
def nudge_silent(ask: Ask) -> Reply:
    if is_quiet(ask.config.quiet, ask.now):
        raise Refusal("现在是免打扰时间，先不催了，白天再发“催一下”。")
    notice = _latest(ask)
    told = notices.nudge(ask.session, notice, ask.now)
    return Reply(f"已提醒 {told} 位还没回复的同志：“{notice.title}”。", changed=True)


def _preview(ask: Ask, text: str) -> str:
    branch = ask.standing.branch
    people = audience(ask.session, branch)
    if len(text) > notices.MAX_TEXT:
        raise Refusal(f"通知最多 {notices.MAX_TEXT} 字，现在有 {len(text)} 字。")
    if not people.reachable:
        raise Refusal(
            f"{branch.name}还没有能收到消息的党员，请先导入名册或同步通讯录。"
        )
    ask.put_question(
        "broadcast", f"“{notices.make_title(text)}”发不发？", step="confirm", text=text
    )
    return (
        f"【预览】发给{_whom(branch)}，共 {people.total} 人{_few(people.names)}"
        f"{_unreachable(people.total - people.reachable)}\n"
        f"――――――\n{text}\n――――――\n"
        "回“确认”现在就发，“修改 新内容”重写，“取消”不发（30 分钟内有效）。"
    )


def _send(ask: Ask, text: str) -> Reply:
    branch = ask.standing.branch
    notice = notices.publish(ask.session, ask.member, branch, text, ask.now)
    ask.close_question()
    status = notices.status(ask.session, notice)
    return Reply(
        f"已发出，共 {status.tally.planned} 人。发“谁没回复”看回执，发“催一下”提醒。",
        changed=True,
    )


def _is_command(ask: Ask) -> bool:
    """Tell whether the text is a bare command and so not the notice's text."""
    names = {name for each in ask.commands.by_intent.values() for name in each.names}
    return ask.text.strip() in names


def _latest(ask: Ask) -> notices.Notice:
    found = notices.latest(ask.session, ask.standing.branch, 1)
    if not found:
        raise Refusal("还没有发过通知。要发，说“发通知 内容”。")
    return found[0]


def _figures(status: Status) -> str:
    tally = status.tally
    return (
        f"计划 {tally.planned} 人：送达 {tally.delivered}，未送达 {tally.refused}，"
        f"发送中 {tally.pending}；已回复 {status.acknowledged}。"
    )


def _refusals(lines: list[Line]) -> list[str]:
    reasons: dict[str, list[Line]] = {}
    for line in lines:
        if line.state == "refused":
            reasons.setdefault(line.reason or "", []).append(line)
    return [f"没送到（{reason}）：{_names(those)}" for reason, those in reasons.items()]


def _names(lines: list[Line]) -> str:
    shown = "、".join(line.name for line in lines[:NAMES_SHOWN])
    more = len(lines) - NAMES_SHOWN
    return f"{shown} 等 {len(lines)} 人" if more > 0 else shown


def _whom(branch: Branch) -> str:
    return f"{branch.name}全体党员"


def _few(names: tuple[str, ...]) -> str:
    return f"（{'、'.join(names)}）" if names else ""


def _unreachable(count: int) -> str:
    return f"，其中 {count} 人还没关联企业微信、收不到" if count else ""
