"""Member pages: for those who are meant, recognised by WeCom; silent to others."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant.answering import Assistant
from bot.branch.notices import notices, reach
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk, State
from bot.branch.notices.receipts import Receipt
from bot.branch.people.audience import Audience
from bot.branch.people.members import add_member, link
from bot.branch.people.tree import Branch
from bot.branch.personal_data import removal
from bot.config.settings import Config
from bot.delivery.deliver import Delivery
from bot.storage.database import Storage
from server.setup.wiring import build_assistant
from server.twin.people import Member as Colleague
from server.twin.world import World
from server.web import rate_limit
from server.web.pages.answers import NOTHING, NOTHING_SENT, POLICY, TROUBLE
from server.web.pages.identity import STALE, STRANGER, TOO_FAST, TOO_MANY, UNREACHABLE
from server.web.pages.links import link_up
from server.web.pages.notices import NOT_HERE
from tests.fakes.clock import FakeClock
from tests.people import BRANCH, find_member
from tests.server.browser import ADDRESS, Phone, is_sentence, state_of, with_pages

NOTICE = (
    "周三下午两点在301开支部大会。\n材料：https://example.org/a?b=1&c=2，<b>请先看</b>"
)


@pytest.fixture
def config(config: Config) -> Config:
    return with_pages(config)


@pytest.fixture
def phone(assistant: Assistant, world: World) -> Phone:
    return Phone(assistant, world, "wangfang")


def publish(assistant: Assistant, text: str = NOTICE, **draft: object) -> int:
    """Send a notice to the branch and all below it; return its number."""
    with assistant.storage.write() as session:
        branch = session.query(Branch).filter_by(name=BRANCH).one()
        author = find_member(session, "赵敏")
        made = replace(Draft(text, Audience(branch.id)), **draft)  # type: ignore[arg-type]
        desk = Desk(author, branch, assistant.config.server.public_url)
        return notices.publish(session, desk, made, assistant.clock.now()).id


@pytest.fixture
def number(assistant: Assistant) -> int:
    return publish(assistant)


def receipts(assistant: Assistant) -> list[tuple[str, datetime]]:
    with assistant.storage.read() as session:
        return [(each.how, each.at) for each in session.query(Receipt)]


def test_the_card_leads_to_the_whole_notice(
    assistant: Assistant, clock: FakeClock, world: World, phone: Phone, number: int
) -> None:
    world.callback_url = ADDRESS  # cards with buttons need one (43012)
    Delivery(assistant.storage, clock, assistant.senders).deliver_all()
    card = world.phone("wangfang").pushed()[-1].card or {}
    assert card["card_action"] == {"type": 1, "url": f"{ADDRESS}/m/notices/{number}"}
    clock.wait(minutes=5)
    shown = phone.open(card["card_action"]["url"])
    assert shown.status_code == 200
    for told in (
        f"{BRANCH} · 赵敏 · 3月2日（周一）08:00 · 通知",
        "周三下午两点在301开支部大会。\n",
        '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer nofollow"'
        ">https://example.org/a?b=1&amp;c=2</a>，&lt;b&gt;请先看&lt;/b&gt;",
        '<button type="submit">收到</button>',
    ):
        assert told in shown.text
    assert receipts(assistant) == [("look", clock.now())]


def test_only_what_is_pressed_is_an_answer(
    assistant: Assistant, clock: FakeClock, phone: Phone, number: int
) -> None:
    """Who only opened the page is still asked, and told of as such."""
    path = f"/m/notices/{number}"
    phone.open(path)
    assert figures(assistant, number) == (0, 1)
    clock.wait(minutes=5)
    assert phone.post(path).status_code == 303
    assert receipts(assistant) == [("page", clock.now())]
    assert figures(assistant, number) == (1, 0)
    assert "已记下您收到了这条通知" in phone.open(path).text
    assert figures(assistant, number) == (1, 0)


def figures(assistant: Assistant, number: int) -> tuple[int, int]:
    """Give how many answered a notice, and how many only opened it."""
    with assistant.storage.read() as session:
        status = reach.status(session, notices.find(session, number))
        silent = reach.silent(session, status.notice, 20)
        assert ("王芳" in silent.first) == (status.acknowledged == 0)
        return status.acknowledged, status.opened


def test_who_is_unknown_goes_to_wecom(
    phone: Phone, number: int, config: Config
) -> None:
    response = phone.get(f"/m/notices/{number}")
    where = urlsplit(response.location)
    assert where._replace(query="").geturl() == (
        "https://open.weixin.qq.com/connect/oauth2/authorize#wechat_redirect"
    )
    query = {name: values[0] for name, values in parse_qs(where.query).items()}
    assert re.fullmatch("[A-Za-z0-9]{16,128}", query.pop("state"))
    assert config.wecom
    assert query == {
        "appid": config.wecom.corp_id,
        "redirect_uri": f"{ADDRESS}/m/login",
        "response_type": "code",
        "scope": "snsapi_base",
        "agentid": str(config.wecom.agent_id),
    }


def test_who_is_known_is_not_asked_again(
    assistant: Assistant, clock: FakeClock, world: World, phone: Phone, number: int
) -> None:
    phone.open(f"/m/notices/{number}")
    first = receipts(assistant)
    clock.wait(hours=11)
    assert phone.get(f"/m/notices/{number}").status_code == 200
    assert receipts(assistant) == first
    assert world.calls["auth/getuserinfo"] == 1
    clock.wait(hours=1)
    assert phone.get(f"/m/notices/{number}").status_code == 302


def test_another_process_knows_the_member_too(
    assistant: Assistant, world: World, phone: Phone, number: int
) -> None:
    phone.open(f"/m/notices/{number}")
    cookie = phone.client.get_cookie("xiangyang", domain="branch.example.org")
    assert cookie
    other = Phone(assistant, world, "wangfang")
    for value, status in ((cookie.value, 200), (cookie.value[:-3] + "xyz", 302)):
        other.client.set_cookie("xiangyang", value, domain="branch.example.org")
        assert other.get(f"/m/notices/{number}").status_code == status


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_cookies_are_closed_to_all_others(
    config: Config, storage: Storage, clock: FakeClock, world: World, scheme: str
) -> None:
    address = f"{scheme}://branch.example.org"
    server = config.server.model_copy(update={"public_url": address})
    config = config.model_copy(update={"server": server})
    phone = Phone(build_assistant(config, storage=storage, clock=clock), world, "liwei")
    login = phone.get("/m/notices/1")
    for response in (login, phone.come_back(state_of(login))):
        flags = response.headers["Set-Cookie"].split("; ")
        assert {"HttpOnly", "SameSite=Lax"} <= set(flags)
        assert ("Secure" in flags) == (scheme == "https")


# --- who may not read it


def test_a_notice_for_others_is_none(
    assistant: Assistant, world: World, number: int
) -> None:
    sunli = Phone(assistant, world, "sunli")
    assert is_sentence(sunli.open(f"/m/notices/{number}"), 404, NOT_HERE)
    for none in (number + 1, 2**63, "x"):
        assert is_sentence(sunli.get(f"/m/notices/{none}"), 404, NOT_HERE)
    assert receipts(assistant) == []


@pytest.mark.parametrize("state", [State.AWAITING, State.WITHDRAWN])
def test_a_notice_that_is_not_out_is_none(
    assistant: Assistant, phone: Phone, number: int, state: State
) -> None:
    with assistant.storage.write() as session:
        notices.find(session, number).state = state
    assert is_sentence(phone.open(f"/m/notices/{number}"), 404, NOT_HERE)
    assert receipts(assistant) == []


def test_a_notice_opens_at_its_time(
    assistant: Assistant, clock: FakeClock, phone: Phone
) -> None:
    number = publish(assistant, goes_at=clock.now() + timedelta(hours=1))
    assert is_sentence(phone.open(f"/m/notices/{number}"), 404, NOT_HERE)
    clock.wait(hours=1)
    assert "09:00" in phone.open(f"/m/notices/{number}").text


@pytest.mark.parametrize("userid", ["stranger", "nobody-in-the-company"])
def test_strangers(
    assistant: Assistant, world: World, number: int, userid: str
) -> None:
    stranger = Phone(assistant, world, userid)
    for _ in range(2):
        assert is_sentence(stranger.open(f"/m/notices/{number}"), 403, STRANGER)
    assert receipts(assistant) == []


def test_who_left_since(assistant: Assistant, phone: Phone, number: int) -> None:
    phone.open(f"/m/notices/{number}")
    with assistant.storage.write() as session:
        find_member(session, "王芳").state = "left"
    assert is_sentence(phone.get(f"/m/notices/{number}"), 403, STRANGER)


def test_who_has_the_account_since_does_not_read_on(
    assistant: Assistant, phone: Phone, number: int, clock: FakeClock
) -> None:
    """A browser remembers a person for hours; the account may be another's by then."""
    phone.open(f"/m/notices/{number}")
    with assistant.storage.write() as session:
        wang = find_member(session, "王芳")
        removal.remove(session, wang, "", clock.now())
        branch = session.get_one(Branch, wang.branch_id)
        link(add_member(session, "王蕾", branch, clock.now()), "wangfang")
    assert is_sentence(phone.get(f"/m/notices/{number}"), 403, STRANGER)


