"""五个一、七个一: set by the secretary, one's own seen and marked, who lacks what."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.branch.people import audit
from bot.branch.people.audience import Audience, name_people
from bot.branch.people.members import Member, Role, party_branch
from bot.branch.records import book, checklists, search
from bot.branch.records.book import Teller
from bot.branch.records.checklists import Done, Item
from bot.branch.records.kinds.checklist import (
    BY_HAND,
    EXEMPT,
    LINKED,
    LISTS,
    MARK,
    TASK,
    WHOLE,
)
from bot.branch.records.search import Query
from bot.calendar.say import say_day
from bot.command import Answer, Ask, Drafting, Kept, command
from bot.errors import Denied, Refusal
from bot.message import Reply
from bot.next_steps import send_on
from bot.text.phrases import read_beside
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from bot.understanding.when.numbers import find_number
from handlers.records.view import sees_all

FILE = Path(TASK.beside)
SETTING, MARKING = "checklist.set", "checklist.mark"
EDGES = " \t\n:：,，。；;、的"
PARTS = re.compile(r"[、；;\n]|(?<=[一-龥])[，,]")
PERIODS = {
    "每季度": "每季度",
    "每季": "每季度",
    "每月": "每月",
    "每学期": "每学期",
    "每年": "每年",
}
LINKS = {"志愿": "志愿服务", "技术服务": "技术服务", "企业": "技术服务"}
PLACE = re.compile(r"第\s*(?P<n>[0-9一二三四五六七八九十]{1,2})\s*(?:项|个|条)?")
MOST, MOST_NAMES = 12, 8
TO_SET = "说“设清单 七个一：读一本书；听一次课；每季度谈一次心”这样，按本支部的写"


@command(
    "checklist",
    help="看自己的五个一、七个一完成到哪里",
    phrases=read_beside(FILE, "checklist"),
)
def show_checklist(ask: Ask) -> str:
    """Show what the speaker has of every list, or of the one that is named."""
    branch = party_branch(ask.session, ask.member)
    named = [each for each in LISTS if each in ask.text]
    names = named or checklists.lists(ask.session, branch, ask.now.date())
    lines: list[str] = []
    for name in names:
        wanted = checklists.items(ask.session, branch, name, ask.now.date())
        if wanted:
            lines += _own(ask, name, wanted)
    if not lines:
        what = f"“{named[0]}”" if named else "清单"
        return f"今年还没有设{what}。{_how_to_set(ask)}"
    lines.append(
        f"做完了就说“{names[0]} 第一项 完成”这样；已经记过的谈话、服务会自动算上。"
    )
    return "\n".join(lines)


def _how_to_set(ask: Ask) -> str:
    return f"{send_on(ask, '由支部书记来设，可以跟书记说一声', TO_SET)}。"


def _own(ask: Ask, name: str, wanted: Sequence[Item]) -> Iterator[str]:
    branch = party_branch(ask.session, ask.member)
    done = checklists.of_member(ask.session, branch, wanted, ask.member.id)
    count = sum(each.whole or each.exempt for each in done)
    yield f"{name}：{len(done)} 项里完成 {count} 项。"
    yield from map(_line, done)


def _line(done: Done) -> str:
    item = done.item
    if done.exempt:
        state = "免做"
    elif done.whole:
        state = f"完成，{say_day(done.days[-1])}"
    elif item.target > 1:
        state = f"还差，{item.target} 次里做了 {len(done.days)} 次"
    else:
        state = "还差"
    by = f"（按{item.marked_by}的记录算）" if item.marked_by in LINKED else ""
    period = "" if item.period == "每年" else f"，{item.period}"
    return f"{item.place}. {item.title}{period}{by}：{state}"


@command(
    "checklist.set",
    help="设今年的清单，例：设清单 七个一：读一本书；听一次课；每季度谈一次心",
    phrases=read_beside(FILE, "checklist.set"),
    role=Role.SECRETARY,
    acts=True,
)
def set_list(ask: Ask) -> str:
    name = ask.slots.get("list") or next((x for x in LISTS if x in ask.text), "")
    text = ask.slots.get("rest", "") or ask.words.replace(name, "", 1)
    wanted = [part.strip(EDGES) for part in PARTS.split(text)]
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
    first, last = today.replace(month=1, day=1), today.replace(month=12, day=31)
    old = Query(TASK, branch, first, last, choices={"list": (name,)})
    for row in search.find(ask.session, old):
        book.withdraw(ask.session, row, ask.member.id, ask.now)
    teller = Teller(ask.member, branch)
    for each in map(_read_item, kept["items"]):
        values = {**each, "list": name, "day": first.isoformat(), "target": 1}
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
    item = _find_item(ask, name, ask.slots.get("item", "") or ask.words)
    return _show_marking(ask, {"list": item.list, "title": item.title})


def _find_item(ask: Ask, name: str, said: str) -> Item:
    """Find the item that words mean: by its place, or most of its characters."""
    branch = party_branch(ask.session, ask.member)
    today = ask.now.date()
    names = [name] if name else checklists.lists(ask.session, branch, today)
    wanted = [
        item
        for each in names
        for item in checklists.items(ask.session, branch, each, today)
    ]
    if not wanted:
        raise Refusal(f"今年还没有设{name or '清单'}。{_how_to_set(ask)}")
    if hit := PLACE.search(said):
        number = find_number(hit["n"])
        found = [each for each in wanted if each.place == number]
    else:
        found = [each for each in wanted if _alike(each.title, said)]
    if len(found) == 1:
        return found[0]
    lines = [f"{each.place}. {each.title}（{each.list}）" for each in found or wanted]
    raise Refusal("\n".join(["是哪一项？", *lines, "例：七个一 第二项 完成。"]))


def _alike(title: str, said: str) -> bool:
    """Tell whether words name an item: they hold most of what it is called by."""
    bare = re.sub(r"[一次本部个的]", "", title)
    hits = sum(char in said for char in bare)
    return title in said or (len(bare) > 0 and hits >= max(2, len(bare) * 0.7))


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
    if twin := search.alike(ask.session, MARK, values, branch):
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
        raise Refusal(f"今年还没有设{name or '这张清单'}。{_how_to_set(ask)}")
    return _write_mark(ask, name, WHOLE, who, {"how": EXEMPT})


@command(
    "checklist.lacking",
    help="谁还差哪项、完成率（只给书记、组织委员、纪检委员看）",
    phrases=read_beside(FILE, "checklist.lacking"),
)
def show_lacking(ask: Ask) -> str:
    """Tell by item how many have it, with both numbers, and who lacks it."""
    if not sees_all(ask, MARK):
        raise Denied("别人的清单只有书记和组织、纪检委员看得到。自己的发“我的清单”。")
    branch, today = party_branch(ask.session, ask.member), ask.now.date()
    named = [each for each in LISTS if each in ask.text]
    names = named or checklists.lists(ask.session, branch, today)
    every = name_people(ask.session, Audience(branch.id))
    lines: list[str] = []
    for name in names:
        wanted = checklists.items(ask.session, branch, name, today)
        asked = [each for each in wanted if _alike(each.title, ask.text)]
        found = checklists.of_all(ask.session, branch, asked or wanted, list(every))
        lines += _lacking(name, asked or wanted, found, every)
    audit.note(
        ask.session,
        ask.member,
        "records.view",
        ask.now,
        subjects=list(every),
        details=MARK.title,
    )
    return "\n".join(lines) or f"今年还没有设清单。{_how_to_set(ask)}"


def _lacking(
    name: str,
    wanted: Sequence[Item],
    found: Mapping[int, list[Done]],
    every: Mapping[int, str],
) -> Iterator[str]:
    yield f"{name}（只发给您，群里不发）："
    for at, item in enumerate(wanted):
        of = {who: done[at] for who, done in found.items()}
        asked = [who for who, done in of.items() if not done.exempt]
        sure = [who for who in asked if of[who].confirmed >= item.target]
        told = [who for who in asked if of[who].whole and who not in sure]
        left = [every[who] for who in asked if not of[who].whole]
        more = f" 等 {len(left)} 人" if len(left) > MOST_NAMES else ""
        lacks = f"；还差：{'、'.join(left[:MOST_NAMES])}{more}" if left else ""
        waits = f"，自报待确认 {len(told)} 人" if told else ""
        free = len(of) - len(asked)
        exempted = f"（免做 {free} 人）" if free else ""
        share = f"{len(sure) * 100 // len(asked)}%" if asked else "无人应做"
        yield (
            f"{item.place}. {item.title}：应 {len(asked)} 人{exempted}，"
            f"已确认 {len(sure)} 人（{share}）{waits}{lacks}"
        )


@command(
    "checklist.confirm",
    help="确认一条自报的完成，例：核实清单 12",
    phrases=read_beside(FILE, "checklist.confirm"),
    acts=True,
    shown=False,
)
def confirm_mark(ask: Ask) -> Reply:
    number = find_number(ask.slots.get("number", "") or ask.words.strip())
    if number is None:
        raise Refusal("确认哪一条？例：核实清单 12。")
    row = book.get(ask.session, number, party_branch(ask.session, ask.member))
    if row.kind != MARK.name or row.withdrawn_at:
        raise Refusal(f"第 {number} 条不是清单上勾的。")
    if ask.standing.role < Role.COMMITTEE or row.recorded_by == ask.member.id:
        raise Denied("要由支委确认，自己勾的由别的支委确认。")
    book.move(ask.session, row, "confirmed", ask.member.id, ask.now)
    return Reply(f"确认了：{row.title}。", changed=True)
