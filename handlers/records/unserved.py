"""Who has not been to any company yet: asked before somebody is sent there again."""

from pathlib import Path

from bot.branch.people.audience import Audience, name_people
from bot.branch.records import search
from bot.branch.records.kinds.service import SERVICE
from bot.branch.records.search import Query
from bot.command import Ask, command
from bot.text.phrases import read_beside
from bot.understanding.slots.past_span import find_past_span
from handlers.records.view import where

SHOWN = 20


@command(
    "service.nobody",
    help="谁还没去过企业服务，例：今年谁还没去过企业",
    phrases=read_beside(Path(SERVICE.beside), "service.nobody"),
    shown=False,
)
def show_unserved(ask: Ask) -> str:
    """Name the members of the branch whom no record of service counts."""
    branch = where(ask)
    span = find_past_span(ask.text, ask.now)
    query = Query(SERVICE, branch)
    if span:
        query = Query(SERVICE, branch, first=span.first, last=span.last)
    every = name_people(ask.session, Audience(branch.id))
    went = search.people_in(ask.session, query)
    left = [name for number, name in every.items() if number not in went]
    when = f"{span.words}的" if span else ""
    head = f"{when}服务台账里，{len(every)} 人中 {len(every) - len(left)} 人有记录。"
    if not left:
        return head
    more = f"等 {len(left)} 人" if len(left) > SHOWN else ""
    return f"{head}\n还没有的：{'、'.join(left[:SHOWN])}{more}。"
