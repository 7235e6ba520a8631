"""Template cards: what WeCom accepts of the five kinds, field by field (path/90236)."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from server.twin.errcode import Errcode

Card = Mapping[str, Any]
TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
INTERACTIVE = frozenset(
    ("button_interaction", "vote_interaction", "multiple_interaction")
)
MISSING_TITLE, BAD_ACTION, MISSING_URL, MISSING_APPID = 42033, 42045, 42028, 42030


def check_card(card: Card, *, update: bool = False) -> None:
    """Refuse a card with the code of its first fault; an update needs no task id."""
    kind = card.get("card_type")
    if kind not in CHECKS:
        raise Errcode(42031)
    _check_lists(card)
    CHECKS[str(kind)](card)
    if not update and calls_back(card):
        _check_task_id(card)
    if kind in INTERACTIVE and kind != "button_interaction":
        _check_submit(card, optional=update)


def check_robot_card(card: Card) -> None:
    """Refuse what a group robot cannot send (path/99110)."""
    if card.get("card_type") not in ("text_notice", "news_notice"):
        raise Errcode(42031)
    if "action_menu" in card:
        raise Errcode(40058)
    if card["card_type"] == "news_notice" and not _text(card, "card_image", "url"):
        raise Errcode(42044)
    check_card(card)


def calls_back(card: Card) -> bool:
    """Whether clicks on it reach the app, and so it can be updated."""
    return card.get("card_type") in INTERACTIVE or "action_menu" in card


def button_keys(card: Card) -> list[str]:
    """List the keys of all that can be pressed on a card."""
    pressed = [*_list(card, "button_list"), *_list(card, "action_menu", "action_list")]
    pressed += [card["submit_button"]] if card.get("submit_button") else []
    return [str(button["key"]) for button in pressed if button.get("key")]


def read_card(card: Card) -> str:
    """Tell the card as a reader would read it aloud, a line for each part."""
    parts = [_text(card, "main_title", "title"), _text(card, "main_title", "desc")]
    parts += [str(card.get("sub_title_text", ""))]
    parts += [
        f"{line.get('keyname', '')}：{line.get('value', '')}"
        for line in _list(card, "horizontal_content_list")
    ]
    parts += [_text(card, "quote_area", "quote_text")]
    for line in _list(card, "vertical_content_list"):
        parts += [str(line.get("title", "")), str(line.get("desc", ""))]
    return "\n".join(part for part in parts if part)


def _text(card: Card, *path: str) -> str:
    value: Any = card
    for name in path:
        value = value.get(name, "") if isinstance(value, Mapping) else ""
    return str(value)


def _list(card: Card, *path: str) -> list[Any]:
    value: Any = card
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, list) else []


def _short(value: object, most: int) -> bool:
    return isinstance(value, str) and 1 <= len(value.encode()) <= most


def _need(right: object, code: int) -> None:
    if not right:
        raise Errcode(code)


def _check_task_id(card: Card) -> None:
    _need(TASK_ID.fullmatch(str(card.get("task_id", ""))), 42014)


def _check_title(card: Card) -> None:
    _need(_text(card, "main_title", "title"), MISSING_TITLE)


def _check_target(target: Any, code: int) -> None:
    """Check a thing that opens something: 1 a page, 2 a mini program."""
    _need(isinstance(target, Mapping), code)
    match target.get("type", 0):
        case 0:
            return
        case 1:
            _need(target.get("url"), MISSING_URL)
        case 2:
            _need(target.get("appid"), MISSING_APPID)
        case _:
            raise Errcode(code)


def _check_action(card: Card) -> None:
    _check_target(card.get("card_action"), BAD_ACTION)
    _need(card["card_action"].get("type") in (1, 2), BAD_ACTION)


def _check_text_notice(card: Card) -> None:
    _check_action(card)
    _need(_text(card, "main_title", "title") or card.get("sub_title_text"), 42033)


def _check_news_notice(card: Card) -> None:
    _check_title(card)
    _check_action(card)
    picture = _text(card, "card_image", "url")
    _need(picture or _text(card, "image_text_area", "image_url"), 42044)


def _check_button_interaction(card: Card) -> None:
    _check_title(card)
    buttons = card.get("button_list")
    _need(isinstance(buttons, list) and 1 <= len(buttons) <= 6, 42038)
    for button in buttons or []:
        _need(button.get("text"), 42038)
        if button.get("type", 0) == 1:
            _need(button.get("url"), MISSING_URL)
        else:
            _need(_short(button.get("key"), 1024), 42039)
    if "card_action" in card:
        _check_target(card["card_action"], BAD_ACTION)
    if "button_selection" in card:
        _check_question(card["button_selection"], most=10)


def _check_vote(card: Card) -> None:
    _check_title(card)
    _need(isinstance(card.get("checkbox"), Mapping), 42043)
    _check_question(card["checkbox"], most=20)


def _check_multiple(card: Card) -> None:
    _check_title(card)
    selects = card.get("select_list")
    _need(isinstance(selects, list) and 1 <= len(selects) <= 3, 42047)
    for select in selects or []:
        _check_question(select, most=10)


def _check_question(question: Card, most: int) -> None:
    _need(_short(question.get("question_key"), 1024), 42043)
    options = question.get("option_list")
    _need(isinstance(options, list) and 1 <= len(options) <= most, 42037)
    for option in options or []:
        _need(_short(option.get("id"), 128), 42040)
        _need(option.get("text"), 42041)


def _check_submit(card: Card, *, optional: bool) -> None:
    button = card.get("submit_button")
    if button is None and optional:
        return
    _need(_text(card, "submit_button", "text"), 42049)
    _need(_short(_text(card, "submit_button", "key"), 1024), 42046)


def _check_lists(card: Card) -> None:
    for name, most, code, check in LISTS:
        if name in card:
            lines = card[name]
            _need(isinstance(lines, list) and len(lines) <= most, code)
            for line in lines:
                check(line)
    if "action_menu" in card:
        _check_menu(_list(card, "action_menu", "action_list"))


def _check_menu(actions: list[Any]) -> None:
    _need(1 <= len(actions) <= 3, 40058)
    keys = [action.get("key") for action in actions]
    _need(all(_short(key, 1024) for key in keys), 42039)
    _need(len(set(keys)) == len(keys), 42051)


def _check_horizontal(line: Card) -> None:
    _need(line.get("keyname"), 42027)
    needs = {1: ("url", 42028), 2: ("media_id", 42029), 3: ("userid", 42050)}
    if line.get("type") in needs:
        name, code = needs[line["type"]]
        _need(line.get(name), code)


def _check_vertical(line: Card) -> None:
    _need(line.get("title"), MISSING_TITLE)


def _check_jump(line: Card) -> None:
    _need(line.get("title"), MISSING_TITLE)
    _check_target(line, 40058)


LISTS: tuple[tuple[str, int, int, Callable[[Card], None]], ...] = (
    ("horizontal_content_list", 6, 42035, _check_horizontal),
    ("vertical_content_list", 4, 42036, _check_vertical),
    ("jump_list", 3, 42042, _check_jump),
)
CHECKS: dict[str, Callable[[Card], None]] = {
    "text_notice": _check_text_notice,
    "news_notice": _check_news_notice,
    "button_interaction": _check_button_interaction,
    "vote_interaction": _check_vote,
    "multiple_interaction": _check_multiple,
}
