"""What happens to a message after it was sent: recalled, greyed, replaced."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from server.twin.cards import INTERACTIVE, check_card, read_card
from server.twin.contents import check_agent
from server.twin.errcode import Errcode
from server.twin.outgoing import MOST_USERS, Outgoing, Sent
from server.twin.phones import Bubble, Phone

RECALL_WITHIN = timedelta(hours=24)


@dataclass(eq=False)
class Corrections:
    outgoing: Outgoing

    def recall(self, body: Mapping[str, Any]) -> dict[str, Any]:
        sent = self.outgoing.sent.get(str(body.get("msgid")))
        if sent is None:
            raise Errcode(40058)
        if self.outgoing.clock() - sent.at >= RECALL_WITHIN:
            raise Errcode(42052)
        for phone, bubble in self._copies(sent, sent.receivers):
            if not phone.in_wechat:
                bubble.recalled = True
                self.outgoing.phones.touch(phone, bubble)
        return {}

    def update(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Grey the button or replace the card, once for each response code."""
        check_agent(body, self.outgoing.agent_id)
        code = self.outgoing.codes.find(body.get("response_code"))
        sent = self.outgoing.sent[code.msgid]
        change = _read_change(body, sent)
        invalid, targets = self._targets(body, sent)
        code.used = True
        for phone, bubble in self._copies(sent, targets):
            change(bubble)
            self.outgoing.phones.touch(phone, bubble)
        return {"invaliduser": invalid}

    def _targets(
        self, body: Mapping[str, Any], sent: Sent
    ) -> tuple[list[str], set[str]]:
        if body.get("atall") == 1:
            return [], sent.receivers
        users = [str(user) for user in body.get("userids") or []]
        parties = [str(party) for party in body.get("partyids") or []]
        if len(users) > MOST_USERS:
            raise Errcode(40032)
        named = self.outgoing.people.audience(users, parties, [])
        if not users and not parties:
            raise Errcode(82101)
        targets = named.members.keys() & sent.receivers
        if not targets:
            raise Errcode(82102)
        return named.invalid, targets

    def _copies(self, sent: Sent, receivers: set[str]) -> list[tuple[Phone, Bubble]]:
        phones = [self.outgoing.phones.of(userid) for userid in sorted(receivers)]
        found = [(phone, phone.find(sent.msgid)) for phone in phones]
        return [(phone, bubble) for phone, bubble in found if bubble is not None]


def _read_change(body: Mapping[str, Any], sent: Sent) -> Callable[[Bubble], None]:
    if isinstance(card := body.get("template_card"), Mapping):
        check_card(card, update=True)
        return lambda bubble: replace_card(bubble, dict(card))
    button = body.get("button")
    words = button.get("replace_name") if isinstance(button, Mapping) else None
    before = sent.content.card or {}
    if not words or before.get("card_type") not in INTERACTIVE:
        raise Errcode(40058)
    return lambda bubble: setattr(bubble, "button", str(words))


def replace_card(bubble: Bubble, card: dict[str, Any]) -> None:
    """Show another card in place of this one; its clicks keep the task id."""
    task_id = (bubble.card or {}).get("task_id", "")
    bubble.card = {"task_id": task_id} | card
    bubble.text = read_card(card)
    bubble.button = str(card.get("replace_text", ""))
