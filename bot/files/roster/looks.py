"""How a sheet looks to its readers, as far as the reading library does not tell it."""

from dataclasses import dataclass, field

ErrorCells = list[tuple[int, int, str]]
"""(row from 0, column from 0, text)"""


@dataclass
class Looks:
    """texts: what stands in cells that the library gives as empty: #REF!, =A2&B2.

    codes: the number formats of cells, where they matter. All counted from 0.
    """

    texts: ErrorCells = field(default_factory=list)
    codes: ErrorCells = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    struck: list[tuple[int, int]] = field(default_factory=list)
