"""What a visitor of the page may do: speak, press, move the clock, break things."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.twin import samples
from server.twin.official.followers import Follower
from server.twin.phones import Bubble
from server.twin.replies import Answer
from server.twin.world import World

Body = Mapping[str, Any]
LONGEST_TEXT = 20_000
SPOKEN = "我的学习打卡"
"""What WeChat makes of the sample of a voice."""
TOO_LONG = "这条消息太长，加密后超过 64 KB，助手没有收。请分几条发。"
SCAN = {"ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "https://example.com/"}}
# the drawer's buttons: what is planned for the next calls of the API
FAULTS: dict[str, dict[str, Any]] = {
    "expire_token": {"path": "", "kind": "expire_token"},
    "busy": {"path": "message/", "kind": "errcode", "code": -1, "times": 2},
    "limit": {"path": "message/", "kind": "errcode", "code": 45009},
    "gateway": {"path": "message/", "kind": "http", "status": 502, "times": 2},
    "reset_before": {"path": "message/send", "kind": "reset_before"},
    "reset_after": {"path": "message/send", "kind": "reset_after"},
    "slow": {"path": "message/send", "kind": "slow", "seconds": 10.0},
    "drop": {"path": "message/send", "kind": "drop"},
}
OF_BOTH = ("expire_token", "busy", "limit", "gateway")
"""What befalls the official account's API too."""


@dataclass(frozen=True)
class Moves:
    world: World
    now: Callable[[], datetime]
    advance: Callable[[datetime], None] | None

    def say(self, body: Body) -> dict[str, Any]:
        """Send a text, or a sample of another kind."""
        if follower := self._follower(body):
            return self._say_in_wechat(follower.openid, body)
        if userid := self._robots_owner(body):
            assert self.world.robot_phones
            kind, text = str(body.get("kind", "text")), str(body.get("text", ""))
            told = (userid, kind, text[:LONGEST_TEXT], samples.PNG)
            self.world.robot_phones.say(*told)
            return _tell(Answer(200))
        userid, kind = self._member(body), body.get("kind", "text")
        if kind == "text":
            text = str(body["text"])[:LONGEST_TEXT]
            return _tell(self.world.say(userid, text))
        sends: dict[str, Callable[[str], Answer]] = {
            "picture": self.world.picture,
            "sticker": self.world.sticker,
            "voice": self.world.voice,
            "location": self.world.location,
            "enter": self.world.enter,
        }
        if kind not in sends:
            raise ValueError(f"不能发送 {kind}")
        return _tell(sends[kind](userid))

    def _say_in_wechat(self, openid: str, body: Body) -> dict[str, Any]:
        account, kind = self.world.account, body.get("kind", "text")
        assert account
        if kind == "text":
            return _tell(account.say(openid, str(body["text"])[:LONGEST_TEXT]))
        sends: dict[str, Callable[[str], Answer]] = {
            "picture": account.picture,
            "sticker": account.picture,
            "voice": lambda each: account.voice(each, SPOKEN),
            "location": account.location,
            "enter": lambda _: Answer(200),  # a platform that tells nobody of it
        }
        if kind not in sends:
            raise ValueError(f"不能发送 {kind}")
        return _tell(sends[kind](openid))

    def _robots_owner(self, body: Body) -> str | None:
        phones = self.world.robot_phones
        return phones.owner(str(body["userid"])) if phones else None

    def _follower(self, body: Body) -> Follower | None:
        account = self.world.account
        return account.owner(str(body["userid"])) if account else None

    def click(self, body: Body) -> dict[str, Any]:
        """Press a button of a card that this member has."""
        if userid := self._robots_owner(body):
            assert self.world.robot_phones
            self.world.robot_phones.robot.press(userid, str(body["key"]))
            return _tell(Answer(200))
        userid = self._member(body)
        bubble = self._bubble(userid, int(body["number"]))
        selected = body.get("selected") or {}
        if not isinstance(selected, Mapping):
            raise ValueError("selected 应是对象")
        chosen = {str(q): [str(o) for o in options] for q, options in selected.items()}
        return _tell(self.world.press(userid, str(body["key"]), chosen, bubble))

    def tap_menu(self, body: Body) -> dict[str, Any]:
        if self._robots_owner(body):
            raise ValueError("智能机器人没有菜单")
        follower, kind = self._follower(body), str(body.get("type", "click"))
        key = str(body.get("key") or body.get("url") or body.get("pagepath") or "")
        more = SCAN if kind.startswith("scancode_") else {}
        if follower and self.world.account:
            kind = kind.upper() if kind in ("click", "view") else kind
            account = self.world.account
            return _tell(account.event(follower.openid, kind, EventKey=key, **more))
        return _tell(self.world.event(self._member(body), kind, EventKey=key, **more))

    def move_clock(self, body: Body) -> dict[str, Any]:
        """Go forward by hours, to the next 8:00, or to a time of day and date."""
        if self.advance is None:
            raise ValueError("这里的时钟不能调")
        now = self.now()
        to = _read_time(body, now)
        if to < now:
            raise ValueError("时间只能向前")
        self.advance(to)
        return {"now": self.now().isoformat()}

    def set_fault(self, body: Body) -> dict[str, Any]:
        kind = body["kind"]
        account = self.world.account
        if kind == "clear":
            self.world.faults.clear()
            if account:
                account.faults.clear()
        elif kind in FAULTS:
            self.world.faults.add(**FAULTS[kind])
            if account and kind in OF_BOTH:
                account.faults.add(**FAULTS[kind])
        else:
            raise ValueError(f"没有这种故障：{kind}")
        return {"faults": self.world.faults.planned()}

    def _member(self, body: Body) -> str:
        member = self.world.people.find(str(body["userid"]))
        if member is None:
            raise ValueError("没有这个人")
        return member.userid

    def _bubble(self, userid: str, number: int) -> Bubble:
        for bubble in self.world.phone(userid).bubbles:
            if bubble.number == number:
                return bubble
        raise ValueError("没有这条消息")


def _read_time(body: Body, now: datetime) -> datetime:
    if body.get("morning"):
        today = now.replace(hour=8, minute=0, second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)
    if "hours" in body:
        return now + timedelta(hours=float(body["hours"]))
    to = datetime.fromisoformat(str(body["to"]))
    return to if to.tzinfo else to.replace(tzinfo=now.tzinfo)


def _tell(answer: Answer) -> dict[str, Any]:
    fault = TOO_LONG if answer.status == 413 else answer.fault
    return {"ok": answer.ok, "fault": fault, "shown": answer.shown}
