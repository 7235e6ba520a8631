"""What an app may say: each message type checked and cut (path/90236)."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from server.twin.cards import check_card, read_card
from server.twin.errcode import Errcode
from server.twin.media import Shelf

Body = Mapping[str, Any]
TEXT, MARKDOWN, TITLE, DESCRIPTION, URL = 2048, 2048, 128, 512, 2048
ARTICLES, PAGE = 8, 666 * 1024


@dataclass(frozen=True)
class Content:
    kind: str
    text: str
    card: dict[str, Any] | None = None
    media_id: str = ""


def cut(text: object, most: int) -> str:
    """Cut to a number of bytes, as WeCom truncates.

    Where its pages say now characters, now bytes, bytes are the stricter reading.
    """
    return str(text).encode()[:most].decode(errors="ignore")


def read_json(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise Errcode(40035) from error
    if not isinstance(body, dict):
        raise Errcode(40035)
    return body


def check_agent(body: Body, agent_id: int) -> None:
    if not str(body.get("agentid", "")).isdecimal():
        raise Errcode(40056)
    if int(body["agentid"]) != agent_id:
        raise Errcode(301002)


def read_content(body: Body, shelf: Shelf) -> Content:
    """Check a message of the app; raises Errcode."""
    kind = str(body.get("msgtype"))
    if kind not in READERS:
        raise Errcode(40008)
    part = body.get(kind)
    if not isinstance(part, Mapping):
        raise Errcode(40063)
    return READERS[kind](part, shelf)


def _text(part: Body, _shelf: Shelf) -> Content:
    return Content("text", cut(_required(part, "content", 44004), TEXT))


def _markdown(part: Body, _shelf: Shelf) -> Content:
    content = _required(part, "content", 44004)
    if len(content.encode()) > MARKDOWN:
        raise Errcode(45002)
    return Content("markdown", content)


def _medium(kind: str, label: str) -> Callable[[Body, Shelf], Content]:
    def read(part: Body, shelf: Shelf) -> Content:
        medium = shelf.find(part.get("media_id"), kind)
        name = medium.name if kind == "file" else cut(part.get("title", ""), TITLE)
        return Content(kind, f"{label}{name}", dict(part), media_id=medium.id)

    return read


def _textcard(part: Body, _shelf: Shelf) -> Content:
    title = cut(_required(part, "title", 41016), TITLE)
    description = cut(_required(part, "description", 41033), DESCRIPTION)
    url = _address(_required(part, "url", 40063))
    button = str(part.get("btntxt") or "详情")[:4]
    plain = re.sub(r"<[^>]*>", "", description.replace("<br>", "\n"))
    shown = {"title": title, "description": description, "url": url, "btntxt": button}
    return Content("textcard", f"{title}\n{plain}", shown)


def _address(url: str) -> str:
    if len(url.encode()) > URL:
        raise Errcode(45002)
    if "://" not in url:
        raise Errcode(45034)
    return url


def _articles(part: Body) -> list[Any]:
    articles = part.get("articles")
    if not isinstance(articles, list) or not articles:
        raise Errcode(40063)
    if len(articles) > ARTICLES:
        raise Errcode(45008)
    return articles


def _news(part: Body, _shelf: Shelf) -> Content:
    shown = []
    for article in _articles(part):
        title = cut(_required(article, "title", 41016), TITLE)
        if not article.get("appid"):
            _address(_required(article, "url", 40063))
        description = cut(article.get("description", ""), DESCRIPTION)
        shown.append({**article, "title": title, "description": description})
    text = "\n".join(article["title"] for article in shown)
    return Content("news", text, {"articles": shown})


def _mpnews(part: Body, shelf: Shelf) -> Content:
    shown = []
    for article in _articles(part):
        title = cut(_required(article, "title", 41016), TITLE)
        shelf.find(article.get("thumb_media_id"), "image")
        if len(_required(article, "content", 40063).encode()) > PAGE:
            raise Errcode(45002)
        digest = cut(article.get("digest", ""), DESCRIPTION)
        shown.append({**article, "title": title, "digest": digest})
    text = "\n".join(article["title"] for article in shown)
    return Content("mpnews", text, {"articles": shown})


def _template_card(part: Body, _shelf: Shelf) -> Content:
    check_card(part)
    return Content("template_card", read_card(part), dict(part))


def _required(part: Body, name: str, code: int) -> str:
    value = part.get(name)
    if not isinstance(value, str) or not value:
        raise Errcode(code)
    return value


READERS: dict[str, Callable[[Body, Shelf], Content]] = {
    "text": _text,
    "markdown": _markdown,
    "image": _medium("image", "[图片]"),
    "voice": _medium("voice", "[语音]"),
    "video": _medium("video", "[视频]"),
    "file": _medium("file", "[文件]"),
    "textcard": _textcard,
    "news": _news,
    "mpnews": _mpnews,
    "template_card": _template_card,
}
