"""The app's messages on their way to phones: sent, recalled, updated (path/90236)."""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from server.twin.cards import calls_back
from server.twin.codes import ResponseCodes
from server.twin.contents import Content, check_agent, read_content, read_json
from server.twin.errcode import Errcode
from server.twin.faults import Fault
from server.twin.media import Shelf
from server.twin.people import AddressBook, Audience
from server.twin.phones import Bubble, Phones

DUPLICATE_WITHIN, DUPLICATE_MOST = 1800, 14400
MOST_USERS, MOST_PARTIES, MOST_TAGS = 1000, 100, 100


@dataclass
class Sent:
    msgid: str
    at: datetime
    receivers: set[str]
    content: Content


@dataclass(eq=False)
class Outgoing:
    agent_id: int
    people: AddressBook
    phones: Phones
    shelf: Shelf
    clock: Callable[[], datetime]
    has_callback: Callable[[], bool]
    codes: ResponseCodes
    daily_limit: int | None = None  # person-times a day; None for a rich account
    sent: dict[str, Sent] = field(default_factory=dict)
    dropped: int = 0
    suppressed: int = 0
    _seen: dict[bytes, datetime] = field(default_factory=dict)
    _task_ids: set[str] = field(default_factory=set)
    _today: Counter[date] = field(default_factory=Counter)

    def send(self, raw: bytes, fault: Fault | None = None) -> dict[str, Any]:
        body = read_json(raw)
        check_agent(body, self.agent_id)
        content = read_content(body, self.shelf)
        audience = self._audience(body)
        if fault is not None and fault.kind == "invalid_users":
            _deny(audience, fault)
        if not audience.members:
            raise Errcode(81013)
        answer = _names(audience)
        if self._is_duplicate(raw, body):
            self.suppressed += 1
            return answer
        self._check_card(content)
        self._count(len(audience.members))
        sent = self._keep(raw, content, set(audience.members))
        if fault is None or fault.kind != "drop":
            self._deliver(sent, audience)
        if content.kind == "template_card" and calls_back(content.card or {}):
            answer["response_code"] = self.codes.issue(sent.msgid)
        return answer | {"msgid": sent.msgid}

    def _audience(self, body: Mapping[str, Any]) -> Audience:
        users = _split(body, "touser")
        if users == ["@all"]:
            return self.people.everyone()
        parties, tags = _split(body, "toparty"), _split(body, "totag")
        if not (users or parties or tags):
            raise Errcode(82001)
        limits = (users, 40032, MOST_USERS), (parties, 82002, MOST_PARTIES)
        for named, code, most in (*limits, (tags, 82003, MOST_TAGS)):
            if len(named) > most:
                raise Errcode(code)
        return self.people.audience(users, parties, tags)

    def _is_duplicate(self, raw: bytes, body: Mapping[str, Any]) -> bool:
        """Whether the very same request came before within its own interval."""
        if body.get("enable_duplicate_check") != 1:
            return False
        seconds = int(body.get("duplicate_check_interval") or DUPLICATE_WITHIN)
        before = self._seen.get(sha256(raw).digest())
        within = timedelta(seconds=min(seconds, DUPLICATE_MOST))
        return before is not None and self.clock() - before < within

    def _check_card(self, content: Content) -> None:
        if content.kind != "template_card" or not content.card:
            return
        if calls_back(content.card) and not self.has_callback():
            raise Errcode(43012)
        task_id = str(content.card.get("task_id", ""))
        if task_id and task_id in self._task_ids:
            raise Errcode(42014, "task_id has been used by this app")

    def _count(self, people: int) -> None:
        today = self.clock().date()
        most = self.daily_limit
        if most is not None and self._today[today] + people > most:
            raise Errcode(45009)
        self._today[today] += people

    def _keep(self, raw: bytes, content: Content, receivers: set[str]) -> Sent:
        self._seen[sha256(raw).digest()] = self.clock()
        if content.kind == "template_card" and content.card:
            self._task_ids.add(str(content.card.get("task_id", "")))
        # As long as WeCom's own have been seen to be: 86 to 128 characters.
        msgid = f"twin{len(self.sent):08d}{secrets.token_urlsafe(87)}"
        sent = Sent(msgid, self.clock(), receivers, content)
        self.sent[msgid] = sent
        return sent

    def _deliver(self, sent: Sent, audience: Audience) -> None:
        """Put a copy on each phone; what is over a member's limit is dropped."""
        content = sent.content
        for member in audience.members.values():
            phone = self.phones.of(member.userid)
            phone.in_wechat = member.wechat_plugin
            if phone.is_full(sent.at):
                self.dropped += 1
                continue
            phone.pushed_at.append(sent.at)
            bubble = Bubble(sent.at, content.kind, content.text, content.card)
            bubble.media_id, bubble.msgid = content.media_id, sent.msgid
            self.phones.put(phone, bubble)


def _split(body: Mapping[str, Any], name: str) -> list[str]:
    return [part for part in str(body.get(name) or "").split("|") if part]


def _deny(audience: Audience, fault: Fault) -> None:
    for userid in [u for u in audience.members if fault.denies(u)]:
        del audience.members[userid]
        audience.invalid.append(userid)


def _names(audience: Audience) -> dict[str, Any]:
    return {
        "invaliduser": "|".join(audience.invalid),
        "invalidparty": "|".join(audience.invalid_parties),
        "invalidtag": "|".join(audience.invalid_tags),
        "unlicenseduser": "|".join(audience.unlicensed),
    }
