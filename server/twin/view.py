"""The world as the page draws it: people, their bubbles, the menu, the weather."""

from datetime import datetime
from typing import Any

from server.twin.official.account import PHONE
from server.twin.phones import Bubble
from server.twin.world import World

MOST_BUBBLES = 3000


def describe_world(state: World, since: int, now: datetime) -> dict[str, Any]:
    with state.lock:
        changed = list(state.phones.since(since))[-MOST_BUBBLES:]
        return {
            "revision": state.mark(),
            "now": now.isoformat(timespec="minutes"),
            "people": _people(state),
            "menu": state.menu,
            "faults": state.faults.planned(),
            "sent": len(state.outgoing.sent),
            "tokens": state.tokens.fetched,
            "bubbles": [_draw(state, owner, bubble) for owner, bubble in changed],
        }


def _people(state: World) -> list[dict[str, Any]]:
    people = [
        {
            "userid": member.userid,
            "name": member.name,
            "hint": member.position,
            "wechat": member.wechat_plugin,
            "reachable": member.reachable and member.licensed,
            "group": False,
        }
        for member in state.people.all()
    ]
    groups = [
        {"userid": f"group:{name}", "name": name, "hint": "群机器人", "group": True}
        for name in state.robots.groups.values()
    ]
    robots = state.robot_phones.describe() if state.robot_phones else []
    return people + _followers(state) + robots + groups


def _followers(state: World) -> list[dict[str, Any]]:
    """List those who have WeChat, as a second phone of theirs."""
    if state.account is None:
        return []
    return [
        {
            "userid": f"{PHONE}{each.openid}",
            "name": each.name,
            "hint": f"公众号“{state.account.name}”",
            "wechat": True,
            "account": state.account.name,
            "reachable": each.follows,
            "group": False,
        }
        for each in state.account.followers.values()
    ]


def _draw(state: World, owner: str, bubble: Bubble) -> dict[str, Any]:
    medium = state.shelf.seen(bubble.media_id)
    drawn: dict[str, Any] = {
        "phone": owner,
        "number": bubble.number,
        "at": bubble.at.isoformat(timespec="minutes"),
        "mine": bubble.from_member,
        "kind": bubble.kind,
        "recalled": bubble.recalled,
    }
    if bubble.recalled:
        return drawn
    return drawn | {
        "text": bubble.text,
        "card": bubble.card,
        "button": bubble.button,
        "media": bubble.media_id,
        "file": medium.name if medium else "",
        "size": len(medium.content) if medium else 0,
        "picture": bool(medium and medium.mimetype.startswith("image/")),
    }
