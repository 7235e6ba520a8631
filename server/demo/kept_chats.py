"""What a kept folder holds beside the books: the chats on the phones, and the hour.

One JSON file: {"now": ISO time, "bubbles": [{"owner", "at", "kind", ...}], "media":
[{"id", "kind", "name", "at", "content" in base64}]}, the bubbles oldest first.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from server.twin.media import Medium
from server.twin.phones import Bubble
from server.twin.world import World

NAME = "chats.json"
WRITTEN = frozenset(each.name for each in fields(Bubble)) - {"number"}


def read_now(folder: Path) -> datetime | None:
    """Read what the demo's clock said at last; None where nothing was kept."""
    kept = _read(folder)
    return datetime.fromisoformat(kept["now"]) if kept else None


def save_chats(folder: Path, world: World) -> None:
    """Write all phones down, whole or not at all."""
    with world.lock:
        pairs = sorted(
            (
                (phone.owner, bubble)
                for phone in world.phones.all()
                for bubble in (*phone.bubbles, *phone.unseen)
            ),
            key=lambda pair: pair[1].number,
        )
        told = {
            "now": world.clock().isoformat(),
            "bubbles": [_describe(owner, bubble) for owner, bubble in pairs],
        }
        shown = {bubble.media_id for _, bubble in pairs}
    media = [world.shelf.seen(each) for each in sorted(shown)]
    told["media"] = [_pack(each) for each in media if each]
    half = folder / f"{NAME}.half"
    half.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    half.replace(folder / NAME)


def load_chats(folder: Path, world: World) -> None:
    """Put back on the phones what was kept, if anything was."""
    kept = _read(folder)
    if kept is None:
        return
    for each in kept["media"]:
        content = b64decode(each.pop("content"))
        at = datetime.fromisoformat(each.pop("at"))
        world.shelf.put_back(Medium(**each, at=at, content=content))
    for each in kept["bubbles"]:
        owner, at = each.pop("owner"), datetime.fromisoformat(each.pop("at"))
        world.phones.put(world.phone(owner), Bubble(at, **each))


def _read(folder: Path) -> dict[str, Any] | None:
    path = folder / NAME
    if not path.exists():
        return None
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def _describe(owner: str, bubble: Bubble) -> dict[str, Any]:
    told = {name: getattr(bubble, name) for name in WRITTEN}
    return {**told, "owner": owner, "at": bubble.at.isoformat()}


def _pack(medium: Medium) -> dict[str, Any]:
    content = b64encode(medium.content).decode()
    return {**asdict(medium), "at": medium.at.isoformat(), "content": content}
