"""What people see of a smart robot: their chats with it, bubble by bubble."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Condition
from time import monotonic
from typing import Any

STREAM_BYTES, STREAM_LASTS = 20480, timedelta(minutes=10)
WAIT, LOOK = 20.0, 0.02


@dataclass(eq=False)
class Said:
    """A bubble. stream: its id if it is one; times: how often it was written."""

    at: datetime
    text: str = ""
    from_member: bool = False
    kind: str = "text"
    stream: str = ""
    is_finished: bool = True
    times: int = 1
    card: dict[str, Any] | None = None
    answers: str = ""
    unasked: bool = False


@dataclass(eq=False)
class Request:
    """A message or event that was delivered; answers go to its req_id."""

    req_id: str
    cmd: str
    body: Mapping[str, Any]
    at: datetime
    is_answered: bool = False
    tries: int = 0

    @property
    def chat(self) -> str:
        found = self.body.get("chatid") or self.body["from"]["userid"]
        return str(found)


class Fault(Exception):
    """The platform refuses a frame with a number of path/90313."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code, self.said = code, said


@dataclass(eq=False)
class Chats:
    """All chats of one robot, and the rules of what it may say in them."""

    clock: Callable[[], datetime]
    news: Condition = field(default_factory=Condition)
    bubbles: dict[str, list[Said]] = field(default_factory=dict)
    greeted: set[str] = field(default_factory=set)
    watch: Callable[[str, Said], None] = lambda _chat, _said: None

    def of(self, chat: str) -> list[Said]:
        with self.news:
            return list(self.bubbles.get(chat, []))

    def put(self, chat: str, bubble: Said) -> None:
        with self.news:
            self.bubbles.setdefault(chat, []).append(bubble)
            self._tell(chat, bubble)

    def _tell(self, chat: str, said: Said) -> None:
        self.watch(chat, said)
        self.news.notify_all()

    def wait_for(self, seen: Callable[[], Any], seconds: float = WAIT) -> Any:
        """Wait until something is seen. Raises AssertionError if it is not."""
        until = monotonic() + seconds
        with self.news:
            while not (found := seen()):
                if monotonic() > until:
                    raise AssertionError(f"not seen in {seconds} s")
                self.news.wait(LOOK)
            return found

    def answer_to(self, msgid: str) -> Said | None:
        """Find the finished answer to a message."""
        every = [said for chat in self.bubbles.values() for said in chat]
        found = [one for one in every if one.answers == msgid and one.is_finished]
        return found[-1] if found else None

    def answer(self, request: Request, body: Mapping[str, Any]) -> None:
        """Take what answers a message: a stream, or a card. Raises Fault."""
        kind = body.get("msgtype")
        if kind == "template_card":
            _check_once(request)
            self._show(request.chat, Said(self.clock(), card=_card(body)), request)
        elif kind == "stream":
            self._take_stream(request, body.get("stream"))
        else:
            raise Fault(40008, "invalid message type")

    def welcome(self, request: Request, body: Mapping[str, Any]) -> None:
        _check_once(request)
        if self.clock() - request.at > timedelta(seconds=5):
            raise Fault(846604, "req_id expired")
        text = str((body.get("text") or {}).get("content", ""))
        self._show(request.chat, Said(self.clock(), text), request)

    def update(self, request: Request, body: Mapping[str, Any]) -> None:
        """Change the card that was pressed. Raises Fault."""
        _check_once(request)
        card = _card(body)
        task_id = request.body["event"]["template_card_event"]["task_id"]
        if card.get("task_id") != task_id:
            raise Fault(42016, "task_id is not of the pressed card")
        with self.news:
            for said in self.bubbles.get(request.chat, []):
                if said.card and said.card.get("task_id") == task_id:
                    said.card = card
                    self._tell(request.chat, said)
            request.is_answered = True

    def send(self, body: Mapping[str, Any]) -> None:
        """Take what was not asked for. Raises Fault."""
        chat, kind = str(body.get("chatid", "")), str(body.get("msgtype", ""))
        if chat not in self.greeted:
            raise Fault(846607, "the user has not messaged the robot")
        said = Said(self.clock(), kind=kind, unasked=True)
        if kind == "markdown":
            said.text = _bounded(str(body["markdown"]["content"]))
        elif kind == "template_card":
            said.card = _card(body)
            said.text = str((said.card.get("main_title") or {}).get("title", ""))
        elif kind in ("image", "file"):
            said.text = str(body[kind]["media_id"])
        else:
            raise Fault(40008, "invalid message type")
        self.put(chat, said)

    def _take_stream(self, request: Request, stream: Any) -> None:
        if not isinstance(stream, dict) or not stream.get("id"):
            raise Fault(40035, "no stream id")
        text = _bounded(str(stream.get("content", "")))
        if self.clock() - request.at > STREAM_LASTS:
            raise Fault(846608, "stream expired")
        with self.news:
            for said in self.bubbles.get(request.chat, []):
                if said.stream == stream["id"]:
                    if said.is_finished and request.is_answered:
                        raise Fault(846606, "req_id already answered")
                    said.text, said.times = text, said.times + 1
                    said.is_finished = bool(stream.get("finish"))
                    request.is_answered = said.is_finished
                    self._tell(request.chat, said)
                    return
        _check_once(request)
        said = Said(self.clock(), text, kind="stream", stream=str(stream["id"]))
        said.is_finished = bool(stream.get("finish"))
        self._show(request.chat, said, request, ends=said.is_finished)

    def _show(
        self, chat: str, said: Said, request: Request, *, ends: bool = True
    ) -> None:
        said.answers = str(request.body.get("msgid", ""))
        with self.news:
            request.is_answered = ends
            self.put(chat, said)


def _check_once(request: Request) -> None:
    if request.is_answered:
        raise Fault(846606, "req_id already answered")


def _card(body: Mapping[str, Any]) -> dict[str, Any]:
    card = body.get("template_card")
    if not isinstance(card, dict) or not card.get("card_type"):
        raise Fault(42031, "invalid card")
    if card["card_type"] == "button_interaction":
        buttons = card.get("button_list")
        if not card.get("task_id") or not buttons or len(buttons) > 6:
            raise Fault(42014, "invalid card")
    return dict(json.loads(json.dumps(card)))


def _bounded(text: str) -> str:
    if not text:
        raise Fault(44004, "empty content")
    if len(text.encode()) > STREAM_BYTES:
        raise Fault(45002, "content too long")
    return text
