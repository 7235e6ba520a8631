"""The clauses of a text: what stands between its commas and stops."""

import re

ENDS = "，,；;。\n"
LISTED = f"{ENDS}、"
"""What parts the items of a list."""
PAUSES = re.compile(r"([\s，,。；;！!]+)")


def list_clauses(text: str, marks: str = ENDS) -> list[str]:
    """Part a text at its marks; between two of them is an empty clause."""
    for each in marks[1:]:
        text = text.replace(each, marks[0])
    return text.split(marks[0])


def part_clauses(text: str) -> list[tuple[str, str]]:
    """Part a text where it pauses, at blanks too; each clause with what ends it."""
    pieces = PAUSES.split(text)
    pairs = zip(pieces[::2], [*pieces[1::2], ""], strict=True)
    return [(clause, end) for clause, end in pairs if clause]
