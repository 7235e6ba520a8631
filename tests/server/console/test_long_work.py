"""Long work shows how far it is, gives what it made, and stopped leaves nothing."""

from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from bot.assistant.answering import Assistant
from bot.progress import Step
from server.web.console.long_work import (
    ONE_BY_ONE,
    STOPPED,
    Work,
    add_works,
    the_works,
)
from tests.server.console.visitor import Visitor

PEOPLE = "/console/people/"
ROWS = "".join(f"党员{name},u{at}\n" for at, name in enumerate("甲乙丙丁"))
TABLE = f"姓名,企业微信账号\n{ROWS}"


@pytest.fixture
def hurried(secretary: Visitor) -> Visitor:
    """Whoever is led to the page that shows how far it is at once."""
    add_works(secretary.client.application, patience=0.0)
    return secretary


def works_of(visitor: Visitor) -> list[Work]:
    with visitor.client.application.app_context():
        return the_works().every()


def send_roster(visitor: Visitor) -> str:
    """Send a roster; return the address of the page that shows how far it is."""
    visitor.get(f"{PEOPLE}import")
    led = upload(visitor)
    assert led.status_code == 303, led.text
    return led.location


def upload(visitor: Visitor) -> TestResponse:
    file = (BytesIO(TABLE.encode()), "名册.csv")
    return visitor.post(f"{PEOPLE}import/upload", file=file)


def finish(visitor: Visitor) -> None:
    for each in works_of(visitor):
        assert each.over.wait(20)


def test_a_roster_is_taken_in_beside_the_request(hurried: Visitor) -> None:
    page = send_roster(hurried)
    finish(hurried)
    preview = hurried.get(page)
    assert "新加 4" in preview.text
    number = preview.text.partition('name="number" value="')[2].partition('"')[0]
    led = hurried.post(f"{PEOPLE}import", number=number)
    finish(hurried)
    done = hurried.follow(hurried.get(led.location))
    assert "导入好了：新加 4 人" in done.text


def test_a_file_is_given_when_it_is_made(hurried: Visitor) -> None:
    led = hurried.get("/console/records/service/ledger.xlsx")
    finish(hurried)
    assert "存下来" in hurried.get(led.location).text
    assert hurried.get(f"{led.location}/file").data[:2] == b"PK"


def test_it_is_shown_how_far_it_is_and_stopped(hurried: Visitor) -> None:
    hurried.get(f"{PEOPLE}import")
    with hurried.assistant.storage.write():  # it waits its turn to write
        page = send_roster(hurried)
        shown = hurried.get(page)
        assert shown.headers["Refresh"] == "2"
        assert "正在开始" in shown.text
        second = upload(hurried)
        assert (second.status_code, ONE_BY_ONE in second.text) == (429, True)
        assert "正在停下" in hurried.follow(hurried.post(f"{page}/stop")).text
    finish(hurried)
    assert STOPPED in hurried.get(page).text
    assert "党员甲" not in hurried.get(PEOPLE).text


def test_what_is_far_is_told_with_its_figures(hurried: Visitor) -> None:
    with hurried.assistant.storage.write():
        page = send_roster(hurried)
        works_of(hurried)[0].hear(Step("核对名册", 3, 12))
        shown = hurried.get(page).text
        assert "核对名册：25%（3 / 12）" in shown
        assert '<progress aria-label="核对名册" max="12" value="3">' in shown
    finish(hurried)


def test_it_is_nobody_elses(hurried: Visitor) -> None:
    send_roster(hurried)
    finish(hurried)
    works = works_of(hurried)
    assert works[0].member_id
    with hurried.client.application.app_context():
        found = the_works().find(works[0].key, works[0].member_id + 1)
    assert found is None
    assert hurried.get("/console/progress/unknown").status_code == 404


def test_another_process_says_so_and_has_it_asked_again(
    hurried: Visitor, assistant: Assistant
) -> None:
    """Of two behind one address, the browser comes to either."""
    page = send_roster(hurried)
    finish(hurried)
    other = Visitor(assistant)
    other.sign_in("zhaomin")
    asked, times = page, 0
    while (shown := other.get(asked)).headers.get("Refresh"):
        assert "另一个服务进程在办" in shown.text
        asked, times = shown.headers["Refresh"].partition("url=")[2], times + 1
    assert (times, "可能服务重启过" in shown.text) == (30, True)
    assert "新加 4" in hurried.get(asked).text
