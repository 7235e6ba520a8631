"""What is done of a list is marked by whoever did it, and confirmed by another."""

from pathlib import Path

from bot.branch.people.members import Member, Role, party_branch
from bot.branch.records import book, checklists, twins
from bot.branch.records.book import Teller
from bot.branch.records.kinds.checklist import EXEMPT, LISTS, MARK, TASK, WHOLE
from bot.calendar.say import say_day
from bot.command import Answer, Ask, Drafting, Kept, command
from bot.errors import Refusal
from bot.message import Reply
from bot.text.phrases import read_beside
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from handlers.records.checklist_items import find_item, how_to_set
from handlers.records.checklist_rules import moving
from handlers.records.checklists import say_done
from handlers.records.which import find_numbered, read_number

FILE = Path(TASK.beside)
MARKING = "checklist.mark"


@command(
    "checklist.mark",
    help="自己做完一项勾上，例：五个一 谈心谈话 完成",
    phrases=read_beside(FILE, "checklist.mark"),
    acts=True,
    previewed=True,
)
def mark(ask: Ask) -> Answer:
    """Mark an item of one's own, by its name or place."""
    name = next((each for each in LISTS if each in ask.text), "")
    item = find_item(ask, name, ask.slots.get("item", "") or ask.words)
    branch = party_branch(ask.session, ask.member)
    (done,) = checklists.of_member(ask.session, branch, [item], ask.member.id)
    if done.exempt or done.whole:
        return f"不用再勾：{say_done(done)}。"
    return _show_marking(ask, {"list": item.list, "title": item.title})


def _show_marking(ask: Ask, kept: Kept) -> str:
    ask.put_draft(MARKING, f"勾上“{kept['title']}”？", **kept)
    return (
        f"【预览】{kept['list']}：{kept['title']}，"
        f"{say_day(ask.now)}完成。回“确认”勾上，不勾回“取消”。"
    )


def _mark(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    return _write_mark(ask, kept["list"], kept["title"], ask.member, {})


MARK_ITEM = Drafting(
    MARKING,
    show=_show_marking,
    confirm=_mark,
    verbs=("勾", "勾上", "记", "记上"),
    dropped="好的，没有勾。",
)


def _write_mark(
    ask: Ask, name: str, title: str, who: Member, more: dict[str, str]
) -> Reply:
    branch = party_branch(ask.session, who)
    values = {
        "list": name,
        "title": title,
        "day": ask.now.date().isoformat(),
        "people": [[who.id, who.name]],
        "how": "完成",
        **more,
    }
    if twin := twins.find_twin(ask.session, MARK, values, branch):
        return Reply(f"“{title}”今天已经勾过了（第 {twin.id} 条）。")
    row = book.record(ask.session, MARK, values, Teller(ask.member, branch), ask.now)
    undo = f"记错了说“撤销清单 {row.id}”。"
    if more:
        told = f"好的，{who.called}今年的{name}免做，不算在应做里。{undo}"
        return Reply(told, changed=True)
    told = f"勾上了：{name}，{title}（自报，第 {row.id} 条），支委确认后算进完成率。"
    return Reply(told + undo, changed=True)


@command(
    "checklist.exempt",
    help="有特殊情况的，给他免做，例：五个一给周涛免了",
    phrases=read_beside(FILE, "checklist.exempt"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def exempt(ask: Ask) -> Reply | str:
    """Free somebody of a list for the year; it can be withdrawn like any record."""
    scope = Scope(ask.session, ask.standing.branch)
    found = find_people(scope, ask.slots.get("who", "") or ask.words)
    if not found.people:
        raise Refusal(found.unsure or "给谁免？例：五个一给周涛免了。")
    who, today = found.people[0], ask.now.date()
    name = next((each for each in LISTS if each in ask.text), "")
    branch = party_branch(ask.session, who)
    every = checklists.items(ask.session, branch, name, today) if name else []
    if not every:
        raise Refusal(f"今年还没有设{name or '这张清单'}。{how_to_set(ask)}")
    return _write_mark(ask, name, WHOLE, who, {"how": EXEMPT})


@command(
    "checklist.confirm",
    help="确认一条自报的完成，例：核实清单 12",
    phrases=read_beside(FILE, "checklist.confirm"),
    acts=True,
    shown=False,
)
def confirm_mark(ask: Ask) -> Reply:
    row = find_numbered(ask, read_number(ask, "核实清单 12"), MARK)
    moving(ask, row, "confirmed")
    book.move(ask.session, row, "confirmed", ask.member.id, ask.now)
    return Reply(f"确认了：{row.title}。", changed=True)
