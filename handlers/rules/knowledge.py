"""支部知识: what the branch itself knows, put down by the secretary, asked by all."""

from datetime import timedelta

from bot import outbox
from bot.branch.knowledge import knowledge, questions
from bot.branch.knowledge.knowledge import Source
from bot.branch.people.members import Role
from bot.calendar.quiet_hours import next_loud
from bot.calendar.say import say_date
from bot.command import Ask, Drafting, Kept, command
from bot.errors import Refusal
from bot.message import Reply

ADD, CHANGE, REMOVE = "记住", "改知识", "删知识"
KEEP = ("收录", "发并收录", "确认并收录", "确认收录")
LONGEST, SHOWN, SHOWN_WHOLE, LISTED = 500, 30, 200, 12
GOOD_FOR = timedelta(days=3)

HOW = "例：记住：报销找李老师，每周三下午"
TOO_LONG = f"一条最多 {LONGEST} 字，长的请存成文件导入。"


@command(
    "ask.knowledge",
    help="支部自己的问答，有人问就照着答，例：记住：报销找李老师",
    role=Role.SECRETARY,
    shows=("转给书记的问题（谁问的）",),
)
def show_knowledge(ask: Ask) -> str:
    """List what the branch has put down, and the questions that wait for an answer."""
    found = knowledge.every(ask.session, ask.standing.branch)
    waiting = questions.waiting(ask.session, ask.member)
    lines = [f"等您答复（{len(waiting)}）："] if waiting else []
    lines += [f"第 {each.id} 问 {each.question[:SHOWN]}" for each in waiting[:5]]
    lines += [f"发“答复 {waiting[0].id} …”答复。"] if waiting else []
    lines.append(f"支部知识共 {len(found)} 条：" if found else "支部还没有自己的知识。")
    lines += [_line(ask, each) for each in found[:LISTED]]
    if len(found) > LISTED:
        lines.append(f"……另有 {len(found) - LISTED} 条较早的。")
    lines.append(f"添加：{HOW}")
    if found:
        lines.append(f"改：改知识 {found[0].id} …；删：删知识 {found[0].id}")
    return "\n".join(lines)


@command(
    "ask.learn",
    help="加一条支部知识，例：记住：报销找李老师；答复问题，例：答复 12 …",
    shown=False,  # told with 支部知识: the help is to fit a screen
    role=Role.SECRETARY,
    acts=True,
)
def learn(ask: Ask) -> str:
    """Preview what is to be put down, changed, removed or answered."""
    text, number = ask.slots.get("text", ""), int(ask.slots.get("number", 0))
    if asked := ask.slots.get("asked"):
        return _preview_answer(ask, int(asked), text)
    if number:
        source = knowledge.find(ask.session, ask.standing.branch, number)
        if text:
            return _preview(ask, CHANGE, text, source)
        return _preview(ask, REMOVE, _text(ask, source), source)
    if text:
        return _preview(ask, ADD, text)
    return f"要我记住什么？{HOW}。\n改：改知识 3 …；删：删知识 3；答复：答复 12 …"


def _preview(ask: Ask, what: str, text: str, source: Source | None = None) -> str:
    if len(text) > LONGEST and what != REMOVE:
        raise Refusal(TOO_LONG)
    number = source.id if source else 0
    ask.put_draft("knowledge", f"{what}，回“确认”", what=what, number=number, text=text)
    of = f" 第 {number} 条" if source else ""
    if what == REMOVE:
        return f"【{what}{of}】\n{text[:SHOWN_WHOLE]}\n回“确认”删掉，回“取消”留着。"
    return (
        f"【{what}{of}】{ask.standing.branch.name}的党员问到时，我会这样答：\n{text}\n"
        "回“确认”保存，回“取消”不存。"
    )


def _do(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    what, text, number = kept["what"], kept["text"], kept["number"]
    if what == ADD:
        return _add(ask, text)
    source = knowledge.find(ask.session, ask.standing.branch, number)
    if what == CHANGE:
        knowledge.change(ask.session, source, text, ask.member, ask.now)
        return Reply(f"第 {source.id} 条改好了。", changed=True)
    knowledge.remove(ask.session, source)
    return Reply(f"第 {number} 条删掉了。", changed=True)


def _show_draft(ask: Ask, kept: Kept) -> str:
    branch, number = ask.standing.branch, kept["number"]
    source = knowledge.find(ask.session, branch, number) if number else None
    return _preview(ask, kept["what"], kept["text"], source)


KNOWLEDGE = Drafting(
    "knowledge",
    show=_show_draft,
    confirm=_do,
    verbs=("记", "记住", "记下", "存", "保存", "删", "删掉", "改", "发", "发送"),
    dropped="好的，什么也没有改。",
    text=("text",),
)


def _add(ask: Ask, text: str, title: str = "") -> Reply:
    entry = knowledge.told(text, title)
    branch = ask.standing.branch
    added = knowledge.add(ask.session, branch, entry, ask.member, ask.now)
    if added is None:
        return Reply("这条已经有了，不用再加。")
    return Reply(
        f"记下了，是第 {added.id} 条支部知识。\n"
        f"要改：改知识 {added.id} …；要删：删知识 {added.id}",
        changed=True,
    )


def _preview_answer(ask: Ask, number: int, text: str) -> str:
    if len(text) > LONGEST:
        raise Refusal(TOO_LONG)
    asked = questions.find_open(ask.session, ask.member, number)
    ask.put_draft("knowledge.answer", "发出答复吗？", number=number, text=text)
    return (
        f"【答复第 {number} 问】{asked.question}\n{text}\n"
        "回“确认”发给提问的同志；回“收录”发出，并收进支部知识（不写是谁问的）；回“取消”不发。"
    )


def _send_answer(ask: Ask, kept: Kept, *, keep: bool = False) -> Reply:
    """Send the answer; 收录 also puts it down for everybody."""
    ask.close_question()
    asked = questions.find_open(ask.session, ask.member, kept["number"])
    start = next_loud(ask.config.quiet, ask.now)
    window = outbox.Window(start, start + GOOD_FOR)
    questions.answer(ask.session, asked, kept["text"], ask.member, window)
    sent = "正在发给提问的同志。"
    if keep:
        added = _add(ask, kept["text"], asked.question).text
        return Reply(f"{sent}\n{added}", changed=True)
    return Reply(f"{sent}以后还有人问，发“记住：…”我就能直接答。", changed=True)


def _send_and_keep(ask: Ask, kept: Kept) -> Reply | None:
    if ask.text.strip(" 。！!") not in KEEP:
        return None
    return _send_answer(ask, kept, keep=True)


ANSWER = Drafting(
    "knowledge.answer",
    show=lambda ask, kept: _preview_answer(ask, kept["number"], kept["text"]),
    confirm=_send_answer,
    change=_send_and_keep,
    verbs=("发", "发送", "发出", "发出去", "答复"),
    dropped="好的，没有发。",
    text=("text",),
)


def _line(ask: Ask, source: Source) -> str:
    kind = "〔文件〕" if source.is_file else ""
    day = say_date(source.added_at.astimezone(ask.now.tzinfo))
    return f"{source.id}. {kind}{source.title[:SHOWN]}（{day}）"


def _text(ask: Ask, source: Source) -> str:
    if source.is_file:
        return f"文件《{source.title}》"
    return knowledge.text_of(ask.session, source)
