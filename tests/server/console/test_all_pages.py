"""Every page opens: for who may, with what stands in it; the policy holds on each."""

import re

import pytest

from server.web.console import all_pages
from server.web.console.answers import POLICY
from server.web.console.page import GET
from server.web.pages.answers import NOTHING_SENT
from tests.server.console import lived, walking
from tests.server.console.visitor import Visitor
from tests.stage import Stage

FIRST = [f"/console{page.prefix}{page.routes[0].rule}" for page in all_pages()]
LIVE = "console.notices-show_live"
"""What a page's own script asks for."""
INLINE = re.compile(r"<style|style=|<script(?![^>]*src=)|\son[a-z]+=|javascript:", re.I)


@pytest.mark.parametrize("path", FIRST)
def test_first_pages(secretary: Visitor, path: str) -> None:
    page = secretary.get(path)
    assert page.status_code == 200, page.text
    assert page.headers["Content-Security-Policy"] == POLICY
    assert page.headers["Cache-Control"] == "no-store"
    assert not INLINE.search(page.text)
    assert len(page.data) < 100_000
    assert 'lang="zh-CN"' in page.text
    assert page.text.count("<h1>") == 1


def test_a_page_begins_with_what_the_menu_leads_to() -> None:
    for page in all_pages():
        first = page.routes[0]
        assert (first.method, "<" in first.rule) == (GET, False), page.name
        assert page.order < 1000


def test_addresses_that_are_none(secretary: Visitor) -> None:
    for path in ("/console/nothing", "/console/people/x/y", "/console/%00"):
        answer = secretary.get(path)
        assert answer.status_code == 404
        assert "回到首页" in answer.text


@pytest.mark.parametrize("path", ["", "quiet/", "nothing", "notices/1/live"])
def test_what_is_sent_where_nothing_is_taken(secretary: Visitor, path: str) -> None:
    secretary.get("/console/")
    answer = secretary.post(f"/console/{path}", words="何雪")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert NOTHING_SENT in answer.text
    assert "回到首页" in answer.text
    assert "Method Not Allowed" not in answer.text


@pytest.mark.thorough
def test_links_lead_somewhere_and_something_leads_to_each_page(
    secretary: Visitor, stage: Stage
) -> None:
    lived.live(stage, secretary)
    reached = set()
    for path, answer in walking.walk(secretary):
        assert answer.status_code == 200, path
        assert not (answer.mimetype == "text/html" and INLINE.search(answer.text)), path
        reached.add(walking.endpoint(secretary, path))
    there = {
        f"console.{page.endpoint(route)}"
        for page in all_pages()
        for route in page.routes
        if route.method == GET
    }
    assert there - reached == {LIVE}
