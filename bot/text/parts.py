"""A text in its parts: what stands between given marks."""

import re

PAUSES = "，,。；;\n"
"""What stands between clauses."""

TYPED_APART = re.compile(r"(?<=[一-龥\d])\s+(?=[一-龥\d])")


def part_at(text: str, marks: str) -> list[str]:
    """Part a text at each of these characters; what is empty is left out."""
    first = marks[0]
    for each in marks[1:]:
        text = text.replace(each, first)
    return [each for each in text.split(first) if each]


def without(text: str, marks: str) -> str:
    """Leave a text without these characters."""
    return "".join(each for each in text if each not in marks)


def with_commas(text: str) -> str:
    """Write a comma where words were typed apart: 八点晚了 七点吧."""
    return TYPED_APART.sub("，", text)
