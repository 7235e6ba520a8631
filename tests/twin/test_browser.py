"""The page in a real browser: it draws, it clicks, and a text is never markup."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from server.twin import samples
from server.twin.page import create_page
from server.twin.serving import QuietHandler
from server.twin.world import World
from tests.twin.conftest import App
from tests.twin.corp import AGENT, Api, Clock, button_card

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --disable-background-networking "
    "--disable-component-update --disable-sync --no-first-run"
)
pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(
        not CHROMIUM.exists(),
        reason=f"NO BROWSER: {CHROMIUM} is missing (apt-get install chromium)",
    ),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=FLAGS.split()
        )
        yield browser
        browser.close()


@pytest.fixture
def address(talk: World, clock: Clock) -> Iterator[str]:
    def advance(to: Any) -> None:
        clock.now = to

    web = Flask(__name__)
    web.register_blueprint(create_page(talk, now=clock, advance=advance))
    server = make_server(
        "127.0.0.1", 0, web, threaded=True, request_handler=QuietHandler
    )
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}/simulator"
    talk.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tab(chromium: Any, address: str) -> Iterator[Any]:
    tab = chromium.new_page(viewport={"width": 1200, "height": 800})
    tab.faults = []
    tab.on("pageerror", lambda error: tab.faults.append(str(error)))
    tab.on("dialog", lambda dialog: tab.faults.append(dialog.message))
    tab.goto(address)
    tab.wait_for_selector(".person")
    yield tab
    tab.close()
    assert tab.faults == []


@pytest.fixture
def api(talk: World) -> Api:
    api = Api(talk)
    api.login()
    return api


def test_a_message_is_written_and_answered(tab: Any) -> None:
    tab.click("text=李四")
    tab.fill("#text", "打卡")
    tab.press("#text", "Enter")
    tab.wait_for_selector(".row:not(.mine) .bubble >> text=听到：打卡")
    assert tab.inner_text(".row.mine .bubble") == "打卡"


NASTY = (
    "<img src=x onerror=alert(1)><script>alert(2)</script>"
    '<a href="javascript:alert(3)">点</a> <a href="https://example.com/?a=1&b=2">好</a>'
)


def test_a_text_is_never_markup(tab: Any, talk: World, api: Api, app: App) -> None:
    app.reply = lambda _: ""
    talk.say("lisi", NASTY)
    card = button_card(main_title={"title": NASTY, "desc": NASTY}, sub_title_text=NASTY)
    card["horizontal_content_list"] = [{"keyname": NASTY, "value": NASTY}]
    card["card_action"] = {"type": 1, "url": "javascript:alert(4)"}
    api.send("template_card", card)
    api.send("markdown", {"content": NASTY + "\n[x](javascript:alert(5)) **粗**"})
    api.send(
        "textcard",
        {"title": NASTY, "description": NASTY, "url": "javascript://%0aalert(6)"},
    )
    api.send("news", {"articles": [{"title": NASTY, "url": "javascript://x"}]})
    tab.click("text=李四")
    tab.wait_for_selector(".articles")
    assert tab.query_selector_all("#bubbles script") == []
    assert tab.query_selector_all("#bubbles [onerror]") == []
    links = tab.eval_on_selector_all("#bubbles a", "all => all.map(a => a.href)")
    assert set(links) == {"https://example.com/?a=1&b=2"}
    assert "<script>" in tab.inner_text("#bubbles")


def test_a_button_is_clicked_and_greys(
    tab: Any, talk: World, api: Api, app: App
) -> None:
    def grey(heard: dict[str, Any]) -> str:
        update = {"agentid": AGENT, "userids": ["lisi"]}
        update |= {"response_code": heard.get("ResponseCode"), "button": {}}
        update["button"] = {"replace_name": "已收到"}
        if "ResponseCode" in heard:
            Api(talk, token=api.token).post("message/update_template_card", update)
        return ""

    app.reply = grey
    tab.click("text=李四")
    api.send("template_card", button_card())
    tab.click(".buttons >> text=收到")
    tab.wait_for_selector(".buttons .grey:disabled >> text=已收到")


def test_the_menu_the_clock_and_the_weather(
    tab: Any, talk: World, api: Api, app: App
) -> None:
    sub = {"type": "click", "name": "我的打卡", "key": "MINE"}
    api.post(
        "menu/create",
        {"button": [{"name": "我的", "sub_button": [sub]}]},
        agentid=AGENT,
    )
    api.send(touser="lisi|wangfang")
    tab.click("text=李四")
    tab.click(".menu >> text=我的")
    tab.click(".subs >> text=我的打卡")
    tab.locator(".row").nth(1).wait_for()
    for _ in range(50):
        if "MINE" in [each.get("EventKey") for each in app.heard]:
            break
        tab.wait_for_timeout(100)
    assert "MINE" in [each.get("EventKey") for each in app.heard]
    tab.click("text=明早 8:00")
    tab.wait_for_selector("#now >> text=08:00")
    tab.click("#weather")
    tab.click("text=系统繁忙")
    tab.wait_for_selector("#pending >> text=errcode -1")
    assert talk.faults.planned()[0]["code"] == -1


def test_pictures_files_and_recalls_are_drawn(tab: Any, talk: World, api: Api) -> None:
    picture = api.upload("image", samples.PNG, "卡.png")["media_id"]
    file = api.upload("file", b"0123456789", "名单.xlsx")["media_id"]
    tab.click("text=李四")
    api.send("image", {"media_id": picture})
    api.send("file", {"media_id": file})
    sent = api.send(part={"content": "说错了"})
    tab.wait_for_selector("text=说错了")
    api.post("message/recall", {"msgid": sent["msgid"]})
    tab.wait_for_selector("text=撤回了一条消息")
    picture = tab.locator("img.picture")
    picture.evaluate("image => image.decode()")
    assert picture.evaluate("image => image.naturalWidth") == 240
    with tab.expect_download() as download:
        tab.click("a.file")
    assert download.value.suggested_filename == "名单.xlsx"


def test_on_a_phone_the_list_makes_room(tab: Any, api: Api) -> None:
    tab.set_viewport_size({"width": 390, "height": 780})
    tab.reload()
    tab.wait_for_selector(".person")
    assert not tab.is_visible(".chat")
    tab.click("text=李四")
    assert tab.is_visible(".chat")
    assert not tab.is_visible(".people")
    tab.click("#return")
    assert tab.is_visible(".people")
    width = tab.evaluate("document.documentElement.scrollWidth")
    assert width == 390
    clock = tab.locator("#now")
    assert clock.evaluate("box => box.scrollWidth <= box.clientWidth")
    # whose chat is closed has not seen what comes
    api.send(touser="lisi")
    tab.wait_for_selector(".person:has-text('李四') .foot i >> text=1")