# --- logins that are none


def test_a_code_is_good_once(phone: Phone, world: World) -> None:
    code = world.tokens.give_code("zhaomin")
    for status in (302, 400):
        phone.client.delete_cookie("xiangyang", domain="branch.example.org")
        state = state_of(phone.get("/m/notices/1"))
        assert phone.come_back(state, code).status_code == status


@pytest.mark.parametrize("code", ["", "invented", "x" * 513])
def test_codes_that_are_none(phone: Phone, code: str) -> None:
    state = state_of(phone.get("/m/notices/1"))
    assert is_sentence(phone.come_back(state, code), 400, STALE)


def test_an_old_code(phone: Phone, world: World, clock: FakeClock) -> None:
    code = world.tokens.give_code("wangfang")
    clock.wait(minutes=5)
    state = state_of(phone.get("/m/notices/1"))
    assert is_sentence(phone.come_back(state, code), 400, STALE)


@pytest.mark.parametrize("state", ["", "0" * 32, "党"])
def test_a_forged_state(phone: Phone, world: World, state: str) -> None:
    """Nobody is logged in as another by a link."""
    phone.get("/m/notices/1")
    assert is_sentence(phone.come_back(state), 400, STALE)
    assert world.calls["auth/getuserinfo"] == 0


def test_a_state_of_another_browser(
    assistant: Assistant, world: World, phone: Phone
) -> None:
    state = state_of(Phone(assistant, world, "liwei").get("/m/notices/1"))
    assert is_sentence(phone.come_back(state), 400, STALE)


