"""Signing in: by a link once, or WeCom; sessions turn, end, and are worth a right."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import delete, select

from bot.assistant.answering import Assistant
from bot.branch.console import links, sessions
from bot.branch.console.sessions import ConsoleSession
from bot.branch.people.members import Grant, Member, Role, grant
from bot.branch.people.tree import find_branch
from server.setup.wiring import build_assistant
from server.twin.world import World
from server.web import rate_limit
from server.web.app import create_app
from server.web.console import browsers, signing_in
from tests.fakes.clock import FakeClock
from tests.people import OTHER_BRANCH, find_member
from tests.server.browser import ADDRESS, Phone, state_of
from tests.server.console.visitor import Visitor
from tests.stage import Stage


def test_a_link_shows_whose_it_is_and_lets_in_once(visitor: Visitor) -> None:
    link = visitor.link("zhaomin")
    for _ in range(2):  # a chat's preview opens it and uses nothing up
        assert "赵敏" in visitor.get(link).text
    assert visitor.post(link).location == "/console/"
    assert visitor.get("/console/").status_code == 200
    again = Visitor(visitor.assistant)
    for answer in (again.get(link), again.post(link)):
        assert (answer.status_code, links.USED in answer.text) == (403, True)
    assert again.get("/console/").status_code == 401


def test_a_link_lasts_ten_minutes(visitor: Visitor, clock: FakeClock) -> None:
    link = visitor.link("zhaomin")
    clock.wait(minutes=10)
    assert links.OVER in visitor.post(link).text
    assert links.OVER in visitor.post("/console/enter/invented").text


def test_a_new_link_takes_the_place_of_the_old(visitor: Visitor) -> None:
    old, new = visitor.link("zhaomin"), visitor.link("zhaomin")
    assert visitor.post(old).status_code == 403
    assert visitor.post(new).status_code == 303


def test_the_chat_gives_links_to_who_may(stage: Stage, visitor: Visitor) -> None:
    said = stage.say("赵敏", "打开后台")
    address = said.splitlines()[-1]
    assert address.startswith(f"{ADDRESS}/console/enter/")
    assert visitor.post(address.removeprefix(ADDRESS)).status_code == 303
    assert "/console/enter/" in stage.say("陈静", "打开后台")
    for name in ("王芳", "刘洋", "何雪"):
        assert "/console/" not in stage.say(name, "打开后台")


def test_who_has_no_office_is_not_let_in(
    visitor: Visitor, assistant: Assistant
) -> None:
    link = visitor.link("chenjing")
    with assistant.storage.write() as session:
        chen = find_member(session, "陈静")
        session.execute(delete(Grant).where(Grant.member_id == chen.id))
    for answer in (visitor.get(link), visitor.post(link)):
        assert (answer.status_code, links.NOT_YOURS in answer.text) == (403, True)


def test_wecom_lets_in_whom_it_has_just_recognised(
    assistant: Assistant, world: World, clock: FakeClock
) -> None:
    phone = Phone(assistant, world, "zhaomin")
    phone.open("/m/notices/1")
    clock.wait(minutes=2)  # what the browser remembers of her is no sign-in
    asked = phone.get("/m/console")
    assert asked.status_code == 302
    came = phone.come_back(state_of(asked))
    let_in = phone.get(came.location)
    assert (let_in.status_code, let_in.location) == (303, "/console/")
    assert phone.get("/console/").status_code == 200
    member = Phone(assistant, world, "wangfang")
    assert links.NOT_YOURS in member.open("/m/console").text
    assert member.get("/console/").status_code == 401


def test_a_browser_of_wecom_is_led_to_it(assistant: Assistant) -> None:
    inside = Visitor(assistant, "Mozilla/5.0 (iPhone) wxwork/4.1 MicroMessenger")
    assert inside.get("/console/").location == "/m/console"


# --- how long it lasts


def test_idle_and_absolute_end(secretary: Visitor, clock: FakeClock) -> None:
    for _ in range(12):
        clock.wait(minutes=59)
        assert secretary.get("/console/").status_code == 200
    clock.wait(minutes=13)
    assert sessions.LASTED in secretary.get("/console/").text
    secretary.sign_in("zhaomin")
    clock.wait(minutes=60)
    assert sessions.IDLE_OVER in secretary.get("/console/").text


def test_the_token_turns_and_the_former_is_worth_nothing(
    secretary: Visitor, assistant: Assistant, clock: FakeClock
) -> None:
    former = secretary.cookie(browsers.TOKEN)
    clock.wait(minutes=31)
    assert secretary.get("/console/").status_code == 200
    new = secretary.cookie(browsers.TOKEN)
    assert new != former
    thief = copy_of(secretary, former)
    assert thief.get("/console/").status_code == 200  # sent before the answer came
    assert thief.cookie(browsers.TOKEN) == former  # and it is told no new one
    assert secretary.get("/console/").status_code == 200
    assert thief.get("/console/").status_code == 401


def test_a_new_token_that_never_arrived_is_given_again(
    secretary: Visitor, clock: FakeClock
) -> None:
    former = secretary.cookie(browsers.TOKEN)
    clock.wait(minutes=31)
    secretary.get("/console/")  # its answer is lost on the way
    lost = copy_of(secretary, former)
    clock.wait(minutes=2)
    assert lost.get("/console/").status_code == 200
    assert lost.cookie(browsers.TOKEN) not in ("", former)
    assert lost.get("/console/").status_code == 200


def copy_of(visitor: Visitor, token: str) -> Visitor:
    """Another browser with the same cookies, but for the token."""
    copy = Visitor(visitor.assistant)
    values = {
        browsers.TOKEN: token,
        browsers.BROWSER: visitor.cookie(browsers.BROWSER),
    }
    for name, value in values.items():
        copy.client.set_cookie(name, value, domain="branch.example.org")
    return copy


@pytest.mark.parametrize("name", [browsers.TOKEN, browsers.BROWSER])
def test_one_cookie_without_the_other_is_nobody(secretary: Visitor, name: str) -> None:
    secretary.client.delete_cookie(name, domain="branch.example.org")
    assert secretary.get("/console/").status_code == 401


def test_cookies_are_closed_to_others(visitor: Visitor) -> None:
    told = visitor.post(visitor.link("zhaomin")).headers.getlist("Set-Cookie")
    assert len(told) == 2
    for each in told:
        assert {"HttpOnly", "Secure", "SameSite=Lax"} <= set(each.split("; "))


def test_the_database_holds_no_token(secretary: Visitor, assistant: Assistant) -> None:
    token = secretary.cookie(browsers.TOKEN)
    with assistant.storage.read() as session:
        (row,) = session.scalars(select(ConsoleSession)).all()
    assert token not in (row.digest, row.former)
    assert row.device == "Windows 电脑上的Chrome"


# --- what it is worth


def test_rights_are_asked_at_each_request(
    secretary: Visitor, assistant: Assistant
) -> None:
    """Whoever is moved, demoted or gone is out with the next click."""
    secretary.get("/console/account/")
    with assistant.storage.write() as session:
        zhao = find_member(session, "赵敏")
        other = find_branch(session, OTHER_BRANCH)
        assert other
        session.execute(delete(Grant).where(Grant.member_id == zhao.id))
        grant(session, zhao, Role.SECRETARY, other)
    told = secretary.get("/console/")
    assert (told.status_code, sessions.MOVED in told.text) == (401, True)
    assert secretary.post("/console/account/sign-out").status_code == 401


def test_who_left_is_out(secretary: Visitor, assistant: Assistant) -> None:
    with assistant.storage.write() as session:
        find_member(session, "赵敏").state = "left"
    assert secretary.get("/console/").status_code == 401


def test_signing_out_here_and_everywhere(assistant: Assistant) -> None:
    office, home = Visitor(assistant), Visitor(assistant)
    for each in (office, home):
        each.sign_in("zhaomin")
    shown = office.get("/console/account/").text
    assert shown.count("Windows 电脑上的Chrome") >= 2
    office.post("/console/account/sign-out-everywhere")
    for each in (office, home):
        assert each.get("/console/").status_code == 401
    office.sign_in("zhaomin")
    office.get("/console/account/")
    assert office.post("/console/account/sign-out").status_code == 303
    assert office.cookie(browsers.TOKEN) == ""
    assert office.get("/console/").status_code == 401


def test_others_devices_are_others(assistant: Assistant) -> None:
    zhao, chen = Visitor(assistant), Visitor(assistant)
    zhao.sign_in("zhaomin")
    chen.sign_in("chenjing")
    with assistant.storage.read() as session:
        number = session.scalar(
            select(ConsoleSession.id)
            .join(Member, Member.id == ConsoleSession.member_id)
            .where(Member.name == "赵敏")
        )
    chen.get("/console/account/")
    chen.post(f"/console/account/devices/{number}/end")
    assert zhao.get("/console/").status_code == 200


def test_who_guesses_links_waits(visitor: Visitor) -> None:
    gate = rate_limit.Gate(lambda: 0.0)
    visitor.client.application.extensions["gate"] = gate
    guesses = [
        visitor.get(f"/console/enter/{number}").status_code
        for number in range(rate_limit.MISSED + 2)
    ]
    assert guesses == [403] * rate_limit.MISSED + [429] * 2


@pytest.mark.thorough
def test_who_clicks_too_fast_waits(secretary: Visitor) -> None:
    secretary.client.application.extensions["gate"] = rate_limit.Gate(lambda: 0.0)
    told = [secretary.get("/console/").status_code for _ in range(121)]
    assert told == [200] * 120 + [429]


def test_without_wecom_there_is_no_console(assistant: Assistant) -> None:
    config = assistant.config.model_copy(update={"wecom": None})
    bare = Assistant(**{**vars(assistant), "config": config})
    told = create_app(bare).test_client().get("/console/sign-in")
    assert (told.status_code, signing_in.NOT_SET_UP in told.text) == (404, True)


def test_a_computer_is_let_in_by_wecoms_code(
    assistant: Assistant, world: World
) -> None:
    """Where the settings say that WeCom shows one (path/98152)."""
    wecom = assistant.config.wecom
    assert wecom
    asked = Phone(assistant, world, "zhaomin").get("/m/console/scan")
    assert asked.location == "/console/sign-in"
    config = assistant.config.model_copy(
        update={"wecom": wecom.model_copy(update={"qr_login": True})}
    )
    scanning = build_assistant(config, storage=assistant.storage, clock=assistant.clock)
    assert "用企业微信扫码" in Visitor(scanning).get("/console/sign-in").text
    browser = Phone(scanning, world, "zhaomin")
    where = urlsplit(browser.get("/m/console/scan").location)
    query = {name: values[0] for name, values in parse_qs(where.query).items()}
    state = query.pop("state")
    assert where._replace(query="").geturl() == (
        "https://login.work.weixin.qq.com/wwlogin/sso/login"
    )
    assert query == {
        "login_type": "CorpApp",
        "appid": wecom.corp_id,
        "agentid": str(wecom.agent_id),
        "redirect_uri": f"{ADDRESS}/m/login",
    }
    came = browser.come_back(state)
    assert browser.get(came.location).location == "/console/"
    assert browser.get("/console/").status_code == 200
