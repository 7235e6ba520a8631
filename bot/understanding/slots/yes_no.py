"""Whether words that were to be sent only take them back: 还是不写了."""

import re

from bot.understanding.drafts.replies import says_no
from bot.understanding.text import normalise

BEFORE = r"(?:那|还是|就|先|都|我|嗯|哦|唉|算|今年|这次|这回|暂时|以后)*"
NOT = r"(?:不用|不要|不必|不想|不了|不|别|甭|莫)(?:再|要)?"
SEND = r"(?:发出?去?|送出?去?)"
WRITE = r"(?:写|改|弄|说|办|寄|加|留)"
TO = r"(?:给(?:他|她|您|你|它|大家))?"
END = r"(?:了|吧|啊|呀|哈|啦|呗|祝福|寄语)*"
REFUSAL = re.compile(
    rf"(?:{BEFORE}(?:算了|不了|免了|作罢|拉倒|取消|停了?|停发|停掉"
    rf"|{NOT}{TO}(?:{SEND}|{WRITE})?){END}[,。!~…]*)+"
)
NOT_SENT = re.compile(rf"{NOT}{TO}{SEND}|停")


def refuses(text: str) -> bool:
    """Tell whether words that were to be sent are nothing but a refusal: 还是不写了."""
    return says_no(text) or REFUSAL.fullmatch(normalise(text).text) is not None


def refuses_sending(text: str) -> bool:
    """Tell whether such a refusal is of sending anything at all: 别给他发了."""
    return refuses(text) and NOT_SENT.search(normalise(text).text) is not None
