"""What a kept folder holds beside the books: the chats on the phones, and the hour.

One JSON file: {"now": ISO time, "bubbles": [{"owner", "at", "kind", ...}], "media":
[{"id", "kind", "name", "at", "content" in base64}]}, the bubbles oldest first.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from server.twin.media import Medium
from server.twin.phones import Bubble
from server.twin.world import World

NAME = "chats.json"
PAUSE = 0.5  # seconds between two writings, while there is much to write
HOUR_KEPT = 60.0  # seconds, until the hour alone is written down
WRITTEN = frozenset(each.name for each in fields(Bubble)) - {"number"}


def read_now(folder: Path) -> datetime | None:
    """Read what the demo's clock said at last; None where nothing was kept."""
    kept = _read(folder)
    return datetime.fromisoformat(kept["now"]) if kept else None


class KeptChats:
    """The file of a folder, which follows what the phones show, whatever ends us."""

    def __init__(self, folder: Path, world: World) -> None:
        self._folder, self._world = folder, world
        self._turn = Lock()

    def save(self) -> None:
        """Write all phones down, whole or not at all."""
        with self._turn:
            _save(self._folder, self._world)

    @contextmanager
    def following(self) -> Iterator[None]:
        """Write down what the phones show as soon as it changes, and at the end.

        The hour goes on without a message; it is not far behind the books' either.
        """
        mark = self._world.mark()
        self.save()
        Thread(target=self._follow, args=(mark,), daemon=True).start()
        try:
            yield
        finally:
            self.save()

    def _follow(self, mark: int) -> None:
        world = self._world
        while not world.closing.is_set():
            with world.lock:
                if world.mark() == mark:
                    world.lock.wait(HOUR_KEPT)
                mark = world.mark()
            self.save()
            world.closing.wait(PAUSE)


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


def _save(folder: Path, world: World) -> None:
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
