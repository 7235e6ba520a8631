"""五个一、七个一 are set: what is on this branch's list, in its secretary's words."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records import book, checklists
from bot.branch.records.book import Teller
from bot.branch.records.kinds.checklist import BY_HAND, LISTS, TASK
from bot.command import Ask, Drafting, Kept, command
from bot.message import Reply
from bot.text.phrases import read_beside
from bot.understanding.slots.clauses import LISTED, list_clauses

SETTING = "checklist.set"
EDGES = " \t\n:：,，。；;、的"
PERIODS = {
    "每季度": "每季度",
    "每季": "每季度",
    "每月": "每月",
    "每学期": "每学期",
    "每年": "每年",
}
LINKS = {"志愿": "志愿服务", "技术服务": "技术服务", "企业": "技术服务"}


@command(
    "checklist.set",
    help="设今年的清单，例：设清单 七个一：读一本书；听一次课；每季度谈一次心",
    phrases=read_beside(Path(TASK.beside), "checklist.set"),
    role=Role.SECRETARY,
    acts=True,
)
def set_list(ask: Ask) -> str:
    name = ask.slots.get("list") or next((x for x in LISTS if x in ask.text), "")
    text = ask.slots.get("rest", "") or ask.words.replace(name, "", 1)
    wanted = [part.strip(EDGES) for part in list_clauses(text, LISTED)]
    wanted = [part for part in wanted if len(part) > 1]
    if not name or not wanted:
        return f"哪张清单、有哪几项？例：{TASK.example}"
    return _show_setting(ask, {"list": name, "items": wanted})


def _show_setting(ask: Ask, kept: Kept) -> str:
    items = [_read_item(each) for each in kept["items"]]
    ask.put_draft(SETTING, f"设“{kept['list']}”？", **kept)
    lines = [f"【预览】{ask.now.year} 年{kept['list']}，{len(items)} 项："]
    for place, values in enumerate(items, 1):
        linked = values["marked_by"] != BY_HAND
        by = f"，按{values['marked_by']}的记录算" if linked else ""
        period = f"，{values['period']}" if values["period"] != "每年" else ""
        lines.append(f"{place}. {values['title']}{period}{by}")
    branch = ask.standing.branch
    old = checklists.items(ask.session, branch, kept["list"], ask.now.date())
    if old:
        lines.append(f"原来的 {len(old)} 项换掉，勾过的同名项还在。")
    lines.append("回“确认”设好；不对就回“取消”再说一遍。")
    return "\n".join(lines)


def _read_item(text: str) -> dict[str, str]:
    """Read an item: 每季度谈一次心 has a period, and is marked by talks."""
    said = next((word for word in PERIODS if text.startswith(word)), "")
    title = text.removeprefix(said).strip(EDGES) or text
    compared = title.replace("一次", "").replace("一", "")
    link = next((LINKS[word] for word in LINKS if word in compared), BY_HAND)
    return {
        "title": title,
        "period": PERIODS.get(said, "每年"),
        "marked_by": "谈心谈话" if "谈" in compared and "心" in compared else link,
    }


def _set(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    branch, name, today = ask.standing.branch, kept["list"], ask.now.date()
    for row in checklists.find_tasks(ask.session, branch, name, today):
        book.withdraw(ask.session, row, ask.member.id, ask.now)
    teller, first = Teller(ask.member, branch), f"{today.year}-01-01"
    for each in map(_read_item, kept["items"]):
        values = {**each, "list": name, "day": first, "target": 1}
        book.record(ask.session, TASK, values, teller, ask.now)
    count = len(kept["items"])
    return Reply(f"设好了，{name} {count} 项。大家发“{name}”看自己的。", changed=True)


SET_LIST = Drafting(
    SETTING,
    show=_show_setting,
    confirm=_set,
    verbs=("设", "设好", "设置"),
    dropped="好的，没有设。",
)