def test_a_state_is_good_once_and_for_ten_minutes(
    phone: Phone, clock: FakeClock
) -> None:
    state = state_of(phone.get("/m/notices/1"))
    assert phone.come_back(state).location == f"{ADDRESS}/m/notices/1"
    assert is_sentence(phone.come_back(state), 400, STALE)
    clock.wait(hours=13)
    state = state_of(phone.get("/m/notices/1"))
    clock.wait(minutes=10)
    assert is_sentence(phone.come_back(state), 400, STALE)


def test_a_state_shown_again_is_not_taken_again(phone: Phone, world: World) -> None:
    """The cookie is the browser's, which may keep an old one."""
    state = state_of(phone.get("/m/notices/1"))
    kept = phone.client.get_cookie("xiangyang", domain="branch.example.org")
    assert kept
    assert phone.come_back(state).status_code == 302
    for _ in range(20):
        phone.client.set_cookie("xiangyang", kept.value, domain="branch.example.org")
        assert is_sentence(phone.come_back(state), 400, STALE)
    assert world.calls["auth/getuserinfo"] == 1


def test_who_guesses_codes_is_rationed_and_nobody_else(
    assistant: Assistant, world: World, phone: Phone
) -> None:
    def log_in(far: str, code: str) -> int:
        browser = Phone(assistant, world, "wangfang")
        browser.client.application.extensions["gate"] = gate
        browser.client.environ_base["REMOTE_ADDR"] = far
        return browser.come_back(
            state_of(browser.get("/m/notices/1")), code
        ).status_code

    gate = rate_limit.Gate(lambda: 0.0)
    guesses = [log_in("2001:db8::5", "guess") for _ in range(rate_limit.MISSED + 5)]
    assert guesses.count(400) == rate_limit.MISSED
    assert guesses[-5:] == [429] * 5
    assert world.calls["auth/getuserinfo"] == rate_limit.MISSED
    code = world.tokens.give_code
    assert log_in("2001:db8::6", code("wangfang")) == 429  # the same site
    for _ in range(2 * rate_limit.MISSED):  # a whole campus
        assert log_in("203.0.113.7", code("wangfang")) == 302


