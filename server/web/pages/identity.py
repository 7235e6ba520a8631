"""Who opens a page: WeCom tells us once (OAuth), a signed cookie remembers.

Signed, not kept: any process knows whom another has recognised, because the key is
made from the app's secret.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from flask import Flask, Request, current_app, g, redirect, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from sqlalchemy.orm import Session
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response

from bot.assistant.answering import Assistant
from bot.branch.people import members
from bot.branch.people.members import Member
from bot.channels.wecom import WeCom
from bot.config.settings import Config
from bot.errors import BadCallback, DeliveryError
from server.web.pages.answers import NOTHING, PageRefusal, drain
from server.web.places import prefix_of
from server.web.rate_limit import address_of, share_of, the_gate

STAYS = timedelta(hours=12)
LOGIN_LASTS = timedelta(minutes=10)
LONGEST_CODE, LONGEST_PATH = 512, 256
OPEN = frozenset(
    (
        *("pages.login", "pages.static", "pages.show_nothing"),
        *("pages.show_outside", "pages.send_outside"),
        *("pages.show_visit", "pages.take_visit"),
        *("pages.show_confirm", "pages.take_confirm"),
    )
)

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
    if config.wecom is None:
        return
    app.session_interface = _PageSessions()
    secret = config.wecom.secret.get_secret_value().encode()
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
    """Note in `g.userid` who asks; whom we do not know yet goes to WeCom first."""
    if request.endpoint == "pages.static":
        return None
    wecom = _wecom()  # without it, or without an address of ours, there are no pages
    if request.endpoint in OPEN:
        return None
    if request.method not in ("GET", "POST"):  # looking at the head is no reading
        raise MethodNotAllowed(["GET", "POST"])
    known = _remembered("member")
    if known is None or not known.keys() >= {"form", "member"}:
        return _send_to_login(wecom) if request.method == "GET" else _send_back()
    if not the_gate().pages.take(known["userid"]):
        raise PageRefusal(429, TOO_FAST)
    g.userid, g.form, g.member = known["userid"], known["form"], known["member"]
    return None


def check_form() -> None:
    """Refuse what was not written on a page that we gave this member."""
    given = request.form.get("form", "")
    if not hmac.compare_digest(given.encode(), str(g.form).encode()):
        raise PageRefusal(403, STALE)


def login() -> Response:
    """Take what WeCom says of the member, and go back to the page."""
    wecom = _wecom()
    path = _expected_path()
    userid = _ask_rationed(wecom, request.args.get("code", ""))
    with the_assistant().storage.read() as books:
        member = members.find(books, userid)
        if member is None:
            raise PageRefusal(403, STRANGER)
        number = member.id
    session.clear()
    session.permanent = True
    form = secrets.token_hex(16)
    _remember("member", STAYS, userid=userid, form=form, member=number)
    return redirect(page_address(path))


def the_reader(books: Session) -> Member:
    """Return who was recognised: not who has the account since. Raises PageRefusal."""
    member = members.find(books, g.userid)
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


def _send_to_login(wecom: WeCom) -> Response:
    state = secrets.token_hex(16)  # WeCom takes letters and digits only (path/91022)
    if len(request.path) > LONGEST_PATH:  # none of ours; a cookie holds so much only
        raise PageRefusal(404, NOTHING)
    _remember("login", LOGIN_LASTS, state=state, path=request.path)
    return redirect(wecom.login_address(f"{public_url()}/m/login", state))


def _send_back() -> Response:
    """Send nobody to WeCom from a form: what was written would be lost silently."""
    drain()
    raise PageRefusal(401, STALE)


def _expected_path() -> str:
    """Return where the login began; it began in this browser, or it is refused."""
    expected = _remembered("login")
    given = request.args.get("state", "")
    if expected is None or not hmac.compare_digest(
        given.encode(), str(expected["state"]).encode()
    ):
        raise PageRefusal(400, STALE)
    del session["login"]
    if not the_gate().use(given):
        raise PageRefusal(400, STALE)
    return str(expected["path"])


def _ask_rationed(wecom: WeCom, code: str) -> str:
    """Ask WeCom for whoever has something left; what comes to nothing costs it.

    One address may be a whole campus's, and one stranger's; all together WeCom limits.
    """
    gate = the_gate()
    trusted = the_assistant().config.server.trusted_proxies
    share = share_of(address_of(request.environ, trusted))
    if not gate.missed.take(share):
        raise PageRefusal(429, TOO_FAST)
    if not gate.logins.take("all"):
        gate.missed.give_back(share)
        raise PageRefusal(429, TOO_MANY)
    userid = _ask_wecom(wecom, code)
    gate.missed.give_back(share)
    return userid


def _ask_wecom(wecom: WeCom, code: str) -> str:
    if not 0 < len(code) <= LONGEST_CODE:
        raise PageRefusal(400, STALE)
    try:
        userid = wecom.identify(code)
    except BadCallback:
        raise PageRefusal(400, STALE) from None
    except DeliveryError as error:
        raise PageRefusal(503, UNREACHABLE) from error
    if userid is None:
        raise PageRefusal(403, STRANGER)
    return userid


def _remember(name: str, lasts: timedelta, **values: Any) -> None:
    until = the_assistant().clock.now() + lasts
    session[name] = values | {"until": until.isoformat()}


def _remembered(name: str) -> dict[str, Any] | None:
    return _still(session.get(name), the_assistant().clock.now())


def _still(kept: dict[str, Any] | None, now: datetime) -> dict[str, Any] | None:
    if kept is None or now >= datetime.fromisoformat(kept["until"]):
        return None
    return kept


def _wecom() -> WeCom:
    wecom = the_assistant().channels.get("wecom")
    if not isinstance(wecom, WeCom) or not public_url():
        raise PageRefusal(404, NOTHING)
    return wecom


def page_address(path: str) -> str:
    """Write the whole address of a page, whatever somebody put into its path."""
    return f"{public_url()}{quote(path)}"


def public_url() -> str:
    return the_assistant().config.server.public_url
