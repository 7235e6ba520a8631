"""先锋岗 and 工作室, as they are told: a room that is named says where, and what of."""

from dataclasses import replace

from bot.branch.records.fields import Value
from bot.command import Ask
from bot.understanding.slots.taken import GAP
from handlers.records.drafts import Draft
from handlers.records.special import Apart

ROOMS = ("实训室", "实验室", "实训中心", "车间", "工作室", "教研室", "机房", "实训基地")
SAYS_NOTHING = ("负责人是", "负责", "牵头", "责任人", "在", "设", "一个")
EDGES = f" ，,。、{GAP}"


def settle(ask: Ask, draft: Draft) -> Draft:
    """Part a room from the name of a post: 数控实训室 李伟负责 is 数控岗, there."""
    values = dict(draft.values)
    if draft.of is None and draft.kind.name == "post":
        title = _without_promise(values).strip(EDGES)
        for word in SAYS_NOTHING:
            title = title.removesuffix(word).strip(EDGES)
        place = ask.slots.get("place", "").strip(EDGES)
        if place and not values.get("place"):
            values["place"], title = place, place
        room = next((each for each in ROOMS if title.endswith(each)), "")
        if room and title != room:
            values.setdefault("place", title)
            title = f"{title.removesuffix(room)}岗"
        values["title"] = title or None
    return replace(draft, values=values)


def _without_promise(values: dict[str, Value]) -> str:
    """Take what is promised off the name of a post: …，承诺每周一次."""
    title = str(values.get("title") or "")
    name, mark, told = title.partition("承诺")
    if not (mark and name and told.strip(EDGES)) or values.get("promise"):
        return title
    values["promise"] = told.strip(EDGES)
    return name


APART = Apart(settle=settle)
