"""How one comes into the console, and how the browser is known afterwards.

Two cookies: the session's token, and what the browser is called. From the latter comes
what every form carries; it outlasts the session, so that a form that was open when the
session ended can be sent after signing in again, by the same person and no other.
"""

import hmac

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from bot.branch.console import links, sessions
from bot.channels.wecom import WeCom
from bot.errors import Refusal
from server.web.console import browsers
from server.web.console.browsers import TOKEN
from server.web.console.page import TEXTS
from server.web.pages.answers import PageRefusal
from server.web.pages.identity import (
    TOO_FAST,
    public_url,
    the_assistant,
    the_moment,
)
from server.web.places import prefix_of
from server.web.rate_limit import address_of, share_of, the_gate

OPEN = frozenset(
    f"console.{each}" for each in ("sign_in", "ask_to_enter", "enter", "static")
)
NOT_OURS = "这张表单不是从您现在的登录里打开的，没有办。请回到后台重新打开。"
NOT_SET_UP = "后台要先在设置里配好企业微信（[wecom]）才能用。"


def recognise() -> Response | None:
    """Note in `g` who asks; whoever is not signed in is led to where one is."""
    if request.endpoint == "console.static":
        return None
    if the_assistant().config.wecom is None:  # its secret signs what browsers keep
        raise PageRefusal(404, NOT_SET_UP)
    if request.endpoint in OPEN:
        return None
    return _recognise()


def _recognise() -> Response | None:
    g.browser, token = browsers.known(), request.cookies.get(TOKEN, "")
    try:
        with the_assistant().storage.read() as session:
            known = sessions.find(session, token, the_moment())
        if g.browser is None or g.browser[0] != known.member_id:
            raise sessions.SignedOut(sessions.NOBODY)
        if known.stale:
            with the_assistant().storage.write() as session:
                g.new_token = sessions.touch(session, token, the_moment())
    except sessions.SignedOut as refusal:
        return _turn_away(str(refusal))
    if not the_gate().pages.take(f"console:{known.member_id}"):
        raise PageRefusal(429, TOO_FAST)
    g.known, g.form = known, browsers.form_of(*g.browser)
    g.userid = f"console:{known.member_id}"
    return None


def keep_signed_in(response: Response) -> Response:
    """Give the browser the new token where the old one's time was over."""
    if new := g.pop("new_token", None):
        browsers.set_cookie(response, TOKEN, new)
    return response


def is_ours(given: str) -> bool:
    """Tell whether a form was made for this person in this browser."""
    return hmac.compare_digest(given.encode(), str(g.get("form", "")).encode())


def hold(why: str) -> Response:
    """Keep what was typed in a form that came after the session's end."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if value]
    shown = [value for name, value in fields if name not in ("form", "once", "seen")]
    page = render_template(
        "console/held.html",
        why=why,
        fields=fields,
        shown=shown,
        files=any(each.filename for each in request.files.values()),
        ways=_ways(),
    )
    return make_response(page, 401)


def sign_in() -> ResponseReturnValue:
    return render_template("console/sign_in.html", why="", ways=_ways())


def ask_to_enter(own_part: str) -> ResponseReturnValue:
    """Show whose link it is; only the button uses it up, no preview of a chat does."""
    share = _ration()
    with the_assistant().storage.read() as session:
        name = links.look(session, own_part, the_moment()).called
    the_gate().missed.give_back(share)
    return render_template("console/enter.html", name=name)


def enter(own_part: str) -> ResponseReturnValue:
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise PageRefusal(403, NOT_OURS)
    share = _ration()
    with the_assistant().storage.write() as session:
        member = links.use(session, own_part, the_moment())
        number = member.id
        token = sessions.begin(
            session, member, browsers.describe_device(), the_moment()
        )
    the_gate().missed.give_back(share)
    return let_in(number, token)


def let_in(member_id: int, token: str) -> Response:
    """Lead to the first page, with the cookies of a session that has begun."""
    response = redirect(url_for("console.today-show_today"), 303)
    browsers.name_for(response, member_id)
    browsers.set_cookie(response, TOKEN, token)
    return response


def let_out(response: Response) -> Response:
    """Take back all by which this browser is known, also to the members' pages."""
    path = prefix_of(public_url()) or "/"
    for name in (TOKEN, "xiangyang"):
        response.delete_cookie(name, path=path)
    return response


def _turn_away(why: str) -> Response:
    """Show where to sign in; what was sent from a page of ours is kept."""
    if request.method == "POST":
        if g.browser is not None:
            request.max_content_length = TEXTS
            g.form = browsers.form_of(*g.browser)
            if is_ours(request.form.get("form", "")):
                return hold(why)
        raise PageRefusal(401, why)
    if _is_phone() and public_url():
        return redirect(url_for("pages.enter_console"))
    page = render_template("console/sign_in.html", why=why, ways=_ways())
    return make_response(page, 401)


def _is_phone() -> bool:
    """Whether WeCom itself shows the page: it says who looks without being asked."""
    return "wxwork" in request.headers.get("User-Agent", "")


def _ways() -> dict[str, str]:
    """Name how one may sign in here, each with its address."""
    wecom = the_assistant().channels.get("wecom")
    if not isinstance(wecom, WeCom) or not public_url():
        return {}
    ways = {"在企业微信里打开": url_for("pages.enter_console")}
    settings = the_assistant().config.wecom
    if settings and settings.qr_login:
        ways["用企业微信扫码"] = url_for("pages.scan_to_enter")
    return ways


def _ration() -> str:
    """Have whoever guesses links wait; return the share that what is good costs not."""
    trusted = the_assistant().config.server.trusted_proxies
    share = share_of(address_of(request.environ, trusted))
    if not the_gate().missed.take(share):
        raise PageRefusal(429, TOO_FAST)
    return share


def explain(error: Refusal, status: int) -> ResponseReturnValue:
    """Say why somebody is not in, and how one comes in."""
    page = render_template("console/sign_in.html", why=str(error), ways=_ways())
    return page, status
