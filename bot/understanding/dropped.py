"""Orders to drop a reminder by what it is for: 取消我的周报提醒 · 把喝水的提醒删了.

Which reminder is meant, if any, the command tells. What everybody is reminded of
(学习, 打卡) is not dropped but muted, and is not for here.
"""

import re

from bot.understanding.frames import Call
from bot.understanding.normal import Said
from bot.understanding.opened import match_at, starts
from bot.understanding.speech import MARKS

INTENT = "cancel_reminder"
DROP = r"(?:取消|删除|删掉|删了|去掉|关掉|停掉|撤销)"
WHAT = r"(?!.*(?:学习|打卡|祝福|生日|通知))[^,。!?:]{1,12}?"
FORMS = (
    re.compile(rf"{DROP}{WHAT}的?(?:提醒|闹钟)[了吧啊。!]*$"),
    re.compile(rf"[把将]{WHAT}的?(?:提醒|闹钟)(?:给我|都)?{DROP}[了吧啊。!]*$"),
)


def find_dropped(said: Said) -> Call | None:
    """Find such an order; what asks is none."""
    if MARKS["疑问"].search(said.text):
        return None
    places = starts(said.text)
    if not any(match_at(form, said.text, places) for form in FORMS):
        return None
    words = said.part(0, len(said.text))
    return Call(
        INTENT, "取消提醒", 0, len(said.text), "dropped", sure=True, words=words
    )
