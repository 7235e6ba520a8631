"""Our pages opened in WeChat: the account says whose phone it is."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from bot import outbox
from bot.assistant.answering import Assistant
from bot.config.settings import Config
from server.twin.official.account import Account
from server.web.app import create_app
from tests.official.conftest import with_pages
from tests.people import find_member
from tests.stage import Stage

URL = "https://party.example"
WECHAT = "Mozilla/5.0 (iPhone) MicroMessenger/8.0.40"
WECOM = f"{WECHAT} wxwork/4.1"


@pytest.fixture
def config(config: Config) -> Config:
    return with_pages(config, URL)


@pytest.fixture
def page(stage: Stage, account: Account) -> str:
    """The path of a notice's page."""
    with stage.assistant.storage.write() as session:
        number = find_member(session, "王芳").id
        assert outbox.bind(session, number, "official", "oWang", stage.clock.now())
        assert outbox.prefer(session, number, "official")
    account.say("oWang", "帮助")
    stage.say("赵敏", "通知全体党员：周五下午两点在201开会，收到请回复")
    stage.say("赵敏", "确认")
    stage.arrived()
    (text,) = [e.text for e in account.phone("oWang").pushed() if "周五" in e.text]
    found = re.search(rf"{URL}(/\S+)", text)
    assert found
    return found[1]


def browse(assistant: Assistant) -> FlaskClient:
    return create_app(assistant).test_client()


def open_page(
    browser: FlaskClient, path: str, code: str, agent: str = WECHAT
) -> tuple[str, str]:
    """Open a page with a code for its login; tell who was asked, and the page."""
    headers = {"User-Agent": agent}
    sent = browser.get(path, base_url=URL, headers=headers)
    assert sent.status_code == 302
    query = parse_qs(urlsplit(sent.location).query)
    by = "wecom" if "agentid" in query else "official"
    back = browser.get(
        f"/m/login?code={code}&state={query['state'][0]}", base_url=URL, headers=headers
    )
    if back.status_code != 302:
        return by, back.get_data(as_text=True)
    shown = browser.get(urlsplit(back.location).path, base_url=URL, headers=headers)
    return by, shown.get_data(as_text=True)


def test_a_follower_is_recognised(stage: Stage, account: Account, page: str) -> None:
    browser = browse(stage.assistant)
    by, shown = open_page(browser, page, account.tokens.give_code("oWang"))
    assert by == "official"
    assert "周五下午两点" in shown
    with stage.assistant.storage.write() as session:
        outbox.unbind(session, find_member(session, "王芳").id, "official")
    again = browser.get(page, base_url=URL, headers={"User-Agent": WECHAT})
    assert again.status_code == 403


def test_within_wecom_wecom_is_asked(stage: Stage, account: Account, page: str) -> None:
    code = stage.world.tokens.give_code("wangfang")
    by, shown = open_page(browse(stage.assistant), page, code, WECOM)
    assert by == "wecom"
    assert "周五下午两点" in shown


def test_who_is_not_bound_is_asked_for_by_wecom(
    stage: Stage, account: Account, page: str
) -> None:
    browser, headers = browse(stage.assistant), {"User-Agent": WECHAT}
    sent = browser.get(page, base_url=URL, headers=headers)
    state = parse_qs(urlsplit(sent.location).query)["state"][0]
    code = account.tokens.give_code("oLi")
    back = browser.get(
        f"/m/login?code={code}&state={state}", base_url=URL, headers=headers
    )
    assert "agentid" in back.location


def test_a_code_is_good_once(stage: Stage, account: Account, page: str) -> None:
    code = account.tokens.give_code("oWang")
    open_page(browse(stage.assistant), page, code)
    _, shown = open_page(browse(stage.assistant), page, code)
    assert "已经失效" in shown
