"""Who opens a page: the platform tells us once (OAuth), a signed cookie remembers.

Signed, not kept: any process knows whom another has recognised, because the key is
made from the app's secret.
"""

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeAlias
from urllib.parse import quote

from flask import Flask, Request, current_app, g, redirect, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from sqlalchemy.orm import Session
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response

from bot.assistant.answering import Assistant
from bot.branch.people import members
from bot.branch.people.members import Member
from bot.channels.official import Official
from bot.channels.wecom import WeCom
from bot.config.settings import Config
from bot.errors import BadCallback, DeliveryError
from bot.outbox.ways import PEOPLE
from server.web.pages.answers import NOTHING, PageRefusal, drain
from server.web.places import prefix_of
from server.web.rate_limit import address_of, share_of, the_gate

Login: TypeAlias = WeCom | Official
"""Who can tell whose phone a page is opened on."""
STAYS = timedelta(hours=12)
LOGIN_LASTS = timedelta(minutes=10)
LONGEST_CODE, LONGEST_PATH = 512, 256
FRESH = timedelta(minutes=1)
OPEN = frozenset(
    f"pages.{each}"
    for each in (
        *("login", "static", "show_nothing", "take_nothing"),
        *("scan_to_enter", "send_calendar", "show_outside", "send_outside"),
        *("show_visit", "take_visit"),
        *("show_confirm", "take_confirm"),
    )
)
# Whoever signed out everywhere is not let in by what a browser remembers of her.
ASKED_ANEW = frozenset(("pages.enter_console",))

STALE = "这次打开已经失效，请回到企业微信，从通知里重新打开。"
TOO_FAST = "打开得太快了，请过一分钟再来。"
TOO_MANY = "现在打开的人太多了，请过一分钟再打开。"
UNREACHABLE = "企业微信暂时没有回应，请过一会儿再打开。"
STRANGER = "您不在本支部的名册里，看不了这个页面。如果您是本支部党员，请联系支部书记。"


class _PageSessions(SecureCookieSessionInterface):
    """Spares the callbacks, which have no cookies, the work of opening a session."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if _is_page(request) else None


def _is_page(request: Request) -> bool:
    return request.path.startswith("/m/")


def protect_sessions(app: Flask, config: Config) -> None:
    app_settings = config.wecom or config.official
    if app_settings is None:
        return
    app.session_interface = _PageSessions()
    secret = app_settings.secret.get_secret_value().encode()
    app.secret_key = hmac.digest(secret, b"xiangyang sessions", sha256)
    app.config.update(
        SESSION_COOKIE_NAME="xiangyang",
        SESSION_COOKIE_PATH=prefix_of(config.server.public_url) or "/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=config.server.public_url.startswith("https://"),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=STAYS,
    )


def remembered_by(app: Flask, cookies: str) -> str | None:
    """Tell whose a request is before it is read: by its cookies. None: nobody's."""
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/m/", "HTTP_COOKIE": cookies}
    kept = app.session_interface.open_session(app, app.request_class(environ))
    assistant: Assistant = app.extensions["assistant"]
    member = _still(kept.get("member") if kept else None, assistant.clock.now())
    return str(member["userid"]) if member else None


def recognise() -> Response | None:
    """Note in `g.userid` who asks; whom we do not know yet is recognised first."""
    if request.endpoint == "pages.static":
        return None
    logins = _logins()  # without one, or without an address of ours, no pages
    if request.endpoint in OPEN:
        return None
    if request.method not in ("GET", "POST"):  # looking at the head is no reading
        raise MethodNotAllowed(["GET", "POST"])
    known = _remembered("member")
    if request.endpoint in ASKED_ANEW and known and not _is_fresh(known):
        known = None
    if known is None or not known.keys() >= {"form", "member"}:
        if request.method != "GET":
            return _send_back()
        return _send_to_login(_first_login(logins), request.path)
    if not the_gate().pages.take(known["userid"]):
        raise PageRefusal(429, TOO_FAST)
    g.userid, g.form, g.member = known["userid"], known["form"], known["member"]
    g.openid = known.get("openid")
    return None


def check_form() -> None:
    """Refuse what was not written on a page that we gave this member."""
    given = request.form.get("form", "")
    if not hmac.compare_digest(given.encode(), str(g.form).encode()):
        raise PageRefusal(403, STALE)


def login() -> Response:
    """Take what the platform says of the reader, and go back to the page.

    Whoever is nobody's in WeChat may be in its plugin for WeCom: WeCom is asked too.
    """
    logins = _logins()
    path, by = _expected(logins)
    address, share = _ask_rationed(logins[by], request.args.get("code", ""))
    with the_assistant().storage.read() as books:
        member = members.find_in_thread(books, f"{by}:{address}")
        number, userid = (member.id, members.key_of(member)) if member else (0, "")
    elsewhere = by != PEOPLE and PEOPLE in logins
    if number or elsewhere:
        the_gate().missed.give_back(share)  # a stranger's code costs like a wrong one
    if not number:
        if elsewhere:
            return _send_to_login(PEOPLE, path)
        raise PageRefusal(403, STRANGER)
    session.clear()
    session.permanent = True
    form = secrets.token_hex(16)
    kept = {"userid": userid, "form": form, "member": number}
    if by != PEOPLE:
        kept["openid"] = address
    _remember("member", STAYS, **kept)
    return redirect(page_address(path))


