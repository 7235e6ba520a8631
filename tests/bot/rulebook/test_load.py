"""A wrong file of rules stops the start, with every fault named."""

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.rulebook.load import load_rules

EDITION = """
topic = "样例"
[editions.one]
name = "《样例》"
dated = ""
source = "样例"
scope = "样例"
confidence = "A"
"""
RULE = """
[[rules]]
id = "sample.rule"
edition = "one"
value = { times = 1 }
text = "{times} 次"
about = ["样例"]
forms = ["样例几次"]
"""


def refuse(folder: Path, written: str) -> str:
    (folder / "sample.toml").write_text(written, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_rules(folder)
    return str(caught.value)


def test_a_right_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "sample.toml").write_text(EDITION + RULE, "utf-8")
    (rule,) = load_rules(tmp_path)
    assert rule.text == "1 次"
    assert rule.in_force_from is None
    assert rule.enabled


@pytest.mark.parametrize(
    ("wrong", "right", "fault"),
    [
        ('topic = "样例"', "", "缺少 topic"),
        ('confidence = "A"', 'confidence = "D"', "confidence 只能是 A、A*、B、C"),
        ('confidence = "A"', 'confidence = "C"', "要写明 enabled"),
        ('confidence = "A"', "", "缺少 confidence"),
        (
            'dated = ""',
            'dated = ""\nin_force_from = "2018"',
            "in_force_from 要写成日期",
        ),
        (
            'dated = ""',
            'dated = ""\nin_force_to = 2018-01-01T00:00:00',
            "in_force_to 要写成日期",
        ),
        ('scope = "样例"', 'scope = "样例"\nnote = 1', "不认识 note"),
        ('edition = "one"', 'edition = "two"', "没有 editions.two"),
        ("value = { times = 1 }", "", "缺少 value"),
        ("{times} 次", "{often} 次", "没有这个值：often"),
        ('about = ["样例"]', "about = []", "不能为空"),
        ("{ times = 1 }", "{ times = 1, steps = [[3, 1]] }", "缺少 above"),
        ("[[rules]]", "[[rules", "sample.toml"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, wrong: str, right: str, fault: str) -> None:
    assert wrong in EDITION + RULE
    assert fault in refuse(tmp_path, (EDITION + RULE).replace(wrong, right, 1))


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    other = RULE.replace('edition = "one"', "").replace("sample.rule", "sample.two")
    said = refuse(tmp_path, EDITION.replace('dated = ""', "") + RULE + other)
    assert "缺少 dated" in said
    assert "sample.two" in said


def test_two_editions_on_one_day_are_refused(tmp_path: Path) -> None:
    assert "sample.rule 有两条同时有效" in refuse(tmp_path, EDITION + RULE + RULE)


def test_editions_that_follow_each_other_are_welcome(tmp_path: Path) -> None:
    ended = EDITION.replace('dated = ""', 'dated = ""\nin_force_to = 2026-04-30')
    begun = (
        EDITION.replace('topic = "样例"', "")
        .replace("editions.one", "editions.two")
        .replace('dated = ""', 'dated = ""\nin_force_from = 2026-05-01')
    )
    second = RULE.replace('edition = "one"', 'edition = "two"')
    (tmp_path / "sample.toml").write_text(ended + begun + RULE + second, "utf-8")
    assert len(load_rules(tmp_path)) == 2


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"binary\.toml"):
        load_rules(tmp_path)
