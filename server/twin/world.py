"""The corp with its members at work: they write, send, click, and read the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from server.twin import samples
from server.twin.cards import button_keys
from server.twin.corrections import replace_card
from server.twin.crypto import Unreadable
from server.twin.errcode import Errcode
from server.twin.official.account import Account
from server.twin.phones import Bubble
from server.twin.replies import Answer, check_reply, read_reply
from server.twin.robot_phones import RobotPhones
from server.twin.state import State
from server.twin.xml import write

# the events that may be answered at once (path/90241)
ANSWERABLE = frozenset(
    [
        "subscribe",
        "enter_agent",
        "LOCATION",
        "click",
        "view",
        "view_miniprogram",
        "scancode_waitmsg",
        "template_card_menu_event",
    ]
)
Selected = Mapping[str, Sequence[str]]


class World(State):
    """All of WeCom that our app meets. Each verb returns what the app answered.

    account: the official account that some of its people follow in WeChat, if any.
    robot_phones: who has the smart robot, if there is one.
    """

    account: Account | None = None
    robot_phones: RobotPhones | None = None

    def say(self, userid: str, text: str, *, msg_id: int | None = None) -> Answer:
        """Write a text; the same `msg_id` again is WeCom's retry of the same one."""
        own = Bubble(self.clock(), "text", text, from_member=True)
        return self._speak(userid, own, {"Content": text}, msg_id)

    def picture(
        self, userid: str, content: bytes = samples.PNG, *, msg_id: int | None = None
    ) -> Answer:
        own = self._medium("image", "图片.png", content)
        url = f"{self.api_base}/twin/media/{own.media_id}"
        fields = {"PicUrl": url, "MediaId": own.media_id}
        return self._speak(userid, own, fields, msg_id)

    def sticker(self, userid: str) -> Answer:
        """Send a sticker, which reaches an app as a picture."""
        return self.picture(userid, samples.GIF)

    def voice(self, userid: str, content: bytes = samples.AMR) -> Answer:
        own = self._medium("voice", "语音.amr", content)
        return self._speak(userid, own, {"MediaId": own.media_id, "Format": "amr"})

    def video(self, userid: str, content: bytes = samples.MP4) -> Answer:
        own = self._medium("video", "视频.mp4", content)
        fields = {"MediaId": own.media_id, "ThumbMediaId": own.media_id}
        return self._speak(userid, own, fields)

    def location(
        self, userid: str, x: float = 31.94, y: float = 118.79, label: str = "图书馆"
    ) -> Answer:
        """Send a place: x is the latitude, y the longitude."""
        own = Bubble(self.clock(), "location", f"[位置]{label}", from_member=True)
        fields = {"Location_X": x, "Location_Y": y, "Scale": 15, "Label": label}
        return self._speak(userid, own, fields | self._app_type(userid))

    def link(self, userid: str, title: str, url: str, description: str = "") -> Answer:
        own = Bubble(self.clock(), "link", title, from_member=True)
        own.card = {"title": title, "description": description, "url": url}
        fields = {"Title": title, "Description": description, "Url": url, "PicUrl": ""}
        return self._speak(userid, own, fields)

    def enter(self, userid: str) -> Answer:
        return self.event(userid, "enter_agent", EventKey="")

    def subscribe(self, userid: str) -> Answer:
        return self.event(userid, "subscribe")

    def unsubscribe(self, userid: str) -> Answer:
        return self.event(userid, "unsubscribe")

    def click(self, userid: str, key: str) -> Answer:
        return self.event(userid, "click", EventKey=key)

    def view(self, userid: str, url: str) -> Answer:
        return self.event(userid, "view", EventKey=url)

    def report_location(
        self, userid: str, latitude: float = 31.94, longitude: float = 118.79
    ) -> Answer:
        fields = {"Latitude": latitude, "Longitude": longitude, "Precision": 60.0}
        return self.event(userid, "LOCATION", **fields, **self._app_type(userid))

    def press(
        self,
        userid: str,
        key: str,
        selected: Selected | None = None,
        bubble: Bubble | None = None,
    ) -> Answer:
        """Press a card's button (the latest card that has it) or send its choices.

        Raises ValueError if there is no such button, or it is grey or recalled.
        """
        bubble = bubble or self._find_button(userid, key)
        card = bubble.card or {}
        if key not in button_keys(card):
            raise ValueError(f"the card has no button {key}")
        if bubble.recalled or bubble.button:
            raise ValueError("the button cannot be pressed any more")
        actions = (card.get("action_menu") or {}).get("action_list", [])
        in_menu = any(action["key"] == key for action in actions)
        fields = {
            "EventKey": key,
            "TaskId": str(card.get("task_id", "")),
            "CardType": str(card["card_type"]),
            "ResponseCode": self.outgoing.codes.issue(bubble.msgid),
        }
        if selected:
            fields["SelectedItems"] = _write_selected(selected)
        name = "template_card_menu_event" if in_menu else "template_card_event"
        return self._report(userid, name, fields, bubble)

    def event(self, userid: str, event: str, **fields: Any) -> Answer:
        """Send any event of path/90240 with elements as given."""
        return self._report(userid, event, fields, None)

    def raw(self, xml: str) -> Answer:
        """Seal and send XML as it is; the answer shows on no phone."""
        return self.caller.post(xml)

    def verify_url(self) -> Answer:
        return self.caller.verify_url()

    def _speak(
        self,
        userid: str,
        own: Bubble,
        fields: Mapping[str, Any],
        msg_id: int | None = None,
    ) -> Answer:
        phone = self.phone(userid)
        with self.lock:
            number = self.next_id() if msg_id is None else msg_id
            first = number not in self.message_ids
            self.message_ids.add(number)
        if first:
            self.phones.put(phone, own)
        kind = {"MsgType": own.kind, **fields, "MsgId": number}
        answer = self.caller.post(self._write(userid, kind))
        return self._show(userid, answer) if first else answer

    def next_id(self) -> int:
        return self.first_id + len(self.message_ids)

    def _report(
        self, userid: str, event: str, fields: Mapping[str, Any], pressed: Bubble | None
    ) -> Answer:
        kind = {"MsgType": "event", "Event": event, **fields}
        answer = self.caller.post(self._write(userid, kind))
        if event in ANSWERABLE or (pressed and self.replies_to_cards):
            return self._show(userid, answer, pressed)
        return answer

    def _write(self, userid: str, fields: Mapping[str, Any]) -> str:
        head = {"ToUserName": self.corp_id, "FromUserName": userid}
        created = int(self.clock().timestamp())
        return write(
            {**head, "CreateTime": created, **fields, "AgentID": self.agent_id}
        )

    def _show(
        self, userid: str, answer: Answer, pressed: Bubble | None = None
    ) -> Answer:
        """Put the reply on the phone, unless it is none or WeCom would not take it."""
        if answer.fault or not answer.fields:
            return answer
        try:
            check_reply(answer.fields, self.corp_id, userid)
            content = read_reply(answer.fields, self.shelf)
        except (Unreadable, Errcode) as error:
            return replace(answer, fault=f"bad reply: {error}")
        if content.kind.startswith("update_"):
            self._change(userid, pressed, content.text, content.card)
            return replace(answer, shown=pressed is not None)
        bubble = Bubble(self.clock(), content.kind, content.text, content.card)
        bubble.media_id = content.media_id
        self.phones.put(self.phone(userid), bubble)
        return replace(answer, shown=True)

    def _change(
        self,
        userid: str,
        pressed: Bubble | None,
        words: str,
        card: dict[str, Any] | None,
    ) -> None:
        if pressed is None:
            return
        if card is None:
            pressed.button = words
        else:
            replace_card(pressed, card)
        self.phones.touch(self.phone(userid), pressed)

    def _medium(self, kind: str, name: str, content: bytes) -> Bubble:
        medium = self.shelf.put(kind, name, content)
        label = {"image": "[图片]", "voice": "[语音]", "video": "[视频]"}[kind]
        return Bubble(self.clock(), kind, label, media_id=medium.id, from_member=True)

    def _app_type(self, userid: str) -> dict[str, str]:
        return {} if self.phone(userid).in_wechat else {"AppType": "wxwork"}

    def _find_button(self, userid: str, key: str) -> Bubble:
        for bubble in reversed(self.phone(userid).bubbles):
            if bubble.card and key in button_keys(bubble.card):
                return bubble
        raise ValueError(f"{userid} has no card with a button {key}")


def _write_selected(selected: Selected) -> Any:
    chosen = [
        {"QuestionKey": question, "OptionIds": {"OptionId": list(options)}}
        for question, options in selected.items()
    ]
    return {"SelectedItem": chosen}
