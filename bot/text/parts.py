"""A text in its parts: what stands between given marks."""

PAUSES = "，,。；;\n"
"""What stands between clauses."""


def part_at(text: str, marks: str) -> list[str]:
    """Part a text at each of these characters; what is empty is left out."""
    first = marks[0]
    for each in marks[1:]:
        text = text.replace(each, first)
    return [each for each in text.split(first) if each]


def without(text: str, marks: str) -> str:
    """Leave a text without these characters."""
    return "".join(each for each in text if each not in marks)
