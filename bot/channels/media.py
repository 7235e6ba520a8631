"""Pictures and files: uploaded once in three days, again when they were forgotten."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ForeignKey, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import Clock
from bot.errors import DeliveryError
from bot.message import Picture
from bot.outbox import Outcome, attachments
from bot.outbox.attachments import Attachment
from bot.storage.database import Base, Storage, insert_new

# A media id lives three days (path/90253). Half a day to spare: what is claimed now may
# be tried again for hours.
GOOD_FOR = timedelta(days=2, hours=12)
FORGOTTEN = {40007, 40145}
FETCHED_AFTER = timedelta(seconds=10)


class Upload(Base):
    """Under which media id a platform knows an attachment, and until when."""

    __tablename__ = "upload"

    attachment_id: Mapped[int] = mapped_column(
        ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True
    )
    channel: Mapped[str] = mapped_column(primary_key=True)
    media_id: Mapped[str]
    good_until: Mapped[datetime]


class Client(Protocol):
    """What a platform lets one do with media."""

    def call(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, Any] | None = None,
        files: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Upload; the answer names the media id. Raises DeliveryError."""

    def download(self, media_id: str) -> bytes:
        """Fetch what a member sent. Raises DeliveryError."""


class Media:
    """What one channel uploads and fetches. name: of the platform, to members."""

    def __init__(
        self, client: Client, storage: Storage, clock: Clock, channel: str, name: str
    ) -> None:
        self._client = client
        self._channel, self._name = channel, name
        self._storage = storage
        self._clock = clock

    def with_media(self, picture: Picture, send: Callable[[str], Outcome]) -> Outcome:
        """Send with the picture's media id; upload anew, once, if it was forgotten."""
        try:
            return send(self._media_id(picture))
        except DeliveryError as error:
            if error.code not in FORGOTTEN:
                raise
        return send(self._upload(picture))

    def fetch(self, attachment: int) -> None:
        """Keep the bytes of what a member sent; nothing to do if they are here."""
        with self._storage.read() as session:
            missing = attachments.source_of(session, attachment)
        if missing:
            channel, media_id = attachments.read_source(missing)
            if channel != self._channel:  # a letter of its own has it fetched there
                raise DeliveryError("图片还没有取到", wait=FETCHED_AFTER)
            content = self._download(media_id)
            with self._storage.write() as session:
                attachments.fill(session, attachment, content)

    def _download(self, media_id: str) -> bytes:
        try:
            return self._client.download(media_id)
        except DeliveryError as error:
            error.uncertain = False  # asking twice does no harm
            raise

    def _media_id(self, picture: Picture) -> str:
        with self._storage.read() as session:
            known = session.get(Upload, (picture.attachment, self._channel))
            if known and known.good_until > self._clock.now():
                return known.media_id
        return self._upload(picture)

    def _upload(self, picture: Picture) -> str:
        """Upload (path/90253): bytes, not a file object, so that a retry is whole."""
        kind = "image" if picture.kind == "picture" else "file"
        try:
            answer = self._client.call(
                "post",
                "media/upload",
                params={"type": kind},
                files={"media": self._load(picture)},
            )
        except DeliveryError as error:
            error.uncertain = False  # what it goes with was not sent yet
            raise
        media_id = str(answer.get("media_id") or "")
        if not media_id:
            raise DeliveryError(f"{self._name}没有收下图片或文件")
        self._keep(picture, media_id)
        return media_id

    def _load(self, picture: Picture) -> tuple[str, bytes, str]:
        self.fetch(picture.attachment)
        with self._storage.read() as session:
            found = session.get(Attachment, picture.attachment)
            content = found.bytes_kept if found else None
            if found is None or content is None:
                raise DeliveryError("要发的图片或文件已经不在了", permanent=True)
            return found.name, content, found.mime

    def _keep(self, picture: Picture, media_id: str) -> None:
        key = {"attachment_id": picture.attachment, "channel": self._channel}
        known = {"media_id": media_id, "good_until": self._clock.now() + GOOD_FOR}
        with self._storage.write() as session:
            if not insert_new(session, Upload, key | known):
                session.execute(update(Upload).filter_by(**key).values(known))
