"""帮助: what the assistant can do for whoever asks, one screen for each topic."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.branch.people.members import Role
from bot.branch.people.referral import say_who_may
from bot.command import Answer, Ask, Command, command, whole_of
from bot.rulebook.answer import answer_question

NAMES_SHOWN = 5
QUOTES = "“”\"'「」‘’"
HINTED = 3


@dataclass(frozen=True)
class Topic:
    """Commands that belong together. words: one of these calls it.

    intents: in their order; a part ("study.plan") follows its whole unless it is named.
    """

    name: str
    words: tuple[str, ...]
    intents: tuple[str, ...]


def _topic(name: str, words: str, intents: str) -> Topic:
    return Topic(name, tuple(words.split()), tuple(intents.split()))


TOPICS = (
    _topic(
        "打卡",
        "打卡 学习 学时 排行 排名 培训",
        "checkin my_checkins undo study ranking",
    ),
    _topic(
        "提醒",
        "提醒 免打扰 勿扰 静音",
        "remind reminders cancel_reminder remind.change remind.resume mute",
    ),
    _topic(
        "通知",
        "通知 收到 回执 催 撤回 更正 群发",
        "broadcast notice_status nudge recall_notice export notices receipt reads_in",
    ),
    _topic(
        "会议",
        "会议 活动 签到 请假 出勤 投票 开会",
        "events sign_in leave plan_event attendance vote",
    ),
    _topic(
        "生日",
        "生日 寄语 贺卡 祝福 党龄",
        "my_birthday birthdays my_card write_note collective_birthday birthday_week"
        " edit_greeting collect_notes see_notes card_style",
    ),
    _topic("规定", "规定 党费 知识 条例 制度", "ask dues dues_rate"),
    _topic(
        "我的",
        "我的 信息 资料 数据 隐私",
        "profile my_data bind concern",
    ),
    _topic(
        "台账",
        "台账 记录 服务 荣誉 获奖 志愿 谈话 谈心 清单 五个一 七个一 参观 承诺 先锋岗",
        "service honours talk talk.appointments checklist visit posts pledge resource"
        " bulletin bulletin.list records.export",
    ),
    _topic(
        "作品",
        "作品 投稿 征集 征文 摄影 书画 廉洁周 廉洁文化周",
        "submit_work submit_work.list submit_work.results submit_work.call.list"
        " submit_work.call submit_work.form submit_work.standings",
    ),
    _topic(
        "支部",
        "支部 节点 纪念日 名册 发展 换届 统计 迎检",
        "observances members.officers development members stats stats.burden pack"
        " pack.claims",
    ),
)
# Told of in their topic, though they stand on no menu.
TOLD = (
    "remind.change",
    "remind.resume",
    "my_card",
    "write_note",
    "birthday_week",
    "edit_greeting",
    "collect_notes",
    "see_notes",
    "card_style",
    "study.undo",
    "study.leave",
    "study.remove_material",
    "observances.remove",
    "observances.notice",
)


@command(
    "help",
    public=True,
    help="看看我会什么",
)
def show_help(ask: Ask) -> str:
    """Show all topics, or the one that is named: 帮助 通知, 怎么发通知."""
    mine = [
        each
        for each in ask.commands.open_to(ask.standing.role)
        if each.shown or each.intent in TOLD
    ]
    found = _named(ask.text)
    if found and (commands := _of(found, mine)):
        return _tell(found, commands)
    topics = [(each, _of(each, mine)) for each in TOPICS]
    lines = [_line(each, commands) for each, commands in topics if commands]
    if others := _others(mine):
        lines.append(f"· {_names(others)}")
    named = [f"“帮助 {each.name}”" for each, commands in topics if commands][:HINTED]
    return "\n".join(
        [
            f"{ask.speaker.name}您好，直接打字告诉我就行。我会这些：",
            *lines,
            f"每一类怎么说，发{'、'.join(named)}就看得到。",
        ]
    )


def _is_command(ask: Ask, words: str) -> bool:
    """Tell whether a command is called so, and no rule tells of the matter."""
    intent = ask.commands.names.get(words.strip(QUOTES))
    return intent is not None and answer_question(ask.text, ask.now.date()) is None


@command(
    "help.command",
    help="一个口令是做什么的",
    shown=False,
    knows=_is_command,
)
def tell_of_command(ask: Ask) -> Answer:
    """Tell what one command does: 催一下是什么意思, 忘了打卡怎么办."""
    every = ask.commands.by_intent
    name = ask.slots.get("name", "").strip(QUOTES)
    if name not in ask.commands.names:
        return show_help.run(ask)
    called = every[ask.commands.names[name]]
    late = every.get(f"{called.intent}.late")
    if late and "forgot" in ask.slots:
        return late.run(ask)
    whose = say_who_may(called.role) if called.role > Role.MEMBER else ""
    by = f"（由{whose}来用）" if whose else ""
    return f"“{name}”：{called.help}{by}\n发“帮助”看别的。"


def _named(text: str) -> Topic | None:
    """Find the topic that a text names; 打卡提醒 and 学习提醒 are reminders."""
    said = text.replace("打卡提醒", "提醒").replace("学习提醒", "提醒")
    return next((each for each in TOPICS if any(w in said for w in each.words)), None)


def _of(topic: Topic, mine: Sequence[Command]) -> list[Command]:
    """Find a topic's commands, a part after its whole."""

    def place(each: Command) -> tuple[int, str]:
        named = each.intent in topic.intents
        whole = each.intent if named else whole_of(each.intent)
        return topic.intents.index(whole), "" if named else each.intent

    return sorted((each for each in mine if _belongs(each, topic)), key=place)


def _belongs(each: Command, topic: Topic) -> bool:
    return not {each.intent, whole_of(each.intent)}.isdisjoint(topic.intents)


def _others(mine: Sequence[Command]) -> list[Command]:
    """List what is in no topic; the help itself is told of anyway."""
    return [
        each
        for each in mine
        if each.intent != "help" and not any(_belongs(each, one) for one in TOPICS)
    ]


def _tell(topic: Topic, commands: Sequence[Command]) -> str:
    lines = [f"· {each.names[0]}：{each.help}" for each in commands]
    return "\n".join([f"【{topic.name}】可以这样说：", *lines, "发“帮助”看别的。"])


def _line(topic: Topic, commands: Sequence[Command]) -> str:
    return f"· {topic.name}：{_names(commands)}"


def _names(commands: Sequence[Command]) -> str:
    more = "…" if len(commands) > NAMES_SHOWN else ""
    return "、".join(each.names[0] for each in commands[:NAMES_SHOWN]) + more
