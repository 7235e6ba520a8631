"""Text → HTML in which nothing works but the addresses of web pages."""

from markupsafe import Markup, escape

from bot.text.links import locate

LINK = Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>')


def link_up(text: str) -> Markup:
    """Escape a text and make links of the addresses in it."""
    parts: list[str] = []
    end = 0
    for start, address in locate(text):
        parts += [escape(text[end:start]), LINK.format(address)]
        end = start + len(address)
    return Markup("").join([*parts, escape(text[end:])])
