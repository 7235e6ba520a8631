"""Pages that need no account: behind an address nobody guesses, rationed by address."""

from flask import request
from sqlalchemy.orm import Session

from bot.branch.records import open_pages
from bot.branch.records.open_pages import OpenPage, Purpose
from server.web.pages.answers import PageRefusal, drain
from server.web.pages.identity import TOO_FAST, the_assistant, the_moment
from server.web.rate_limit import address_of, share_of, the_gate

CLOSED = "这个网页已经关了，或者地址不对。请向给您地址的老师再要一个。"
LONGEST_FORM = 8 * 1024


def open_door(session: Session, purpose: Purpose, door: str) -> OpenPage:
    """Find the page of an address. Raises PageRefusal, also for too many tries."""
    found = open_pages.find(session, purpose, door, the_moment())
    if found is None:
        if not the_gate().missed.take(_share()):
            raise PageRefusal(429, TOO_FAST)
        raise PageRefusal(404, CLOSED)
    return found


def admit_stranger() -> None:
    """Ration what strangers send by their address, before anything of it is read."""
    if not the_gate().strangers.take(_share()):
        drain()
        raise PageRefusal(429, TOO_FAST)
    request.max_content_length = LONGEST_FORM


def _share() -> str:
    trusted = the_assistant().config.server.trusted_proxies
    return share_of(address_of(request.environ, trusted))
