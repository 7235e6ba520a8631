"""The app's menu: what menu/create accepts (path/90231)."""

from collections.abc import Mapping
from typing import Any

from server.twin.errcode import Errcode

TAPS = frozenset(
    [
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    ]
)
TOP, SUB = 0, 7  # a fault in a sub-menu: the code of the same fault above, plus 7
BUTTONS, TYPE, NAME, KEY, URL = 40016, 40017, 40018, 40019, 40020
TOP_URL_SCHEME, SUB_URL_SCHEME = 40055, 40054


def check_menu(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the buttons, or refuse with the code of the first fault."""
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise Errcode(BUTTONS)
    for button in buttons:
        _check_name(button, TOP, most=16)
        if subs := button.get("sub_button"):
            _check_subs(subs)
        else:
            _check_tap(button, TOP)
    return buttons


def _check_subs(subs: Any) -> None:
    if not isinstance(subs, list) or len(subs) > 5:
        raise Errcode(40023)
    for button in subs:
        _check_name(button, SUB, most=40)
        if button.get("sub_button"):
            raise Errcode(40022)
        _check_tap(button, SUB)


def _check_name(button: Mapping[str, Any], shift: int, most: int) -> None:
    if not 1 <= len(str(button.get("name", "")).encode()) <= most:
        raise Errcode(NAME + shift)


def _check_tap(button: Mapping[str, Any], shift: int) -> None:
    match button.get("type"):
        case "view":
            _check_url(str(button.get("url", "")), shift)
        case "view_miniprogram":
            if not button.get("appid") or not button.get("pagepath"):
                raise Errcode(40058)
        case kind if kind in TAPS:
            if not 1 <= len(str(button.get("key", "")).encode()) <= 128:
                raise Errcode(KEY + shift)
        case _:
            raise Errcode(TYPE + shift)


def _check_url(url: str, shift: int) -> None:
    if not 1 <= len(url.encode()) <= 1024:
        raise Errcode(URL + shift)
    if not url.startswith(("http://", "https://")):
        raise Errcode(SUB_URL_SCHEME if shift else TOP_URL_SCHEME)
