"""What a party body is called, whether there is one or not: 第二党小组, 机电支部."""

import re

NAME = re.compile(
    r"第?[0-9一二三四五六七八九十]{1,2}(?:党?小)?组"
    r"|[一-龥A-Za-z0-9]{2,12}?(?:党?小?组|党支部|总支)"
    r"|(?:第?[0-9一二三四五六七八九十]{1,3}|[一-龥]{1,8}[系院所])支部"
)


def find_body_name(text: str) -> str:
    """Find the first name of a body; "" for none."""
    hit = NAME.search(text)
    return hit[0] if hit else ""