@pytest.mark.parametrize(
    "path",
    [
        "/m/notices/1%0d%0aSet-Cookie:%20a=b",
        "/m/notices/%0a",
        "/m/enclose/x%0d",
        "/m/notices/%00",
        "/m/notices/a%3fb%23c%20%22",
        "/m/notices/党",
        "/m/notices/%ff%fe",
        "/m/enclose/%e2%80%a8",
    ],
)
def test_odd_paths_are_pages_that_are_none(phone: Phone, path: str) -> None:
    login = phone.get(path)
    assert login.status_code == 302
    back = phone.come_back(state_of(login))
    assert back.status_code == 302
    assert back.location.startswith(f"{ADDRESS}/m/")
    assert back.location.isascii()
    shown = phone.get(back.location.removeprefix(ADDRESS))
    assert shown.status_code in (404, 410)
    for told in (phone.post(path), phone.post(path, choice="去")):
        assert told.status_code in (403, 404, 410), path


def test_a_path_longer_than_any_of_ours(phone: Phone) -> None:
    """A cookie that is too large would be dropped, and the login begin for ever."""
    assert is_sentence(phone.get("/m/notices/" + "1" * 5000), 404, NOTHING)


@pytest.mark.parametrize("kept", ["", "/branch"])
def test_an_address_with_a_path(
    assistant: Assistant, world: World, number: int, kept: str
) -> None:
    """The proxy may take the path off, or leave it."""
    whole = f"{ADDRESS}/branch"
    server = assistant.config.server.model_copy(update={"public_url": whole})
    config = assistant.config.model_copy(update={"server": server})
    phone = Phone(replace(assistant, config=config), world, "wangfang")
    phone.client = phone.client.application.test_client(use_cookies=False)
    asked = f"{kept}/m/notices/{number}"
    login = phone.get(asked)
    assert quote(f"{whole}/m/login", safe="") in login.location
    cookie = login.headers["Set-Cookie"]
    assert "Path=/branch" in cookie
    code = world.tokens.give_code("wangfang")
    query = {"code": code, "state": state_of(login)}
    came = phone.client.get(
        f"{kept}/m/login",
        base_url=ADDRESS,
        query_string=query,
        headers={"Cookie": cookie.partition(";")[0]},
    )
    assert came.location == f"{whole}/m/notices/{number}"
    cookie = came.headers["Set-Cookie"].partition(";")[0]
    shown = phone.client.get(asked, base_url=ADDRESS, headers={"Cookie": cookie})
    assert shown.status_code == 200
    assert 'href="/branch/m/static/pages.css"' in shown.text
    for path, status in (
        (f"{kept}/m/static/pages.css", 200),
        (f"{kept}/healthz", 200),
        (f"{kept}/wecom/callback", 403),
        ("/branches/healthz", 404),
    ):
        told = phone.get(path)
        told.close()
        assert told.status_code == status, path


def test_wecom_does_not_answer(phone: Phone, world: World) -> None:
    world.faults.add("auth/getuserinfo", "errcode", code=-1)
    state = state_of(phone.get("/m/notices/1"))
    assert is_sentence(phone.come_back(state), 503, UNREACHABLE)


@pytest.mark.parametrize(("length", "asked"), [(0, 0), (512, 1), (513, 0)])
def test_a_code_of_no_length_or_too_much_is_not_asked_about(
    phone: Phone, world: World, length: int, asked: int
) -> None:
    state = state_of(phone.get("/m/notices/1"))
    assert is_sentence(phone.come_back(state, "c" * length), 400, STALE)
    assert world.calls["auth/getuserinfo"] == asked


# --- what is shown instead


