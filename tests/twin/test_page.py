"""The page's addresses: only for this machine, only from itself, and what they do."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.twin import samples
from server.twin.moves import FAULTS, TOO_LONG
from server.twin.page import create_page
from server.twin.world import World
from tests.twin.conftest import App
from tests.twin.corp import AGENT, START, Api, Clock, button_card


class Page:
    def __init__(self, http: FlaskClient) -> None:
        self.http = http

    def state(self, since: int = 0, wait: int = 0) -> Any:
        query = {"since": since, "wait": wait}
        return self.http.get("/simulator/state", query_string=query).get_json()

    def post(self, path: str, **body: Any) -> TestResponse:
        headers = {"X-Simulator": "1"}
        return self.http.post(f"/simulator/{path}", json=body, headers=headers)


@pytest.fixture
def page(talk: World, clock: Clock) -> Iterator[Page]:
    def advance(to: datetime) -> None:
        clock.now = to

    web = Flask(__name__)
    web.register_blueprint(create_page(talk, now=clock, advance=advance))
    with web.test_client() as http:
        yield Page(http)


@pytest.fixture
def api(talk: World) -> Api:
    api = Api(talk)
    api.login()
    return api


@pytest.mark.parametrize("path", ["", "/"])
def test_the_page_shows(page: Page, path: str) -> None:
    shown = page.http.get(f"/simulator{path}")
    assert shown.status_code == 200
    assert "向阳" in shown.text
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert "明早 8:00" in shown.text


STATIC = (
    *("simulator.js", "bubbles.js", "cards.js", "menu.js", "words.js"),
    *("frame.css", "bubbles.css"),
)


@pytest.mark.parametrize("name", STATIC)
def test_all_it_needs_is_here(page: Page, name: str) -> None:
    got = page.http.get(f"/simulator/static/{name}", buffered=True)
    assert got.status_code == 200
    assert "http://" not in got.text.replace("http://www.w3.org", "")
    assert "innerHTML" not in got.text


def test_without_a_clock_nothing_offers_to_move_it(talk: World, clock: Clock) -> None:
    web = Flask(__name__)
    web.register_blueprint(create_page(talk, now=clock))
    page = Page(web.test_client())
    assert "明早 8:00" not in page.http.get("/simulator").text
    refused = page.post("clock", hours=1)
    assert (refused.status_code, refused.get_json()["fault"]) == (
        400,
        "这里的时钟不能调",
    )


@pytest.mark.parametrize(
    ("host", "address", "status"),
    [
        ("localhost", "127.0.0.1", 200),
        ("127.0.0.1:8080", "127.0.0.1", 200),
        ("[::1]", "::1", 200),
        ("[::1]:8080", "::1", 200),
        ("evil.example", "127.0.0.1", 403),
        ("localhost", "10.0.0.5", 403),
        ("localhost", "", 403),
    ],
)
def test_only_this_machine_may_read(
    page: Page, host: str, address: str, status: int
) -> None:
    got = page.http.get(
        "/simulator/state",
        headers={"Host": host},
        environ_base={"REMOTE_ADDR": address},
    )
    assert got.status_code == status


@pytest.mark.parametrize("path", ["say", "click", "menu", "clock", "fault"])
def test_another_site_cannot_write(page: Page, app: App, path: str) -> None:
    body = {"userid": "lisi", "text": "x"}
    assert page.http.post(f"/simulator/{path}", json=body).status_code == 403
    assert app.heard == []


def test_a_member_speaks_and_both_sides_show(page: Page) -> None:
    assert page.post("say", userid="lisi", text="<b>打卡</b>").get_json() == {
        "ok": True,
        "fault": "",
        "shown": True,
    }
    state = page.state()
    texts = [(b["phone"], b["mine"], b["text"]) for b in state["bubbles"]]
    assert texts == [
        ("lisi", True, "<b>打卡</b>"),
        ("lisi", False, "听到：<b>打卡</b>"),
    ]
    assert page.state(since=state["revision"])["bubbles"] == []


@pytest.mark.parametrize(
    ("kind", "heard"),
    [
        ("picture", "image"),
        ("sticker", "image"),
        ("voice", "voice"),
        ("location", "location"),
        ("enter", "event"),
    ],
)
def test_samples_of_other_kinds(page: Page, app: App, kind: str, heard: str) -> None:
    assert page.post("say", userid="lisi", kind=kind).get_json()["ok"]
    assert app.heard[0]["MsgType"] == heard


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("say", {}),
        ("say", {"userid": "nobody", "text": "x"}),
        ("say", {"userid": "lisi"}),
        ("say", {"userid": "lisi", "kind": "dance"}),
        ("click", {"userid": "lisi", "number": 99, "key": "ack"}),
        ("click", {"userid": "lisi", "number": "x", "key": "ack"}),
        ("menu", {}),
        ("clock", {}),
        ("clock", {"to": "soon"}),
        ("clock", {"hours": -1}),
        ("fault", {"kind": "flood"}),
        ("fault", {}),
    ],
)
def test_a_wrong_request_is_told(page: Page, path: str, body: dict[str, Any]) -> None:
    got = page.post(path, **body)
    assert got.status_code == 400
    assert got.get_json()["fault"]


@pytest.mark.parametrize("raw", [b"{", b"[1]", b""])
def test_what_is_no_json(page: Page, raw: bytes) -> None:
    headers = {"X-Simulator": "1", "Content-Type": "application/json"}
    got = page.http.post("/simulator/say", data=raw, headers=headers)
    assert got.status_code == 400


def test_a_card_is_clicked_and_greys(page: Page, app: App, api: Api) -> None:
    app.reply = lambda _: ""
    api.send("template_card", button_card())
    (bubble,) = page.state()["bubbles"]
    chosen = {"q": ["1"]}
    press = {"userid": "lisi", "number": bubble["number"], "key": "ack"}
    assert page.post("click", **press, selected=chosen).get_json()["ok"]
    assert app.heard[0]["SelectedItems"]["SelectedItem"]["QuestionKey"] == "q"
    assert page.post("click", **press, selected="q").status_code == 400
    mark = page.state()["revision"]
    update = {"agentid": AGENT, "userids": ["lisi"], "button": {"replace_name": "好"}}
    update["response_code"] = app.heard[0]["ResponseCode"]
    api.post("message/update_template_card", update)
    (changed,) = page.state(since=mark)["bubbles"]
    assert (changed["number"], changed["button"]) == (bubble["number"], "好")
    assert page.post("click", **press).status_code == 400


def test_the_menu_is_shown_and_tapped(page: Page, app: App, api: Api) -> None:
    menu = [{"type": "click", "name": "打卡", "key": "CHECK_IN"}]
    api.post("menu/create", {"button": menu}, agentid=AGENT)
    assert page.state()["menu"] == menu
    page.post("menu", userid="lisi", **menu[0])
    page.post("menu", userid="lisi", type="scancode_push", key="SCAN")
    assert [heard["EventKey"] for heard in app.heard] == ["CHECK_IN", "SCAN"]
    assert app.heard[1]["ScanCodeInfo"]["ScanType"] == "qrcode"


@pytest.mark.parametrize(
    ("body", "to"),
    [
        ({"hours": 1}, START + timedelta(hours=1)),
        ({"morning": True}, START + timedelta(hours=8)),
        ({"to": "2026-03-05T07:30"}, START + timedelta(days=3, hours=7.5)),
        ({"to": "2026-03-02T09:00:00+08:00"}, START + timedelta(hours=1)),
    ],
)
def test_the_clock_moves(
    page: Page, clock: Clock, body: dict[str, Any], to: datetime
) -> None:
    assert page.post("clock", **body).status_code == 200
    assert clock.now == to
    assert page.state()["now"] == clock.now.isoformat(timespec="minutes")


def test_after_eight_the_next_morning_is_tomorrow(page: Page, clock: Clock) -> None:
    clock.move(hours=8)
    page.post("clock", morning=True)
    assert clock.now == START + timedelta(days=1, hours=8)


def test_faults_are_planned_and_cleared(page: Page, api: Api) -> None:
    page.post("fault", kind="limit")
    assert page.state()["faults"][0]["code"] == 45009
    assert api.send()["errcode"] == 45009
    for kind in FAULTS:
        assert page.post("fault", kind=kind).status_code == 200
    assert page.post("fault", kind="clear").get_json() == {"faults": []}
    assert api.send()["errcode"] == 0


def test_pictures_show_and_files_are_saved(page: Page, api: Api) -> None:
    picture = api.upload("image", samples.PNG, "卡.png")["media_id"]
    file = api.upload("file", b"<script>alert(1)</script>", "页.html")["media_id"]
    shown = page.http.get(f"/simulator/media/{picture}")
    assert shown.mimetype == "image/png"
    saved = page.http.get(f"/simulator/media/{file}")
    assert saved.mimetype == "application/octet-stream"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in saved.headers["Content-Security-Policy"]
    assert page.http.get("/simulator/media/x").status_code == 404


def test_what_was_recalled_is_not_told(page: Page, api: Api) -> None:
    sent = api.send(part={"content": "说错了"})
    api.post("message/recall", {"msgid": sent["msgid"]})
    (bubble,) = page.state()["bubbles"]
    assert bubble["recalled"]
    assert "说错了" not in str(bubble)


def test_people_and_groups_are_listed(page: Page, talk: World) -> None:
    talk.robots.add("key", "支部群")
    people = {person["userid"]: person for person in page.state()["people"]}
    assert people["WangFang"]["hint"] == "党员"
    assert people["weixin"]["wechat"]
    assert not people["hidden"]["reachable"]
    assert not people["unlicensed"]["reachable"]
    assert people["group:支部群"]["group"]


def test_a_page_waits_for_news(page: Page, talk: World) -> None:
    mark = talk.mark()
    teller = Thread(target=talk.say, args=("lisi", "来了"))
    teller.start()
    state = page.state(since=mark, wait=10)
    teller.join()
    assert state["waited"]
    assert state["bubbles"][0]["text"] == "来了"


def test_leaving_wakes_who_waits(page: Page, talk: World) -> None:
    leaver = Thread(target=talk.close)
    leaver.start()
    assert page.state(since=talk.mark(), wait=15)["bubbles"] == []
    leaver.join()


def test_a_fourth_page_asks_again_by_itself(talk: World, clock: Clock) -> None:
    web = Flask(__name__)
    web.register_blueprint(create_page(talk, now=clock))
    answers: list[bool] = []

    def wait() -> None:
        page = Page(web.test_client())
        answers.append(page.state(since=talk.mark(), wait=15)["waited"])
        talk.close()  # the first answer can only be of one that did not wait

    pages = [Thread(target=wait) for _ in range(4)]
    for each in pages:
        each.start()
    for each in pages:
        each.join()
    assert answers == [False, True, True, True]


def test_a_text_too_long_for_the_callback_is_told(page: Page, app: App) -> None:
    app.reply = lambda _: Response(status=413)
    told = page.post("say", userid="lisi", text="字" * 20_000).get_json()
    assert (told["ok"], told["fault"]) == (False, TOO_LONG)
