"""Text → HTML in which nothing works but the addresses of web pages."""

import re

from markupsafe import Markup, escape

# Only what an address may hold (RFC 3986): Chinese words after it do not belong to it.
ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.IGNORECASE)
LINK = Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>')


def link_up(text: str) -> Markup:
    """Escape a text and make links of the addresses in it."""
    parts: list[str] = []
    end = 0
    for found in ADDRESS.finditer(text):
        address = _without_punctuation(found.group())
        parts += [escape(text[end : found.start()]), LINK.format(address)]
        end = found.start() + len(address)
    return Markup("").join([*parts, escape(text[end:])])


def _without_punctuation(address: str) -> str:
    """Leave what ends the sentence, or the brackets around it, outside."""
    while address[-1] in ".,;:!?'" or (
        address[-1] == ")" and address.count(")") > address.count("(")
    ):
        address = address[:-1]
    return address