@pytest.mark.parametrize(
    "changes",
    [{"server": {"public_url": ""}}, {"wecom": None}],
)
def test_without_an_address_or_an_app_there_are_no_pages(
    config: Config,
    storage: Storage,
    clock: FakeClock,
    world: World,
    changes: Mapping[str, object],
) -> None:
    server = config.server.model_copy(update=changes.get("server", {}))  # type: ignore[arg-type]
    config = config.model_copy(update={**changes, "server": server})
    phone = Phone(build_assistant(config, storage=storage, clock=clock), world, "liwei")
    for path in ("/m/notices/1", "/m/login?code=x&state=y"):
        assert is_sentence(phone.get(path), 404, NOTHING)


@pytest.mark.parametrize("path", ["/m/", "/m/nothing/here"])
def test_pages_that_are_none(phone: Phone, path: str) -> None:
    assert is_sentence(phone.get(path), 404, NOTHING)


@pytest.mark.parametrize("path", ["/m/", "/m/nothing/here", "/m/me"])
def test_what_is_sent_where_nothing_is_taken(phone: Phone, path: str) -> None:
    answer = phone.client.post(path, base_url=ADDRESS, data={"words": "x"})
    assert is_sentence(answer, 405, NOTHING_SENT)


def test_looking_at_the_head_is_no_receipt(
    assistant: Assistant, phone: Phone, number: int
) -> None:
    phone.open("/m/notices/999")
    head = phone.client.head(f"/m/notices/{number}", base_url=ADDRESS)
    assert head.status_code == 405
    assert receipts(assistant) == []


@pytest.mark.parametrize(
    ("content", "status"), [(b"no database" * 99, 503), (b"", 500)]
)
def test_a_broken_database(
    assistant: Assistant,
    world: World,
    phone: Phone,
    tmp_path: Path,
    content: bytes,
    status: int,
) -> None:
    """Damaged, or without its tables: a sentence, and nothing of the inside."""
    phone.open("/m/notices/999")
    cookie = phone.client.get_cookie("xiangyang", domain="branch.example.org")
    assert cookie
    path = tmp_path / "broken.db"
    path.write_bytes(content)
    broken = Storage(f"sqlite:///{path}")
    lost = Phone(replace(assistant, storage=broken), world, "wangfang")
    lost.client.set_cookie("xiangyang", cookie.value, domain="branch.example.org")
    assert is_sentence(lost.get("/m/notices/1"), status, TROUBLE)
    broken.close()


def test_every_answer_is_hardened(phone: Phone, number: int) -> None:
    login = phone.get(f"/m/notices/{number}")
    answers = [
        login,
        phone.come_back(state_of(login)),
        phone.get(f"/m/notices/{number}"),
        phone.get("/m/notices/999"),
        phone.get("/m/nothing"),
    ]
    assert [each.status_code for each in answers] == [302, 302, 200, 404, 404]
    for response in answers:
        assert response.headers["Content-Security-Policy"] == POLICY
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_brings_its_own_style_and_nothing_else(
    phone: Phone, number: int
) -> None:
    text = phone.open(f"/m/notices/{number}").text
    assert re.findall(r'(?:src|href)="([^"]*)"', text)[:1] == ["/m/static/pages.css"]
    assert "<script" not in text
    assert "style=" not in text
    with phone.get("/m/static/pages.css") as style:
        assert style.mimetype == "text/css"
        assert style.headers["Content-Security-Policy"] == POLICY
        assert "url(" not in style.get_data(as_text=True)


def test_a_correction_says_so(assistant: Assistant, phone: Phone, number: int) -> None:
    corrected = publish(assistant, "改到周四", corrects=number)
    shown = phone.open(f"/m/notices/{corrected}").text
    assert "<title>更正：改到周四</title>" in shown
    assert re.search(r"更正\d+月\d+日（周.）\d\d:\d\d的“.+”", shown)


