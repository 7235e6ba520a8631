"""Any bytes end in a roster or a refusal; any layout of the same people reads alike."""

import random
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.files.roster.columns import ALIASES, Field
from bot.files.roster.entry import Entry, Roster
from bot.files.roster.faults import RosterError
from bot.files.roster.read import read_roster
from bot.files.roster.rules import one_year_after
from bot.files.roster.words import CATEGORY_WORDS, STATE_WORDS
from tests.bot.files.roster.files import TODAY, csv_text, xls_file, xlsx_file

pytestmark = pytest.mark.thorough

SAMPLE = [["姓名", "入党日期"], ["张三", "2011-07-01"], ["李四", "2012-07-01"]]
SAMPLES = [xlsx_file(SAMPLE), xls_file(SAMPLE), csv_text(SAMPLE).encode("gbk")]
SURNAMES = "赵钱孙李周吴郑王"
GIVEN = "子丑寅卯辰巳午未申酉"


def outcome(content: bytes, filename: str) -> Roster | RosterError:
    try:
        return read_roster(content, filename, TODAY)
    except RosterError as error:
        return error


@given(st.binary(max_size=300), st.text(max_size=20))
@settings(deadline=None, max_examples=50)
def test_any_bytes(content: bytes, filename: str) -> None:
    outcome(content, filename)


@given(st.text(alphabet='姓名入党日期张三,\t;\n"12合计：#年', max_size=80))
@settings(deadline=None, max_examples=50)
def test_any_text_that_looks_like_a_table(text: str) -> None:
    outcome(("姓名,入党日期\n" + text).encode(), "名册.csv")


@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 255)), max_size=12),
    st.integers(0, 9999),
)
@settings(deadline=None, max_examples=20)
def test_any_damage(content: bytes, bites: list[tuple[int, int]], cut: int) -> None:
    damaged = bytearray(content)
    for place, value in bites:
        damaged[place % len(damaged)] = value
    outcome(bytes(damaged[: max(cut, len(damaged) // 2)]), "名册")


@st.composite
def people(draw: st.DrawFn) -> list[Entry]:
    """Invented members who break no rule; every name and account is another."""
    names = st.builds("{}{}{}".format, *map(st.sampled_from, (SURNAMES, GIVEN, GIVEN)))
    found = []
    for number, name in enumerate(draw(st.lists(names, unique=True, min_size=1))):
        joined = draw(st.dates(date(1982, 9, 6), date(2024, 1, 1)))
        category = draw(st.sampled_from(["正式党员", "预备党员"]))
        full = category == "正式党员" and draw(st.booleans())
        found.append(
            Entry(
                row=0,
                name=name,
                userid=draw(st.sampled_from([None, f"User.{number}"])),
                branch=draw(st.sampled_from([None, "第一支部", "离退休支部"])),
                group=draw(st.sampled_from([None, "第一党小组"])),
                category=category,  # type: ignore[arg-type]
                joined=joined,
                full_member_since=one_year_after(joined) if full else None,
                position=draw(st.sampled_from([None, "书记", "宣传委员"])),
                state=draw(st.sampled_from([None, *STATE_WORDS])),
            )
        )
    return found


SPELLINGS: list[Callable[[date], object]] = [
    lambda day: day,
    str,
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day:%Y/%m/%d} 00:00:00",
    lambda day: (day - date(1899, 12, 30)).days if day.year > 1990 else str(day),
]


def spelled(entry: Entry, field: Field, chance: random.Random) -> object:
    value = getattr(entry, field)
    if value is None:
        return chance.choice(["", "/", "—", "无"])
    if field == "name":
        return chance.choice(["", " ", "　"]).join(value)
    if field == "category":
        return chance.choice(CATEGORY_WORDS[entry.category].split())  # type: ignore[index]
    if field == "state":
        return chance.choice(STATE_WORDS[entry.state].split())  # type: ignore[index]
    return chance.choice(SPELLINGS)(value) if isinstance(value, date) else value


def layout(entries: list[Entry], chance: random.Random) -> list[list[object]]:
    """A title, blank rows, shuffled columns with others between, totals and notes."""
    columns: list[Field | str] = [*ALIASES, "序号", "公民身份证号码", "性别"]
    chance.shuffle(columns)
    titles: list[object] = [
        chance.choice(["{}", " {}\n", "{}（必填）"]).format(
            chance.choice(ALIASES[c].split()) if c in ALIASES else c
        )
        for c in columns
    ]
    above = [["智能制造教工党支部党员名册"], [], ["填表日期：2026年7月1日"]]
    rows: list[list[object]] = [*above[: chance.randint(0, 3)], titles]  # type: ignore[list-item]
    for number, entry in enumerate(entries):
        rows += [[]] * chance.choice([0, 0, 1]) + [titles] * chance.choice([0, 0, 0, 1])
        private = {"序号": number, "公民身份证号码": 3.205e17, "性别": "女"}
        rows.append(
            [
                private[c] if c in private else spelled(entry, c, chance)  # type: ignore[arg-type]
                for c in columns
            ]
        )
    return [*rows, [], ["合计", f"{len(entries)}人"], ["备注：样例，人名都是编的。"]]


@given(people(), st.randoms(use_true_random=False), st.sampled_from(["xlsx", "xls"]))
@settings(deadline=None, max_examples=25)
def test_any_layout_reads_alike(
    entries: list[Entry], chance: random.Random, kind: str
) -> None:
    rows = layout(entries, chance)
    content = xlsx_file(rows) if kind == "xlsx" else xls_file(rows)
    found = outcome(content, "名册")
    assert isinstance(found, Roster), str(found)
    assert [{**vars(one), "row": 0} for one in found.entries] == [
        {**vars(one), "position": one.position or ""} for one in entries
    ]
    assert all(rows[one.row - 1] for one in found.entries)
