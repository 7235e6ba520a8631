"""`xiangyang demo`, played as a newcomer plays it: over HTTP, and in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect, sync_playwright

from tests.acceptance.demo_page import (
    CHROMIUM,
    SOON,
    choose_person,
    running_demo,
    say,
)
from tests.acceptance.programs import Program, need, until

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
THREE = ("陈静", "李伟", "刘洋")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Program]:
    with running_demo(tmp_path) as demo:
        yield demo
        assert demo.stop() == 0
        assert "Traceback" not in demo.said()


def test_the_page_and_its_moves(demo: Program) -> None:
    page = demo.get("/simulator")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    said = {"userid": "sunli", "text": "打卡 读党章"}
    forged = requests.post(f"{demo.url}/simulator/say", json=said, timeout=5)
    assert forged.status_code == 403  # only the page itself may write
    assert _play(demo, "say", **said)["shown"]
    before = _state(demo)
    assert "已打卡" in _texts(before, "sunli")[-1]

    moved = _play(demo, "clock", morning=True)
    assert moved["now"][11:16] == "08:00"
    until(lambda: _came(demo, "wangfang", before, "政治生日"), "she is greeted")
    assert not _came(demo, "sunli", before, "您的政治生日")


def test_chats_outlive_a_program_that_is_killed(tmp_path: Path) -> None:
    """What the phones showed is there again, and so is what was told."""
    kept, words = tmp_path / "data" / "chats.json", "打卡 读党章，断电以前"
    with running_demo(tmp_path) as demo:
        assert "正在发" in _say(demo, "zhaomin", "通知孙丽：周五植树", "确认")
        until(lambda: "周五植树" in _texts(_state(demo), "sunli")[-1], "it arrives")
        assert "已打卡" in _say(demo, "sunli", words)
        left = _state(demo)
        until(lambda: words in kept.read_text("utf-8"), "it is written down")
        demo.process.kill()
        demo.process.wait()
    with running_demo(tmp_path) as demo:
        again = _state(demo)
        for who in ("zhaomin", "sunli"):
            assert _texts(again, who) == _texts(left, who)
        assert again["now"] >= left["now"][:16]
        assert "读党章，断电以前" in _say(demo, "sunli", "我的打卡")


def test_the_first_evening_in_the_browser(demo: Program, tmp_path: Path) -> None:
    """Check in, wait for a birthday, send a notice, acknowledge, ask who has not."""
    need(CHROMIUM, "the demo in a browser")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(ARGUMENTS)
        )
        page = chromium.new_page(viewport={"width": 1200, "height": 800})
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{demo.url}/simulator")

        _check_in(page)
        _wait_for_birthday(page)
        _send_notice(page)
        _enclose_file(page)
        page.screenshot(path=str(tmp_path / "demo.png"))
        chromium.close()
    assert not faults


def _check_in(page: Page) -> None:
    choose_person(page, "孙丽")
    say(page, "打卡 学习强国 42分", "已打卡")
    say(page, "我的打卡", "学习强国 42 分")


def _wait_for_birthday(page: Page) -> None:
    page.get_by_role("button", name="明早 8:00").click()
    expect(page.locator("#now")).to_contain_text("08:00", timeout=SOON)
    choose_person(page, "王芳")
    greeting = page.locator("#bubbles .row:not(.mine)", has_text="政治生日").last
    expect(greeting).to_be_visible(timeout=SOON)


def _send_notice(page: Page) -> None:
    choose_person(page, "赵敏")
    say(page, "发通知 周三下午两点在301开支部大会", "确认")
    say(page, "确认", "正在发")
    for name in THREE:
        choose_person(page, name)
        card = page.locator("#bubbles .card", has_text="301开支部大会").last
        card.get_by_role("button", name="收到").click(timeout=SOON)
        expect(card.get_by_role("button", name="已收到")).to_be_disabled(timeout=SOON)
    choose_person(page, "赵敏")
    reply = say(page, "谁没回复", "还没回复")
    expect(reply).to_contain_text("已回复 3")
    expect(reply).not_to_contain_text("陈静")


def _enclose_file(page: Page) -> None:
    """Put a file into a draft on its page, and answer on the notice's own."""
    choose_person(page, "赵敏")
    shown = say(page, "通知第一党小组：周日植树", "【预览】")
    with page.context.expect_page() as opened:
        shown.locator("a", has_text="/m/enclose/").click()
    door = opened.value
    file = {"name": "路线.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    door.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    door.get_by_role("button", name="传上去").click()
    expect(door.locator("main")).to_contain_text("文件：路线.pdf", timeout=SOON)
    told = page.locator("#bubbles .row", has_text="已加上“路线.pdf”")
    expect(told).to_be_visible(timeout=SOON)
    say(page, "选项 能参加/请假", "文件：路线.pdf")
    say(page, "确认", "正在发")
    choose_person(page, "王芳")
    card = page.locator("#bubbles .card", has_text="周日植树").last
    expect(card).to_contain_text("1 文件", timeout=SOON)
    with page.context.expect_page() as opened:
        card.locator("b.headline a").click(timeout=SOON)
    expect(opened.value.locator("main")).to_contain_text("路线.pdf", timeout=SOON)
    opened.value.get_by_role("button", name="请假").click()
    expect(opened.value.locator("main")).to_contain_text("您的回复：请假", timeout=SOON)
    choose_person(page, "赵敏")
    expect(say(page, "谁没回复", "还没回复")).to_contain_text("请假 1")


def _play(demo: Program, move: str, **body: Any) -> dict[str, Any]:
    url, header = f"{demo.url}/simulator/{move}", {"X-Simulator": "1"}
    response = requests.post(url, json=body, headers=header, timeout=20)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def _say(demo: Program, userid: str, *texts: str) -> str:
    """Say some texts, and return the last answer."""
    for text in texts:
        _play(demo, "say", userid=userid, text=text)
    return _texts(_state(demo), userid)[-1]


def _state(demo: Program) -> dict[str, Any]:
    state: dict[str, Any] = demo.get("/simulator/state").json()
    return state


def _texts(state: dict[str, Any], userid: str) -> list[str]:
    """List what the phone got, by itself or as an answer, oldest first."""
    return [
        bubble["text"]
        for bubble in sorted(state["bubbles"], key=lambda each: each["number"])
        if bubble["phone"] == userid and not bubble["mine"]
    ]


def _came(demo: Program, userid: str, before: dict[str, Any], words: str) -> bool:
    """Tell whether what a phone got since holds some words."""
    came = _texts(_state(demo), userid)[len(_texts(before, userid)) :]
    return any(words in text for text in came)
