"""Chats with the smart robot as phones of the demo: one more for each of some."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.twin.phones import Bubble, Phones
from server.twin.robot import Robot
from server.twin.robot_chat import Said

PHONE = "aibot:"
SPOKEN = "我的学习打卡"
"""What the platform makes of the sample of a voice."""


@dataclass(eq=False)
class RobotPhones:
    """people: who has the robot in WeCom, the name by the account."""

    robot: Robot
    phones: Phones
    people: Mapping[str, str]
    _bubbles: dict[int, tuple[Said, Bubble]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.robot.chats.watch = self._show

    def owner(self, phone: str) -> str | None:
        """Tell whose phone it is; None if it is none of the robot's."""
        userid = phone.removeprefix(PHONE)
        return userid if phone.startswith(PHONE) and userid in self.people else None

    def describe(self) -> list[dict[str, Any]]:
        return [
            {
                "userid": f"{PHONE}{userid}",
                "name": name,
                "hint": "智能机器人",
                "wechat": False,
                "reachable": True,
                "group": False,
            }
            for userid, name in self.people.items()
        ]

    def say(self, userid: str, kind: str, text: str, picture: bytes) -> None:
        """Send a text or a sample of another kind. Raises ValueError."""
        match kind:
            case "text":
                self.robot.tell(userid, text)
            case "voice":
                self.robot.speak(userid, SPOKEN)
            case "picture" | "sticker":
                self.robot.picture(userid, picture)
            case "enter":
                self.robot.enter(userid)
            case _:
                raise ValueError(f"智能机器人收不到 {kind}")

    def _show(self, chat: str, said: Said) -> None:
        """Draw what is new in a chat, or looks different now."""
        if chat not in self.people:
            return
        phone = self.phones.of(f"{PHONE}{chat}")
        known = self._bubbles.get(id(said))
        if known is None:
            kind = "template_card" if said.card else "text"
            bubble = Bubble(said.at, kind, from_member=said.from_member)
            self._bubbles[id(said)] = said, bubble
            _copy(said, bubble)
            self.phones.put(phone, bubble)
            return
        _copy(said, known[1])
        self.phones.touch(phone, known[1])


def _copy(said: Said, bubble: Bubble) -> None:
    bubble.text, bubble.card = said.text, said.card
    bubble.msgid = f"robot-{id(said)}" if said.unasked else ""
