"""Which item of a list words mean, and what is said where there is no list."""

from bot.branch.people.members import party_branch
from bot.branch.records import checklists
from bot.branch.records.checklists import Item
from bot.command import Ask
from bot.errors import Refusal
from bot.next_steps import send_on
from bot.understanding.slots.listed_number import place_in

TO_SET = "说“设清单 七个一：读一本书；听一次课；每季度谈一次心”这样，按本支部的写"


def how_to_set(ask: Ask) -> str:
    return f"{send_on(ask, '由支部书记来设，可以跟书记说一声', TO_SET)}。"


def find_item(ask: Ask, name: str, said: str) -> Item:
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
        raise Refusal(f"今年还没有设{name or '清单'}。{how_to_set(ask)}")
    if number := place_in(said):
        found = [each for each in wanted if each.place == number]
    else:
        found = [each for each in wanted if alike(each.title, said)]
    if len(found) == 1:
        return found[0]
    lines = [f"{each.place}. {each.title}（{each.list}）" for each in found or wanted]
    raise Refusal("\n".join(["是哪一项？", *lines, "例：七个一 第二项 完成。"]))


def alike(title: str, said: str) -> bool:
    """Tell whether words name an item: they hold most of what it is called by."""
    bare = title.translate(dict.fromkeys(map(ord, "一次本部个的")))
    hits = sum(char in said for char in bare)
    return title in said or (len(bare) > 0 and hits >= max(2, len(bare) * 0.7))
