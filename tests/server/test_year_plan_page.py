"""The page that takes a year's plan from a table: all its lines, or none and why."""

from collections.abc import Sequence
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from bot.assistant.answering import Assistant
from bot.branch.meetings import year_plan
from bot.branch.people.tree import find_branch
from bot.config.settings import Config
from bot.files.xlsx import Sheet, write_book
from server.twin.world import World
from tests.people import BRANCH
from tests.server.browser import Phone, with_pages

PATH = "/m/year-plan/2026"
HEADS = ("月份", "类别", "主题", "时间")
GOOD = [("5月", "党课", "廉洁教育", "2026-05-12"), ("6月", "主题党日", "", "")]


@pytest.fixture
def config(config: Config) -> Config:
    return with_pages(config)


@pytest.fixture
def phone(assistant: Assistant, world: World) -> Phone:
    return Phone(assistant, world, "zhaomin")


def put(
    phone: Phone, rows: Sequence[Sequence[str]], path: str = PATH
) -> tuple[int, str]:
    phone.open(path)
    lines: list[Sequence[object]] = [*rows]
    book = write_book([Sheet("计划", HEADS, lines)])
    got = phone.post(path, file=FileStorage(BytesIO(book), "计划.xlsx"))
    return got.status_code, got.text


def titles(assistant: Assistant) -> list[str]:
    with assistant.storage.read() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        return [each.title for each in year_plan.items(session, branch, 2026)]


def test_a_table_is_taken_in_once(assistant: Assistant, phone: Phone) -> None:
    for new in (2, 0):
        status, shown = put(phone, GOOD)
        assert (status, f"表里 2 项，新加 {new} 项" in shown) == (200, True)
        assert titles(assistant) == ["党课：廉洁教育", "主题党日"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("13月", "党课", "", ""), "月份要写 1 到 12"),
        (("5月", "什么", "", ""), "看不出是哪一种会"),
        (("5月", "党课", "", "2026-06-01"), "不在 2026 年 5月"),
        (("5月", "党课", "长" * 61, ""), "最多 60 字"),
    ],
)
def test_with_one_wrong_line_none_is_added(
    assistant: Assistant, phone: Phone, row: tuple[str, ...], said: str
) -> None:
    status, shown = put(phone, [*GOOD, row])
    assert status == 400
    assert said in shown
    assert titles(assistant) == []


def test_what_is_no_table(assistant: Assistant, phone: Phone) -> None:
    phone.open(PATH)
    got = phone.post(PATH, file=FileStorage(BytesIO(b"no"), "计划.xlsx"))
    assert got.status_code == 400
    assert titles(assistant) == []


def test_only_a_secretary_and_only_a_near_year(
    assistant: Assistant, world: World, phone: Phone
) -> None:
    assert Phone(assistant, world, "wangfang").open(PATH).status_code == 403
    assert phone.open("/m/year-plan/2031").status_code == 404
    assert phone.open("/m/year-plan/x").status_code == 404
