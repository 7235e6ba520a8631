"""Pictures, voices and files that WeCom keeps for three days (path/90253)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from server.twin.errcode import Errcode

LIVES = timedelta(days=3)
MEGA = 1024 * 1024
SMALLEST = 6
LARGEST = {"image": 10 * MEGA, "voice": 2 * MEGA, "video": 10 * MEGA, "file": 20 * MEGA}
PNG, JPEG, GIF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8"
AMR = b"#!AMR"


@dataclass(frozen=True)
class Medium:
    id: str
    kind: str
    name: str
    content: bytes
    at: datetime
    robot: str = ""  # the key of the only robot that may use it

    @property
    def disposition(self) -> str:
        """How a browser is told to save it, in any script (RFC 5987)."""
        return f"attachment; filename*=UTF-8''{quote(self.name, safe='')}"

    @property
    def mimetype(self) -> str:
        for start, name in (
            (PNG, "image/png"),
            (JPEG, "image/jpeg"),
            (GIF, "image/gif"),
        ):
            if self.content.startswith(start):
                return name
        return "application/octet-stream"


def is_picture(content: bytes) -> bool:
    return content.startswith((PNG, JPEG))


def _has_its_format(kind: str, content: bytes) -> bool:
    match kind:
        case "image":
            return is_picture(content)
        case "voice":
            return content.startswith(AMR)
        case "video":
            return content[4:8] == b"ftyp"
    return True


class Shelf:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self._media: dict[str, Medium] = {}

    def upload(self, kind: str, name: str, content: bytes, robot: str = "") -> Medium:
        """Take what an app uploads, if kind, size and format are right."""
        if kind not in LARGEST or (robot and kind not in ("file", "voice")):
            raise Errcode(40004)
        if len(content) < SMALLEST:
            raise Errcode(40006)
        if len(content) > LARGEST[kind]:
            raise Errcode(45001)
        if not _has_its_format(kind, content):
            raise Errcode(40005)
        return self.put(kind, name, content, robot)

    def put(self, kind: str, name: str, content: bytes, robot: str = "") -> Medium:
        """Keep what a member's phone sends, without the app's limits."""
        medium = Medium(
            secrets.token_urlsafe(32), kind, name, content, self.clock(), robot
        )
        self.put_back(medium)
        return medium

    def put_back(self, medium: Medium) -> None:
        """Keep one that was kept before, under the name it had."""
        self._media[medium.id] = medium

    def find(self, media_id: object, kind: str = "", robot: str = "") -> Medium:
        medium = self._media.get(str(media_id))
        if medium is None or medium.robot != robot or kind not in ("", medium.kind):
            raise Errcode(40007)
        if self.clock() - medium.at >= LIVES:
            raise Errcode(40007)
        return medium

    def seen(self, media_id: str) -> Medium | None:
        """Find what a phone has shown: that stays, also after three days."""
        return self._media.get(media_id)
