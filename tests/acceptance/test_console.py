"""The console as a secretary's browser draws it: phone and desk, light and dark."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    Dialog,
    FilePayload,
    Page,
    expect,
    sync_playwright,
)

from bot.assistant.answering import Assistant
from bot.branch.console import links
from bot.branch.people import members
from tests.acceptance.demo_page import CHROMIUM
from tests.acceptance.programs import need
from tests.acceptance.test_demo import ARGUMENTS
from tests.server.console import lived, walking
from tests.server.console.visitor import Visitor
from tests.stage import Stage

PHONE, DESK = (360, 780), (1280, 900)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LOOKED_AT = ((PHONE, "light"), (DESK, "dark"))
"""Where axe looks: what it finds of colours is no other in another size."""
LARGEST = 100_000


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    need(CHROMIUM, "the console in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(ARGUMENTS)
        )
        yield browser
        browser.close()


@pytest.fixture
def paths(stage: Stage, assistant: Assistant) -> list[str]:
    """A page of each sort, of a branch that has something of each kind."""
    secretary = Visitor(assistant)
    secretary.sign_in("zhaomin")
    lived.live(stage, secretary)
    return [*walking.one_of_each(secretary), "/console/nothing"]


@contextmanager
def signed_in(
    browser: Browser, assistant: Assistant, address: str, **context: Any
) -> Iterator[Page]:
    """Open the console as 赵敏 in a window of its own."""
    with assistant.storage.write() as session:
        member = members.find(session, "zhaomin")
        assert member
        own_part = links.make(session, member, assistant.clock.now())
    window = browser.new_context(**context)
    page = window.new_page()
    page.goto(f"{address}/console/enter/{own_part}")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="今天")).to_be_visible()
    yield page
    window.close()


def test_every_page_is_for_everybody(
    chromium: Browser, assistant: Assistant, address: str, paths: list[str]
) -> None:
    """axe finds nothing; nothing is wider than the screen; no script fails."""
    faults: list[str] = []
    with signed_in(chromium, assistant, address) as page:
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda told: (
                faults.append(f"{page.url}: {told.text}")
                if told.type == "error" and "404" not in told.text
                else None
            ),
        )
        for path in paths:
            answer = page.goto(f"{address}{path}")
            assert answer
            assert len(answer.body()) < LARGEST, path
            for menu in page.locator("details").all():
                menu.evaluate("each => { each.open = true }")
            for size, scheme in product((PHONE, DESK), SCHEMES):
                page.set_viewport_size({"width": size[0], "height": size[1]})
                page.emulate_media(color_scheme=scheme)
                if (size, scheme) in LOOKED_AT:
                    found = Axe().run(page)
                    assert not found.violations_count, (path, found.generate_report())
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= size[0], f"{path}: {wide}"
            page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE[0], f"{path} in large letters: {wide}"
    assert not faults


def test_a_notice_is_sent_by_keyboard_and_its_figures_live(
    chromium: Browser, assistant: Assistant, address: str, stage: Stage
) -> None:
    with signed_in(chromium, assistant, address) as page:
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
        page.get_by_role("link", name="写通知").focus()
        page.keyboard.press("Enter")
        page.get_by_label("内容").fill("周五开会，请准时。")
        page.get_by_role("button", name="看预览").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="预览")).to_be_visible()
        page.get_by_role("button", name="确认发出").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("正在发，共 6 人")
        stage.arrived()
        stage.play("李伟* 收到")
        figures = page.get_by_role("region", name="结果")
        expect(figures).to_contain_text("已回复 1", timeout=20_000)


def test_papers_are_printed_one_after_the_other(
    chromium: Browser, assistant: Assistant, address: str
) -> None:
    """A file as the answer leaves the page open: what stands there goes on."""
    with signed_in(chromium, assistant, address) as page:
        page.goto(f"{address}/console/formal/")
        page.get_by_label("候选人").fill("王芳、李伟")
        page.get_by_label("应选几名").fill("1")
        for button, name in (("选票", "选票"), ("计票单", "选举计票单")):
            with page.expect_download() as download:
                page.get_by_role("button", name=f"{button}（PDF）").click()
            assert download.value.suggested_filename.startswith(f"{name}-")
        expect(page.get_by_role("button", name="选票（PDF）")).to_be_enabled()
        asked: list[str] = []

        def leave(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.on("dialog", leave)
        page.get_by_role("link", name="回到投票").click()
        expect(page.get_by_role("heading", name="投票")).to_be_visible()
        assert asked == ["beforeunload"]


def test_without_script_all_is_done_too(
    chromium: Browser, assistant: Assistant, address: str, stage: Stage
) -> None:
    viewport = {"width": PHONE[0], "height": PHONE[1]}
    with signed_in(
        chromium, assistant, address, java_script_enabled=False, viewport=viewport
    ) as page:
        page.locator("summary", has_text="菜单").click()
        page.get_by_role("link", name="名册", exact=True).last.click()
        page.get_by_role("link", name="李伟").click()
        page.get_by_label("党内职务").fill("组织委员")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("status")).to_contain_text("组织委员")
        page.go_back()
        page.get_by_label("党内职务").fill("宣传委员")
        page.get_by_role("button", name="保存").click()
        expect(page.locator("main")).to_contain_text("宣传委员")


def test_a_form_outlives_the_session(
    chromium: Browser, assistant: Assistant, address: str, stage: Stage
) -> None:
    with signed_in(chromium, assistant, address) as page:
        page.get_by_role("link", name="写通知").click()
        page.get_by_label("内容").fill("写了很久的一条通知。")
        stage.clock.wait(hours=2)
        page.get_by_role("button", name="看预览").click()
        expect(page.get_by_text("您填的内容还在")).to_be_visible()
        expect(page.get_by_text("写了很久的一条通知。")).to_be_visible()
        with assistant.storage.write() as session:
            member = members.find(session, "zhaomin")
            assert member
            own_part = links.make(session, member, assistant.clock.now())
        beside = page.context.new_page()
        beside.goto(f"{address}/console/enter/{own_part}")
        beside.get_by_role("button", name="登录").click()
        expect(beside.get_by_role("heading", name="今天")).to_be_visible()
        page.get_by_role("button", name="接着提交").click()
        expect(page.get_by_role("heading", name="预览")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_long_work_is_followed_and_stopped(
    chromium: Browser,
    assistant: Assistant,
    address: str,
    stage: Stage,
    *,
    script: bool,
) -> None:
    """Whoever writes meanwhile holds it up; the page asks anew by itself."""
    table = "姓名,企业微信账号\n党员甲,u1\n"
    file = FilePayload(name="名册.csv", mimeType="text/csv", buffer=table.encode())
    viewport = {"width": PHONE[0], "height": PHONE[1]}
    with signed_in(
        chromium, assistant, address, java_script_enabled=script, viewport=viewport
    ) as page:
        page.goto(f"{address}/console/people/import")
        page.get_by_label("名册表格").set_input_files(file)
        with assistant.storage.write():
            page.get_by_role("button", name="看会改什么").click()
            expect(page.get_by_role("heading", name="核对名册")).to_be_visible()
            page.get_by_role("button", name="停下").click()
            expect(page.locator("main")).to_contain_text("正在停下")
        expect(page.get_by_role("status")).to_contain_text("停下了", timeout=20_000)
        if script:
            found = Axe().run(page)
            assert not found.violations_count, found.generate_report()
        page.get_by_role("link", name="回到原来的页面").click()
        expect(page.get_by_role("heading", name="导入名册")).to_be_visible()
