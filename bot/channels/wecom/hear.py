"""The decrypted XML of a callback → a Message, whatever its type.

Types and events: https://developer.work.weixin.qq.com/document/path/90239 and 90240.
wechatpy knows no template_card_event and raises KeyError on odd input; hence our own.
"""

from hashlib import sha256

from bot.channels.xml import Tree, first, flatten, read_xml
from bot.errors import BadCallback
from bot.message import Message

CHANNEL = "wecom"
ID_CHARS = 128  # as many as the inbox keeps


def read_message(xml: str, corp_id: str, agent_id: int | None = None) -> Message:
    """Read a message or event. Raises BadCallback if it names no sender or type.

    Also if it is for another app than agent_id; a few events name none.
    """
    tree = read_xml(xml)
    if first(tree, "ToUserName") != corp_id:
        raise BadCallback("addressed to another corp")
    if agent_id is not None and first(tree, "AgentID") not in ("", str(agent_id)):
        raise BadCallback("addressed to another app")
    sender, kind = first(tree, "FromUserName"), first(tree, "MsgType")
    if not sender or not kind:
        raise BadCallback("no sender or no type")
    event = first(tree, "Event") if kind == "event" else ""
    return Message(
        channel=CHANNEL,
        sender=sender.casefold(),  # user ids have no case (path/90236)
        id=(first(tree, "MsgId") or _event_id(tree))[:ID_CHARS],
        kind=kind,
        text=first(tree, "Content").strip(),
        event=event.lower(),
        key=first(tree, "EventKey"),
        ticket=first(tree, "ResponseCode"),
        fields=flatten(tree),
    )


def _event_id(tree: Tree) -> str:
    """Make the id that WeCom gives to messages but not to events.

    WeCom advises sender + time (path/90238), whose second two quick clicks share; with
    everything else the event says, two clicks are two and a retry is one. The id stands
    in the log, so the sender is in its digest only.
    """
    names = sorted(flatten(tree).items())
    told = "\n".join(f"{name}={value}" for name, value in names)
    digest, when = sha256(told.encode()).hexdigest()[:24], first(tree, "CreateTime")
    return f"event:{digest}:{when}"
