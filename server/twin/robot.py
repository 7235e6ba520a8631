"""A smart robot's members at work: they write to it, press, speak, send pictures."""

import hashlib
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from server.twin.robot_chat import WAIT, Request, Said
from server.twin.robot_line import RobotLine

NAME = "向阳"
BLOCK = 32


class Robot:
    """Each verb delivers what somebody does; with `wait` it returns the answer."""

    def __init__(self, bot_id: str, secret: str, clock: Callable[[], datetime]) -> None:
        self.line = RobotLine(bot_id, secret, clock)
        self.chats, self.clock = self.line.chats, clock

    def say(
        self, userid: str, text: str, *, msgid: str = "", wait: float = WAIT
    ) -> Said:
        """Write in the single chat and wait for the answer."""
        request = self.tell(userid, text, msgid=msgid)
        return self.await_answer(request, wait)

    def tell(self, userid: str, text: str, *, msgid: str = "") -> Request:
        """Write in the single chat; do not wait."""
        return self.write(userid, "text", {"content": text}, text, msgid=msgid)

    def say_in_group(
        self, userid: str, chat: str, text: str, *, called: bool = True
    ) -> Request:
        content = f"@{NAME} {text}" if called else text
        return self.write(userid, "text", {"content": content}, text, chat=chat)

    def speak(self, userid: str, text: str) -> Request:
        return self.write(userid, "voice", {"content": text}, f"[语音]{text}")

    def picture(self, userid: str, content: bytes) -> Request:
        return self.write(userid, "image", self.seal(content), "[图片]")

    def file(self, userid: str, name: str, content: bytes) -> Request:
        told = self.seal(content, name)
        return self.write(userid, "file", told, f"[文件]{name}")

    def mixed(self, userid: str, text: str, *pictures: bytes) -> Request:
        items: list[dict[str, Any]] = [{"msgtype": "text", "text": {"content": text}}]
        items += [{"msgtype": "image", "image": self.seal(each)} for each in pictures]
        return self.write(userid, "mixed", {"msg_item": items}, text)

    def enter(self, userid: str) -> Request:
        return self._report(userid, {"eventtype": "enter_chat"})

    def press(self, userid: str, key: str) -> Request:
        """Press a button of the latest card that has it. Raises ValueError."""
        for said in reversed(self.chats.of(userid)):
            buttons = (said.card or {}).get("button_list", [])
            if any(each["key"] == key for each in buttons):
                task = (said.card or {})["task_id"]
                pressed = {"event_key": key, "task_id": task}
                told = {"card_type": "button_interaction", **pressed}
                event = {
                    "eventtype": "template_card_event",
                    "template_card_event": told,
                }
                return self._report(userid, event)
        raise ValueError(f"{userid} has no card with a button {key}")

    def judge(self, userid: str, answer: str, kind: int, words: str = "") -> Request:
        """Say what one thinks of an answer: 1 good, 2 bad, 3 nothing any more."""
        told: dict[str, Any] = {"id": answer, "type": kind, "content": words}
        if kind == 2:
            told["inaccurate_reason_list"] = [2, 3]
        event = {"eventtype": "feedback_event", "feedback_event": told}
        return self._report(userid, event)

    def write(  # noqa: PLR0913  # who, what, where
        self,
        userid: str,
        kind: str,
        content: Mapping[str, Any],
        shown: str,
        *,
        chat: str = "",
        msgid: str = "",
    ) -> Request:
        body = self._head(userid, chat, msgid) | {"msgtype": kind, kind: content}
        self.chats.greeted.add(chat or userid)
        self.chats.put(chat or userid, Said(self.clock(), shown, from_member=True))
        return self.line.call(body)

    def await_answer(self, request: Request, wait: float = WAIT) -> Said:
        msgid = str(request.body["msgid"])
        found: Said = self.chats.wait_for(lambda: self.chats.answer_to(msgid), wait)
        return found

    def seal(self, content: bytes, name: str = "") -> dict[str, str]:
        """Keep a medium as the platform does: sealed with a key of its own."""
        key = secrets.token_bytes(32)
        size = BLOCK - len(content) % BLOCK
        cipher = Cipher(AES(key), CBC(key[:16])).encryptor()
        sealed = cipher.update(content + bytes([size]) * size) + cipher.finalize()
        return {"url": self.line.keep(sealed, name), "aeskey": b64encode(key).decode()}

    def _report(self, userid: str, event: Mapping[str, Any]) -> Request:
        at = {"create_time": int(self.clock().timestamp())}
        body = self._head(userid) | at | {"msgtype": "event", "event": event}
        return self.line.call(body, "aibot_event_callback")

    def _head(self, userid: str, chat: str = "", msgid: str = "") -> dict[str, Any]:
        head = {
            "msgid": msgid or uuid4().hex,
            "aibotid": self.line.bot_id,
            "chattype": "group" if chat else "single",
            "from": {"userid": userid},
        }
        return head | ({"chatid": chat} if chat else {})


@contextmanager
def running_robot(robot: Robot) -> Iterator[Robot]:
    """Serve the line on a free port."""
    robot.line.start()
    try:
        yield robot
    finally:
        robot.line.stop()


def encrypted_userid(userid: str) -> str:
    """Write an account as a robot gets it that no super admin made."""
    return "wo" + hashlib.sha256(userid.encode()).hexdigest()[:30]