def the_reader(books: Session) -> Member:
    """Return who was recognised: not who has the account since. Raises PageRefusal."""
    member = members.find(books, g.userid)
    if g.openid is not None:  # it may have been unbound since
        member = members.find_in_thread(books, f"official:{g.openid}")
    if member is None or member.id != g.member:
        raise PageRefusal(403, STRANGER)
    return member


def the_assistant() -> Assistant:
    assistant: Assistant = current_app.extensions["assistant"]
    return assistant


def the_moment() -> datetime:
    """Return now, where the branch is."""
    assistant = the_assistant()
    return assistant.clock.now().astimezone(assistant.config.timezone)


def send_to_scan(path: str) -> Response:
    """Send a computer to where its owner's phone says who it is, then to a page."""
    wecom = _logins().get(PEOPLE)
    if not isinstance(wecom, WeCom):
        raise PageRefusal(404, NOTHING)
    state = _expect(path, PEOPLE)
    return redirect(wecom.scan_address(f"{public_url()}/m/login", state))


def _send_to_login(by: str, path: str) -> Response:
    if len(path) > LONGEST_PATH:  # none of ours; a cookie holds so much only
        raise PageRefusal(404, NOTHING)
    state = _expect(path, by)
    return redirect(_logins()[by].login_address(f"{public_url()}/m/login", state))


def _first_login(logins: Mapping[str, Login]) -> str:
    """Choose who is asked first: WeChat's own browser knows an openid."""
    agent = request.headers.get("User-Agent", "")
    in_wechat = "MicroMessenger" in agent and "wxwork" not in agent
    if "official" in logins and (in_wechat or PEOPLE not in logins):
        return "official"
    return PEOPLE


def _expect(path: str, by: str) -> str:
    """Remember that this browser logs in, and for which page; return the state."""
    state = secrets.token_hex(16)  # WeCom takes letters and digits only (path/91022)
    _remember("login", LOGIN_LASTS, state=state, path=path, by=by)
    return state


def _is_fresh(known: dict[str, Any]) -> bool:
    """Tell whether WeCom said just now who it is."""
    began = datetime.fromisoformat(known["until"]) - STAYS
    return the_assistant().clock.now() - began < FRESH


def _send_back() -> Response:
    """Send nobody to WeCom from a form: what was written would be lost silently."""
    drain()
    raise PageRefusal(401, STALE)


def _expected(logins: Mapping[str, Login]) -> tuple[str, str]:
    """Return where the login began, and by whom; here it began, or it is refused."""
    expected = _remembered("login")
    given = request.args.get("state", "")
    if expected is None or not hmac.compare_digest(
        given.encode(), str(expected["state"]).encode()
    ):
        raise PageRefusal(400, STALE)
    del session["login"]
    if not the_gate().use(given):
        raise PageRefusal(400, STALE)
    by = str(expected.get("by", PEOPLE))
    if by not in logins:
        raise PageRefusal(400, STALE)
    return str(expected["path"]), by


def _ask_rationed(login: Login, code: str) -> tuple[str, str]:
    """Ask for whoever has something left; what comes to nothing costs it.

    Return who it is, and whose share it costs until it is known to be a member's.
    One address may be a whole campus's, and one stranger's; together they are limited.
    """
    gate = the_gate()
    trusted = the_assistant().config.server.trusted_proxies
    share = share_of(address_of(request.environ, trusted))
    if not gate.missed.take(share):
        raise PageRefusal(429, TOO_FAST)
    if not gate.logins.take("all"):
        gate.missed.give_back(share)
        raise PageRefusal(429, TOO_MANY)
    return _ask(login, code), share


def _ask(login: Login, code: str) -> str:
    if not 0 < len(code) <= LONGEST_CODE:
        raise PageRefusal(400, STALE)
    try:
        address = login.identify(code)
    except BadCallback:
        raise PageRefusal(400, STALE) from None
    except DeliveryError as error:
        raise PageRefusal(503, UNREACHABLE) from error
    if address is None:
        raise PageRefusal(403, STRANGER)
    return address


def _remember(name: str, lasts: timedelta, **values: Any) -> None:
    until = the_assistant().clock.now() + lasts
    session[name] = values | {"until": until.isoformat()}


def _remembered(name: str) -> dict[str, Any] | None:
    return _still(session.get(name), the_assistant().clock.now())


def _still(kept: dict[str, Any] | None, now: datetime) -> dict[str, Any] | None:
    if kept is None or now >= datetime.fromisoformat(kept["until"]):
        return None
    return kept


def _logins() -> Mapping[str, Login]:
    """Name the platforms that can tell who reads a page."""
    found = {
        name: channel
        for name, channel in the_assistant().channels.items()
        if isinstance(channel, WeCom | Official)
    }
    if not found or not public_url():
        raise PageRefusal(404, NOTHING)
    return found


def page_address(path: str) -> str:
    """Write the whole address of a page, whatever somebody put into its path."""
    return f"{public_url()}{quote(path)}"


def public_url() -> str:
    return the_assistant().config.server.public_url
