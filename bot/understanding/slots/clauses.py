"""The clauses of a text: what stands between its commas and stops."""

ENDS = "，,；;。\n"
LISTED = f"{ENDS}、"
"""What parts the items of a list."""


def list_clauses(text: str, marks: str = ENDS) -> list[str]:
    """Part a text at its marks; between two of them is an empty clause."""
    for each in marks[1:]:
        text = text.replace(each, marks[0])
    return text.split(marks[0])
