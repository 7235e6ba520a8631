"""Where several rules stand written, below one answer."""

from collections.abc import Iterable, Iterator

from bot.rulebook.rule import Rule

MOST_SAID = 2
EVERY = "依据"
"""What a reader says to be told each source in full."""


def cite(rules: Iterable[Rule]) -> Iterator[str]:
    """Cite each source once; of many the first two, and how to see them all."""
    sources = list({rule.citation: rule for rule in rules}.values())
    if len(sources) <= MOST_SAID:
        yield from (each.citation for each in sources)
        return
    first = "；".join(each.place for each in sources[:MOST_SAID])
    doubt = any(each.confidence != "A" for each in sources)
    doubted = "（其中有转载或二手的，请以正式文件为准）" if doubt else ""
    yield f"依据：{first} 等 {len(sources)} 处{doubted}，发“{EVERY}”看全部。"


def cite_all(rules: Iterable[Rule]) -> Iterator[str]:
    """Cite each source once and in full."""
    yield from dict.fromkeys(rule.citation for rule in rules)