def test_a_corrected_notice_begins_with_what_stands(
    assistant: Assistant, clock: FakeClock, phone: Phone, number: int
) -> None:
    publish(assistant, "改到周四", corrects=number)
    later = publish(assistant, "改到301", corrects=number)
    waits = clock.now() + timedelta(days=1)
    publish(assistant, "还没发的", corrects=number, goes_at=waits)
    shown = phone.open(f"/m/notices/{number}").text.partition("<article>")[2]
    assert shown.index("改到301") < shown.index("改到周四") < shown.index("在301开")
    assert "已更正" in shown[: shown.index("改到301")]
    assert "还没发的" not in shown
    shown = phone.open(f"/m/notices/{later}").text.partition("<article>")[2]
    assert "已更正" not in shown
    assert shown.index("改到301") < shown.index("原通知（以更正为准）")
    assert len(receipts(assistant)) == 1


def test_the_answer_of_a_page_is_the_matter_s_with_its_reason(
    assistant: Assistant, phone: Phone
) -> None:
    first = publish(assistant, "周五植树", choices=("能参加", "请假"))
    later = publish(assistant, "改到周六", choices=("能参加", "请假"), corrects=first)
    form = re.search(
        r'name="form" value="([^"]+)"', phone.open(f"/m/notices/{first}").text
    )
    assert form
    said = {"form": form[1], "choice": "请假", "note": " 孩子发烧 "}
    assert phone.post(f"/m/notices/{first}", **said).status_code == 303
    assert "您的回复：请假" in phone.open(f"/m/notices/{later}").text
    with assistant.storage.read() as session:
        (kept,) = session.query(Receipt)
        assert (kept.notice_id, kept.choice, kept.note) == (first, "请假", "孩子发烧")


# --- texts with addresses


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("见https://a.cn/b。好", ["https://a.cn/b"]),
        ("https://a.cn, http://b.cn.", ["https://a.cn", "http://b.cn"]),
        ("(https://a.cn/x_(y))", ["https://a.cn/x_(y)"]),
        ('https://a.cn/"onclick="x', ["https://a.cn/"]),
        ("javascript:alert(1) data:text/html,x //a.cn", []),
        ("HTTPS://A.CN/", ["HTTPS://A.CN/"]),
    ],
)
def test_addresses_are_links(text: str, addresses: list[str]) -> None:
    assert re.findall('href="([^"]*)"', link_up(text)) == addresses


TEXTS = st.lists(
    st.sampled_from(
        ["<", ">", '"', "'", "&", "&amp;", "http://", "https://a.cn/", "党"]
    )
    | st.sampled_from(["<script>", "</a>", "javascript:", ")", "(", ".", " ", "\n"])
    | st.text(max_size=3)
).map("".join)


@settings(deadline=None, max_examples=50)
@given(TEXTS)
def test_nothing_of_a_text_is_lost_or_works(text: str) -> None:
    linked = str(link_up(text))
    plain = re.sub(
        r'<a href="(https?://[^"<>]*)" rel="noopener noreferrer nofollow">\1</a>',
        r"\1",
        linked,
        flags=re.IGNORECASE,
    )
    assert "<" not in plain
    assert ">" not in plain
    assert '"' not in plain
    assert unescape(plain) == text or "\r" in text or "\0" in text


def test_who_opens_too_fast_is_asked_to_wait(phone: Phone, number: int) -> None:
    phone.open(f"/m/notices/{number}")
    gate = phone.client.application.extensions["gate"]
    gate.pages.take("wangfang", cost=2 * rate_limit.PAGES)  # more comes every moment
    refused = phone.get(f"/m/notices/{number}")
    assert is_sentence(refused, 429, TOO_FAST)
    assert refused.headers["Retry-After"] == "60"


def test_codes_of_strangers_are_rationed_like_wrong_ones(
    assistant: Assistant, world: World
) -> None:
    """WeCom knows them, the branch does not: each costs a question and a look."""
    world.add_member(Colleague("outsider", "外人"))
    stranger = Phone(assistant, world, "outsider")
    told = [
        stranger.come_back(state_of(stranger.get("/m/notices/1"))).status_code
        for _ in range(rate_limit.MISSED + 3)
    ]
    assert told[0] == 403
    assert told[-1] == 429


def test_too_many_logins_at_once_spare_wecom(phone: Phone) -> None:
    gate = phone.client.application.extensions["gate"]
    state = state_of(phone.get("/m/notices/1"))
    gate.logins.take("all", cost=2 * rate_limit.LOGINS)
    assert is_sentence(phone.come_back(state), 429, TOO_MANY)
