"""Every page of the console that something leads to, found by going there."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import count
from urllib.parse import parse_qsl, urlsplit

from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from server.web.rate_limit import add_gate
from tests.server.browser import ADDRESS
from tests.server.console.visitor import Visitor

LINK = re.compile(r'(?:href|src)="(/[^"#]*)')
SHAPE = re.compile(r'<(?:h2|h3|label|th|button|summary)\b[^>]*>[^<]*|name="[a-z_.]+"')
"""What makes a page another than one like it: its heads, fields and buttons."""
FIRST, STATIC = "/console/", "/console/static/"


def walk(visitor: Visitor) -> Iterator[tuple[str, TestResponse]]:
    """Go wherever a link leads; give each address with what is there.

    Of a page that is asked for one month or another, one is enough.
    """
    steps = count()
    add_gate(visitor.client.application, clock=lambda: float(next(steps)))
    waiting, seen = [FIRST], {_place(FIRST)}
    while waiting:
        path = waiting.pop(0)
        answer = visitor.get(path)
        yield path, answer
        for link in _links(answer):
            if _place(link) not in seen:
                seen.add(_place(link))
                waiting.append(link)


def endpoint(visitor: Visitor, path: str) -> str:
    """Name whose address it is."""
    rules = visitor.client.application.url_map.bind(ADDRESS.partition("//")[2])
    try:
        return str(rules.match(path.partition("?")[0])[0])
    except RequestRedirect as moved:
        return endpoint(visitor, moved.new_url)


def one_of_each(visitor: Visitor) -> list[str]:
    """List addresses of pages, of those that look alike the first."""
    found: dict[tuple[object, ...], str] = {}
    for path, answer in walk(visitor):
        if answer.mimetype == "text/html" and answer.status_code == 200:
            shape = tuple(sorted(set(SHAPE.findall(answer.text))))
            found.setdefault((endpoint(visitor, path), shape), path)
    return list(found.values())


def _links(answer: TestResponse) -> list[str]:
    if answer.mimetype != "text/html":
        return []
    found = [unescape(each) for each in LINK.findall(answer.text)]
    return [each for each in found if not each.startswith(STATIC)]


def _place(link: str) -> tuple[str, ...]:
    parts = urlsplit(link)
    return (parts.path, *(name for name, _ in parse_qsl(parts.query)))
