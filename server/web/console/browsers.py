"""How a browser is known: by what it was called when somebody signed in with it.

The name is signed, not kept: any process knows it. From it comes what every form
carries, which outlasts a session.
"""

import hmac
import re
from datetime import timedelta
from hashlib import sha256
from secrets import token_hex
from urllib.parse import urlencode

from flask import Flask, request
from werkzeug.http import parse_cookie
from werkzeug.wrappers import Response

from server.web.pages.identity import public_url, the_assistant
from server.web.places import prefix_of

TOKEN, BROWSER = "xiangyang_console", "xiangyang_browser"
LASTS = timedelta(days=30)
_NAME = re.compile(r"([0-9]{1,18})\.([0-9a-f]{32})\.([0-9a-f]{64})")
# What a browser says of itself, by what tells it from others: the first that fits.
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "安卓手机"),
    ("OpenHarmony", "鸿蒙手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)
BROWSERS = (
    ("wxwork", "企业微信"),
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def describe_device() -> str:
    """Say what sort of device asks, in words its owner knows it by."""
    told = request.headers.get("User-Agent", "")
    system = next((said for sign, said in SYSTEMS if sign in told), "别的设备")
    browser = next((said for sign, said in BROWSERS if sign in told), "浏览器")
    return f"{system}上的{browser}"


def known() -> tuple[int, str] | None:
    """Tell whose browser it is, and its name; None where we did not call it so."""
    return _read(request.cookies.get(BROWSER, ""))


def name_for(response: Response, member_id: int) -> None:
    """Call the browser somebody's, unless it is called so already."""
    kept = known()
    if kept is None or kept[0] != member_id:
        nonce = token_hex(16)
        value = f"{member_id}.{nonce}.{_seal('browser', member_id, nonce)}"
        set_cookie(response, BROWSER, value, LASTS)


def form_of(member_id: int, nonce: str) -> str:
    """Return what the forms carry that are made for somebody in this browser."""
    return _seal("form", member_id, nonce)


def set_cookie(
    response: Response, name: str, value: str, lasts: timedelta | None = None
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=lasts,
        path=prefix_of(public_url()) or "/",
        secure=public_url().startswith("https://"),
        httponly=True,
        samesite="Lax",
    )


def remembered_by(app: Flask, cookies: str) -> str | None:
    """Tell whose form is coming before it is read; None: nobody's of ours."""
    with app.app_context():
        found = _read(parse_cookie(cookies).get(BROWSER, ""))
    return found and f"console:{found[0]}"


def _read(value: str) -> tuple[int, str] | None:
    """Read what a browser is called, if we called it so."""
    hit = _NAME.fullmatch(value)
    if hit is None:
        return None
    member_id, nonce = int(hit[1]), hit[2]
    good = hmac.compare_digest(hit[3], _seal("browser", member_id, nonce))
    return (member_id, nonce) if good else None


def _seal(what: str, member_id: int, nonce: str) -> str:
    """Sign with a key made from the app's secret, which all processes know."""
    wecom = the_assistant().config.wecom
    secret = wecom.secret.get_secret_value() if wecom else ""
    said = urlencode({"console": what, "member": member_id, "nonce": nonce})
    return hmac.new(secret.encode(), said.encode(), sha256).hexdigest()
