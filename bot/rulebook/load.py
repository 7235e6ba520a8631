"""Read every file of rules at the start, and refuse the start if one is wrong."""

import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from bot.errors import ConfigError
from bot.rulebook.rule import Rule, Value

FOLDER = Path(__file__).parent / "data"
RULE_KEYS = frozenset(
    ("id", "edition", "article", "value", "text", "forms", "about", "enabled")
)
RULE_NEEDS = frozenset(("id", "edition", "value", "text", "forms", "about"))
EDITION_KEYS = frozenset(
    (
        "name",
        "dated",
        "in_force_from",
        "in_force_to",
        "before",
        "source",
        "scope",
        "confidence",
    )
)
EDITION_NEEDS = frozenset(("name", "dated", "source", "scope", "confidence"))


@cache
def load_shipped() -> tuple[Rule, ...]:
    """Read the rules that the product ships, once."""
    return load_rules(FOLDER)


def find_rule(rule_id: str, day: date) -> Rule:
    """Find the edition in force on a day; failing that, the first that is on file.

    KeyError if there is no such rule.
    """
    editions = [rule for rule in load_shipped() if rule.id == rule_id]
    if not editions:
        raise KeyError(rule_id)
    return next((rule for rule in editions if rule.holds_on(day)), editions[0])


def load_rules(folder: Path) -> tuple[Rule, ...]:
    """Read all *.toml of a folder; ConfigError lists every fault of every file."""
    rules: list[Rule] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            written = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(f"{path.name}：{error}")
            continue
        for found in _read_file(written):
            if isinstance(found, Rule):
                rules.append(found)
            else:
                faults.append(f"{path.name}：{found}")
    faults += _overlaps(rules)
    if faults:
        raise ConfigError("规定库有误：\n" + "\n".join(faults))
    return tuple(rules)


def _read_file(written: Mapping[str, Any]) -> Iterator[Rule | str]:
    """Yield each rule of a file, or in its place what is wrong with it."""
    topic, editions = written.get("topic"), written.get("editions")
    rules = written.get("rules", [])
    if not isinstance(topic, str) or not isinstance(editions, dict):
        yield "缺少 topic 或 editions"
        return
    faulty = set()
    for name, edition in editions.items():
        for fault in _edition_faults(edition):
            faulty.add(name)
            yield f"editions.{name} {fault}"
    for each in rules:
        faults = list(_rule_faults(each, editions))
        if faults:
            name = each.get("id", "?")
            yield from (f"{name} {fault}" for fault in faults)
        elif each["edition"] not in faulty:
            rule = _build(each, editions[each["edition"]], topic)
            yield _template_fault(rule) or rule


def _keys(found: Mapping[str, Any], needs: Iterable[str], may: Iterable[str]) -> str:
    missing = sorted(set(needs) - set(found))
    unknown = sorted(set(found) - set(may))
    return "；".join(
        [f"缺少 {key}" for key in missing] + [f"不认识 {key}" for key in unknown]
    )


def _edition_faults(edition: Mapping[str, Any]) -> Iterator[str]:
    if fault := _keys(edition, EDITION_NEEDS, EDITION_KEYS):
        yield fault
    if edition.get("confidence") not in ("A", "A*", "B", "C"):
        yield "confidence 只能是 A、A*、B、C"
    for key in ("in_force_from", "in_force_to"):
        if not _is_day(edition.get(key, date.min)):
            yield f"{key} 要写成日期"


def _rule_faults(rule: Mapping[str, Any], editions: Mapping[str, Any]) -> Iterator[str]:
    if fault := _keys(rule, RULE_NEEDS, RULE_KEYS):
        yield fault
        return
    edition = editions.get(rule["edition"])
    if edition is None:
        yield f"没有 editions.{rule['edition']}"
    elif edition.get("confidence") == "C" and "enabled" not in rule:
        yield "C 类规定要写明 enabled"
    if not rule["forms"] or not rule["about"]:
        yield "forms 和 about 不能为空"


def _template_fault(rule: Rule) -> str:
    names = {name for _, name, _, _ in string.Formatter().parse(rule.template) if name}
    if rule.steps and "above" not in rule.value:
        return f"{rule.id} 的 value 缺少 above"
    known = set(rule.value) | ({"table"} if rule.steps else set())
    unknown = "、".join(sorted(names - known))
    return f"{rule.id} 的 text 里没有这个值：{unknown}" if unknown else ""


def _build(rule: Mapping[str, Any], edition: Mapping[str, Any], topic: str) -> Rule:
    return Rule(
        id=rule["id"],
        topic=topic,
        forms=tuple(rule["forms"]),
        about=tuple(tuple(each.split()) for each in rule["about"]),
        value={name: _freeze(value) for name, value in rule["value"].items()},
        edition=edition["name"],
        dated=edition["dated"],
        in_force_from=edition.get("in_force_from"),
        in_force_to=edition.get("in_force_to"),
        before=edition.get("before", ""),
        article=rule.get("article"),
        source=edition["source"],
        scope=edition["scope"],
        confidence=edition["confidence"],
        template=rule["text"],
        enabled=rule.get("enabled", True),
    )


def _freeze(value: Any) -> Value:
    """Make lists tuples, and the numbers of a step decimals."""
    if not isinstance(value, list):
        frozen: Value = value
        return frozen
    if all(isinstance(each, list) for each in value):
        return tuple((Decimal(upper), Decimal(rate)) for upper, rate in value)
    return tuple(str(each) for each in value)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _overlaps(rules: Iterable[Rule]) -> Iterator[str]:
    """Name the rules of which two editions would hold on one day."""
    seen: dict[str, list[Rule]] = {}
    for rule in rules:
        for other in seen.setdefault(rule.id, []):
            starts = max(_start(rule), _start(other))
            if rule.holds_on(starts) and other.holds_on(starts):
                yield f"{rule.id} 有两条同时有效"
        seen[rule.id].append(rule)


def _start(rule: Rule) -> date:
    return rule.in_force_from or date.min
