"""在群里@一下没回复的: the group robots call the silent, after a preview."""

from bot.branch.notices import chasing, draft_rules, notices, reach
from bot.branch.notices.notices import Notice
from bot.branch.people.members import Role
from bot.calendar.quiet_hours import is_quiet
from bot.command import Ask, Drafting, Kept, command
from bot.errors import Refusal
from bot.message import Reply

MOST = 50  # more names than a group reads; all of them are reminded one by one
NAMES_SHOWN = 15


@command(
    "nudge.group",
    help="请群机器人在群里@还没回复的人，先看名单再发",
    role=Role.SECRETARY,
    acts=True,
)
def call_silent(ask: Ask) -> str:
    """Show whom the robot would call, and in which groups."""
    groups = [each.name for each in ask.config.robots]
    if not groups:
        raise Refusal("还没有配置群机器人，发不到群里；请管理员配上。")
    _must_be_loud(ask)
    latest = draft_rules.latest_gone(ask.session, ask.standing.branch, ask.now)
    return _ask_sure(ask, latest)


def _ask_sure(ask: Ask, notice: Notice) -> str:
    groups = [each.name for each in ask.config.robots]
    silent = reach.silent_with(ask.session, notice, NAMES_SHOWN)
    if not silent.number:
        raise Refusal(chasing.nobody_silent(ask.session, notice))
    if silent.number > MOST:
        raise Refusal(f"还有 {silent.number} 人没回复，群里点名太多，请用“催一下”。")
    asked = f"在{'、'.join(groups)}里@没回复“{notice.title}”的 {silent.number} 人吗？"
    ask.put_draft("nudge.group", asked, notice=notice.id)
    return f"{asked}\n{silent}\n群里所有人都看得到是谁。回“确认”发，回“取消”不发。"


def _confirm(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    _must_be_loud(ask)
    return _call(ask, notices.find(ask.session, kept["notice"]))


CALL = Drafting(
    "nudge.group",
    show=lambda ask, kept: _ask_sure(ask, notices.find(ask.session, kept["notice"])),
    confirm=_confirm,
    verbs=("发", "发出去", "@", "艾特", "叫", "催"),
    dropped="好的，没有发。",
)


def _call(ask: Ask, notice: Notice) -> Reply:
    groups = [each.name for each in ask.config.robots]
    every = ask.config.notices.nudge_every
    told = chasing.call_in_groups(ask.session, notice, groups, every, ask.now)
    return Reply(f"已在{'、'.join(groups)}里@{told} 位还没回复的同志。", changed=True)


def _must_be_loud(ask: Ask) -> None:
    if is_quiet(ask.config.quiet, ask.now):
        raise Refusal("现在是免打扰时间，先不在群里@人了，白天再说。")
