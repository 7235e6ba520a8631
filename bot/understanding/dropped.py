"""Orders to drop a reminder by what it is for: 取消我的周报提醒 · 把喝水的提醒删了.

Which reminder is meant, if any, the command tells. What everybody is reminded of
(学习, 打卡) is not dropped but muted, and is not for here.
"""

import re

from bot.understanding.names import Call
from bot.understanding.openers import match_at, starts
from bot.understanding.speech import MARKS
from bot.understanding.text import Said

INTENT = "cancel_reminder"
DROP = r"(?:取消|删除|删掉|去掉|关掉|停掉|撤销)"
WHAT = r"(?![了过])(?!.*(?:学习|打卡|祝福|生日|通知))[^,。!?:]{1,12}?"
FORMS = (
    re.compile(rf"{DROP}{WHAT}的?(?:提醒|闹钟)[了吧啊。!]*$"),
    re.compile(rf"[把将]{WHAT}的?(?:提醒|闹钟)(?:给我|都)?(?:{DROP}|删)[了吧啊。!]*$"),
)
TOLD_OF = re.compile("提醒|闹钟")
FORBIDDEN = ("疑问", "假设", "转述", "没定", "玩笑", "忘记", "过去", "已经")
DONE = re.compile(r"(?:我|俺|本人)(?:[把将]|自己).*了[。!]*$")


def find_dropped(said: Said) -> Call | None:
    """Find such an order; what asks, supposes or tells of it is none."""
    if not TOLD_OF.search(said.text) or DONE.search(said.text):
        return None
    if any(MARKS[mark].search(said.text) for mark in FORBIDDEN):
        return None
    places = starts(said.text)
    if not any(match_at(form, said.text, places) for form in FORMS):
        return None
    words = said.part(0, len(said.text))
    return Call(
        INTENT, "取消提醒", 0, len(said.text), "dropped", sure=True, words=words
    )
