"""The demo's page of the days to come, as its visitor's browser sees it."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bot import outbox
from bot.assistant.answering import Assistant
from bot.config.settings import Config
from bot.outbox import Letter, QuietWish
from bot.storage.database import Storage
from server.demo.rehearsal_page import create_rehearsal
from server.setup.wiring import build_assistant
from tests.conftest import ZONE
from tests.fakes.clock import FakeClock
from tests.people import find_member

MONDAY = datetime(2026, 3, 2, tzinfo=ZONE)


@pytest.fixture
def assistant(config: Config, storage: Storage) -> Assistant:
    clock = FakeClock(MONDAY)
    return build_assistant(config, storage=storage, clock=clock, hears=False)


@pytest.fixture
def browser(assistant: Assistant) -> FlaskClient:
    web = Flask(__name__)
    web.register_blueprint(create_rehearsal(assistant, lambda: MONDAY))
    return web.test_client()


def test_a_day_is_told_by_who_gets_what(browser: FlaskClient, storage: Storage) -> None:
    with storage.write() as session:
        member = find_member(session, "陈静")
        outbox.mute(session, member.id, QuietWish("study", MONDAY))
    told = browser.get("/rehearsal/?from=2026-03-02&days=7").text
    day, rest = told.split("2026年3月2日（周一）", 1)[1].split("2026年3月3日", 1)
    assert "政治生日祝福" in day
    assert "王芳同志，政治生日快乐！" in day
    assert "附贺卡：政治生日-王芳-2026.png" in day
    assert "学习提醒" in rest
    assert '<span class="people">陈静</span> <mark>本人开了免打扰</mark>' in rest
    with storage.read() as session:
        assert session.scalar(select(func.count()).select_from(Letter)) == 0


def test_a_day_of_rest_is_marked(browser: FlaskClient, storage: Storage) -> None:
    with storage.write() as session:
        find_member(session, "王芳").joined = datetime(2011, 3, 7, tzinfo=ZONE).date()
        find_member(session, "王芳").joined_day = 307
    told = browser.get("/rehearsal/?from=2026-03-07&days=7").text
    saturday = told.split("2026年3月7日（周六） <small>休息日</small>", 1)[1]
    assert "<mark>节假日</mark>" in saturday.split("王芳同志", 1)[0]
    assert "节假日 1 处" in told


@pytest.mark.parametrize("asked", ["from=1999-01-01", "from=x", ""])
def test_nothing_is_lived_through_before_it_is_asked_for(
    browser: FlaskClient, asked: str
) -> None:
    told = browser.get(f"/rehearsal/?{asked}")
    assert told.status_code == 200
    assert 'value="2026-03-02" min="2026-03-02"' in told.text
    assert "共" not in told.text


def test_it_is_for_this_machine_and_may_ask_only_itself(browser: FlaskClient) -> None:
    assert (
        browser.get("/rehearsal/", headers={"Host": "evil.example"}).status_code == 403
    )
    policy = browser.get("/rehearsal/").headers["Content-Security-Policy"]
    assert "form-action 'self'" in policy
    assert "script-src 'self'" in policy
