"""An account and all that it keeps, and its followers at work on their phones."""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Condition, Event, RLock
from typing import Any

from server.twin import samples
from server.twin.crypto import Unreadable
from server.twin.errcode import Errcode
from server.twin.faults import Faults
from server.twin.media import Shelf
from server.twin.official.caller import Caller
from server.twin.official.followers import Follower
from server.twin.official.tokens import Tokens
from server.twin.phones import Bubble, Phone, Phones
from server.twin.replies import Answer
from server.twin.xml import write

FIRST_ID = 23_000_000_000_000_000
PHONE = "wechat:"


@dataclass(eq=False, repr=False)
class Account:
    """mode: plain, compatible or safe. verified: may use more than passive replies."""

    app_id: str
    secret: str
    token: str
    encoding_aes_key: str
    clock: Callable[[], datetime]
    callback_url: str = ""
    mode: str = "safe"
    name: str = "党支部助手"
    gh_id: str = "gh_0123456789ab"
    verified: bool = True
    trusts: bool = True
    phones: Phones | None = None
    shelf: Shelf | None = None
    templates: dict[str, str] = field(default_factory=dict)
    notices: dict[str, str] = field(default_factory=dict)
    api_base: str = field(default="", init=False)
    calls: Counter[str] = field(default_factory=Counter, init=False)
    sent: list[dict[str, Any]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.lock = Condition(RLock())
        self.closing = Event()
        self.faults = Faults()
        self.media = self.shelf or Shelf(self.clock)
        self.tokens = Tokens(self.app_id, self.secret, self.clock)
        self.followers: dict[str, Follower] = {}
        self.scenes: dict[str, str] = {}
        self.caller = Caller(self, self.clock)
        self.shown = self.phones or Phones(self.lock)
        self._ids = FIRST_ID + secrets.randbelow(10**9) * 10**6

    def add(self, openid: str, name: str = "", userid: str = "") -> Follower:
        """Let somebody have WeChat, and follow the account."""
        self.followers[openid] = Follower(openid, name or openid, userid=userid)
        return self.followers[openid]

    def owner(self, phone: str) -> Follower | None:
        """Find whose phone it is, if it is one with WeChat."""
        if not phone.startswith(PHONE):
            return None
        return self.followers.get(phone.removeprefix(PHONE))

    def phone(self, openid: str) -> Phone:
        return self.shown.of(f"{PHONE}{openid}")

    def find(self, openid: object) -> Follower:
        if openid not in self.followers:
            raise Errcode(40003)
        return self.followers[str(openid)]

    def close(self) -> None:
        self.closing.set()
        with self.lock:
            self.lock.notify_all()
        self.caller.close()

    # what a follower does

    def say(self, openid: str, text: str, *, msg_id: int | None = None) -> Answer:
        """Write a text; the same `msg_id` again is a retry of the same message."""
        own = Bubble(self.clock(), "text", text, from_member=True)
        return self._speak(openid, own, {"Content": text}, msg_id)

    def voice(self, openid: str, recognised: str = "") -> Answer:
        """Speak; recognised: what the platform made of it, if that is switched on."""
        medium = self.media.put("voice", "语音.amr", samples.AMR)
        own = Bubble(self.clock(), "voice", "[语音]", None, medium.id, from_member=True)
        fields = {"MediaId": medium.id, "Format": "amr", "Recognition": recognised}
        return self._speak(openid, own, fields)

    def picture(self, openid: str, content: bytes = samples.PNG) -> Answer:
        medium = self.media.put("image", "图片.png", content)
        own = Bubble(self.clock(), "image", "[图片]", None, medium.id, from_member=True)
        fields = {"PicUrl": f"{self.api_base}/pic", "MediaId": medium.id}
        return self._speak(openid, own, fields)

    def file(self, openid: str, name: str, size: int = 1024) -> Answer:
        """Send a file, of which the platform tells its name and keeps the rest.

        FileKey opens nothing (EasyWeChat's and Senparc's file messages).
        """
        own = Bubble(self.clock(), "file", f"[文件]{name}", from_member=True)
        fields = {"Title": name, "Description": "", "FileKey": secrets.token_hex(16)}
        told = {"FileMd5": secrets.token_hex(16), "FileTotalLen": size}
        return self._speak(openid, own, fields | told)

    def location(self, openid: str, label: str = "图书馆") -> Answer:
        own = Bubble(self.clock(), "location", f"[位置]{label}", from_member=True)
        fields = {"Location_X": 31.94, "Location_Y": 118.79, "Scale": 15}
        return self._speak(openid, own, {**fields, "Label": label})

    def link(self, openid: str, title: str, url: str) -> Answer:
        own = Bubble(self.clock(), "link", title, from_member=True)
        return self._speak(openid, own, {"Title": title, "Description": "", "Url": url})

    def follow(self, openid: str, scene: str = "") -> Answer:
        """Follow the account, by a QR code of a scene if one is given."""
        follower = self.followers.setdefault(openid, Follower(openid, openid))
        follower.follows, follower.refuses = True, False
        key = {"EventKey": f"qrscene_{scene}", "Ticket": "t"} if scene else {}
        return self.event(openid, "subscribe", **{"EventKey": "", **key})

    def unfollow(self, openid: str) -> Answer:
        self.find(openid).follows = False
        return self.event(openid, "unsubscribe", EventKey="")

    def scan(self, openid: str, scene: str) -> Answer:
        """Scan a QR code of a scene; who does not follow yet, follows."""
        if not self.find(openid).follows:
            return self.follow(openid, scene)
        return self.event(openid, "SCAN", EventKey=scene, Ticket="t")

    def click(self, openid: str, key: str) -> Answer:
        return self.event(openid, "CLICK", EventKey=key)

    def event(self, openid: str, event: str, **fields: Any) -> Answer:
        follower = self.find(openid)
        if event in ("CLICK", "SCAN", "subscribe", "scancode_waitmsg"):
            follower.touch(self.clock())
        kind = {"MsgType": "event", "Event": event, **fields}
        return self._show(openid, self.caller.post(openid, self._write(openid, kind)))

    def raw(self, openid: str, xml: str) -> Answer:
        return self.caller.post(openid, xml)

    def next_id(self) -> int:
        with self.lock:
            self._ids += 1
            return self._ids

    def _speak(
        self,
        openid: str,
        own: Bubble,
        fields: Mapping[str, Any],
        msg_id: int | None = None,
    ) -> Answer:
        self.find(openid).speak(self.clock())
        number = self.next_id() if msg_id is None else msg_id
        self.shown.put(self.phone(openid), own)
        kind = {"MsgType": own.kind, **fields, "MsgId": number}
        return self._show(openid, self.caller.post(openid, self._write(openid, kind)))

    def _write(self, openid: str, fields: Mapping[str, Any]) -> str:
        head = {"ToUserName": self.gh_id, "FromUserName": openid}
        return write({**head, "CreateTime": int(self.clock().timestamp()), **fields})

    def _show(self, openid: str, answer: Answer) -> Answer:
        """Put the reply on the phone; after a bad one, that there is a fault."""
        if answer.ok and not answer.fields:
            return answer
        try:
            if not answer.ok:
                raise Unreadable(answer.fault)
            text = self._check(openid, answer.fields)
        except Unreadable as error:
            words = "该公众号提供的服务出现故障，请稍后再试"
            self.shown.put(self.phone(openid), Bubble(self.clock(), "text", words))
            return replace(answer, fault=str(error))
        self.shown.put(self.phone(openid), Bubble(self.clock(), "text", text))
        return replace(answer, text=text, shown=True)

    def _check(self, openid: str, fields: Mapping[str, Any]) -> str:
        if fields.get("ToUserName") != openid:
            raise Unreadable("ToUserName is not who spoke")
        if fields.get("FromUserName") != self.gh_id:
            raise Unreadable("FromUserName is not the account")
        if fields.get("MsgType") != "text" or not fields.get("Content"):
            raise Unreadable("no text in the reply")
        text = str(fields["Content"])
        if len(text.encode()) > 2048:
            raise Unreadable("the reply is longer than 2048 bytes")
        return text
