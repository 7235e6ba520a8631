"""What is to be said, without the words around it: 记得带党章吧谢谢 → 带党章."""

import re

JOINTS = " ：:，,。；;、\n"
POLITE = re.compile(
    r"^(?:请问?|能不能|可不可以|能否|可否|能(?=每|提|在)|麻烦您?你?|帮我|帮忙|帮|替我|给我|你|您|再|先|记得|记着|到时候?|到点|别忘了?"
    r"|我想让?|我要|想|在|于|就|来|[：:，,。；;\s])+"
)
LEADING = re.compile(r"^(?:记得|记着|到时候?|别忘了?|在|于|[：:，,。；;\s])+")
LEADS_OVER = re.compile(
    r"[，,\s]*(?:到时候?|到点|那时候?|记得|请|麻烦您?你?|你|您|帮我|给我|再|也)+$"
)
ENDING = re.compile(
    r"(?:一下|一声)?(?:[，,]?(?:可以吗|行不行|行吗|好吗|好不好|可不可以|成吗)[?？]?)?"
    r"[吧哦啊呀哈呗]*(?:谢谢您?你?)?[：:，,。；;！!~～\s]*$"
)
SMALL = re.compile(
    r"^(?:那天|当天|那日|的时候|时|的)?[：:，,。；;\s]*(?:一[下声](?=[，,\s]|$))?"
)
HALF_SAID = re.compile(r"^(?:到时候?|到点|的时候|时)?(?:就)?$")


def bare_content(text: str) -> str:
    """Take away what leads over to a content and what ends it."""
    text = LEADING.sub("", without_joint(text.strip(JOINTS)))
    text = ENDING.sub("", text).strip(JOINTS)
    return "" if HALF_SAID.match(text) else text


def bare_ahead(text: str) -> str:
    """Take the politeness off what was said before an order, and what leads to it."""
    bare = LEADS_OVER.sub("", text.strip(JOINTS))
    return bare_content(POLITE.sub("", bare))


def without_joint(text: str) -> str:
    """Take away what joins a time to what follows it: 那天, 的时候."""
    return SMALL.sub("", text)
