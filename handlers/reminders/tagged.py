"""An order for a reminder that no sentence foresees, said as ours are (tags).

思想汇报我老拖 后天中午十二点捅我一下 → 提醒我后天中午十二点思想汇报我老拖
"""

from bot.command import Ask
from bot.understanding.learnt.tags import REMINDER_TAGGER, SENDING, WHO, Parted
from bot.understanding.slots.scope import Scope
from bot.understanding.when import find_when
from handlers.reminders.order import SELF, is_foreseen


def restate(ask: Ask) -> str:
    """Say an order as our sentences do; "" where they know it, or a part is unclear."""
    text = ask.text.strip()
    if ask.slots or ask.message.rest or is_foreseen(text):
        return ""
    scope = Scope(ask.session, ask.standing.branch)
    parted = REMINDER_TAGGER.part(text, scope.of(text).names)
    when = parted and _time(parted, ask)
    if parted is None or not when or not parted.content:
        return ""
    who = "、".join(parted.all(WHO)) or SELF
    return f"提醒{who}{when}{parted.content}"


def _time(parted: Parted, ask: Ask) -> str:
    """Put together when it rings: 周四下班前, 五点 is one time, 八点 … 八点 are two."""
    said = parted.all(SENDING)
    for whole in ("".join(said), "和".join(said)):
        found = find_when(whole, ask.now)
        if whole and found and not any(each.unclear for each in found):
            return whole
    return ""
