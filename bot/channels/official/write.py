"""What we send → the official account's JSON and passive XML.

It has no cards and no buttons: a card is told in words, with its buttons as a list
to answer by number or by word.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.xml import clean, write_xml
from bot.config.settings import Template
from bot.message import Card, Content, GroupText, Text

CHOOSE = "回复数字或文字："
LONGEST = 20
"""Characters of a "thing" in a subscription notice (订阅通知参数); the narrowest."""


def write_reply(user: str, account: str, text: str, at: int) -> str:
    """Write a passive text reply (被动回复用户消息)."""
    return write_xml(
        {
            "ToUserName": user,
            "FromUserName": account,
            "CreateTime": at,
            "MsgType": "text",
            "Content": text,
        }
    )


def write_text(user: str, text: str) -> dict[str, Any]:
    return {"touser": user, "msgtype": "text", "text": {"content": clean(text)}}


def write_image(user: str, media_id: str) -> dict[str, Any]:
    return {"touser": user, "msgtype": "image", "image": {"media_id": media_id}}


def tell(content: Content) -> str:
    """Put a content in words; "" where it has none."""
    match content:
        case Text(text) | GroupText(text):
            return text
        case Card() as card:
            return tell_card(card)
        case _:
            return ""


def tell_card(card: Card) -> str:
    lines = [card.title, card.text]
    lines += [f"{label}：{value}" for label, value in card.lines]
    lines += card.links
    if card.url:
        lines.append(f"打开：{card.url}")
    if len(card.buttons) == 1:
        lines.append(f"回复“{card.buttons[0].text}”。")
    elif card.buttons:
        lines.append(CHOOSE)
        lines += [f"{at}. {each.text}" for at, each in enumerate(card.buttons, 1)]
    return "\n".join(line for line in lines if line)


def write_template(
    user: str, template: Template, content: Content, url: str, told: Mapping[str, str]
) -> dict[str, Any]:
    """Write a template message or a subscription notice.

    told: what stands for {时间} and {支部}.
    """
    whole = tell(content)
    title, _, rest = whole.partition("\n")
    words = {"标题": title, "内容": rest or title, **told}
    limit = LONGEST if template.notice else len(whole) + LONGEST
    data = {
        key: {"value": _short(_filled(form, words), limit)}
        for key, form in template.data.items()
    }
    body: dict[str, Any] = {"touser": user, "template_id": template.id, "data": data}
    if url:
        body["page" if template.notice else "url"] = url
    return body


def say_moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _filled(form: str, words: Mapping[str, str]) -> str:
    for name, value in words.items():
        form = form.replace(f"{{{name}}}", value)
    return form


def _short(text: str, limit: int) -> str:
    text = clean(text).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"
