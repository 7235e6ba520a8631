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
        "发通知",
        "发通知：明天上午九点开会",
        "发通知 下周一交思想汇报",
        "发通知，周五停课",
        "发一条通知，会议改时间了",
        "发一个通知 明天集合",
        "发个通知 今晚有党课",
        "发个通知给大家，明天交表",
        "发个通知给全体党员",
        "发布一条通知",
        "发布通知 主题党日延期",
        "发公告 会议室换到201",
        "发消息给大家：明天不开会了",
        "群发 明天下午开会",
        "群发：请大家按时参加学习",
        "群发通知 本周五大扫除",
        "群发消息，下午的会取消",
        "广播 今天下午两点集合",
        "广播：晚上七点看直播",
        "通知 周三下午开会",
        "通知：明天下午两点集中学习",
        "通知大家明天下午开会",
        "通知大家：会议取消",
        "通知大家，主题党日改到周六",
        "通知一下大家明天开会",
        "通知一下，明天的会改到下午",
        "通知全体党员明天开会",
        "通知全体党员，下周交党费",
        "通知所有人明天上午开会",
        "通知所有党员周五交心得",
        "通知各位党员下午三点集合",
        "通知各位老师明天开会",
        "通知第一党小组明天开会",
        "通知第三党小组：周五学习",
        "通知支委明天下午开会",
        "通知预备党员交思想汇报",
        "通知积极分子参加培训",
        "通知李伟明天来开会",
        "通知张老师周五交材料",
        "请通知全体党员明天开会",
        "请通知大家周五下午开会",
        "帮我通知全体党员开会",
        "帮我发通知",
        "帮我发个通知",
        "帮我发个通知，明天下午三点开会",
        "帮忙通知大家，地点改了",
        "给大家发通知",
        "给大家发个通知",
        "给大家发条消息，明天交材料",
        "给全体党员发个通知",
        "给全体党员发通知：周五开会",
        "给党员们发个通知，明天学习",
        "给第二党小组发个通知，周四学习",
        "向全体党员发通知",
        "跟大家说一声，会议取消了",
        "跟大家说一下，明天下午开会",
        "告诉大家明天不开会了",
        "告诉全体党员会议改到周四",
        "转告大家，下午的活动取消",
        "让大家知道明天停电",
        "跟大家说一声，别忘了明天开会",
        "跟党员们说一下，周五交心得",
        "和各位党员说一声，明天的会改到后天",
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
        "谁没看通知",
        "谁还没看",
        "谁还没收到",
        "还有谁没收到",
        "还有谁没看通知",
        "哪些人没看通知",
        "哪些人还没收到",
        "谁看了通知",
        "谁看过通知了",
        "有谁没回复",
        "还有几个没回复",
        "没回复的有哪些",
        "没收到的人有谁",
        "几个人收到了",
        "有几个人收到了",
        "几个人回复了收到",
        "多少人收到了",
        "多少人看了通知",
        "多少人已读",
        "已读多少",
        "通知有多少人看了",
        "通知多少人看了",
        "上一条通知多少人回了",
        "上条通知的情况",
        "上条通知的回执",
        "昨天的通知有谁没看",
        "周五开会的通知谁没看",
        "周五的通知都看了吗",
        "通知都看到了吗",
        "通知大家都收到了吗",
        "大家都收到了吗",
        "通知收到了没",
        "通知送到了吗",
        "通知送达了多少人",
        "通知送达情况",
        "通知发送情况",
        "通知发出去了吗",
        "通知发了吗",
        "通知发成功了吗",
        "通知的回执情况",
        "通知已读情况",
        "看看回执",
        "查看回执",
        "回执名单",
        "回执统计",
        "回复率多少",
        "李伟收到通知了吗",
        "王芳看通知了吗",
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
        "催一催",
        "催一催没回的",
        "催一下大家",
        "催一下没看的",
        "催一下还没看通知的人",
        "催一下没收到的",
        "催没看的人",
        "催没回复的人",
        "催没回执的",
        "催催没回复的",
        "催催大家",
        "催办没回复的人",
        "再催一下没回的",
        "再催一遍",
        "再催催",
        "帮我催一下",
        "帮我催催没回的",
        "把没看的催一下",
        "把没回复的催一下",
        "把没收到的再催一遍",
        "给没看的人提个醒",
        "给没看通知的人发提醒",
        "给没回执的人催一下",
        "给还没看的再发一次",
        "提醒没看的",
        "提醒没看通知的",
        "提醒没收到的人",
        "提醒没回执的",
        "提醒一下没看的人",
        "提醒一下未读的",
        "再提醒一次没看的",
        "再提醒没回复的",
        "提醒未读的人",
        "提醒还没看通知的同志",
        "对没回复的再提醒一遍",
        "给未读的人再发一次",
        "给未读的再发一遍提醒",
        "再发一次提醒给没看的",
        "提醒还没收到的人",
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
