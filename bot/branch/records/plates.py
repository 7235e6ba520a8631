"""岗位牌: what hangs at a pioneer post, with what is recorded and nothing else.

No photo and no number to call: neither is kept, and neither belongs on a wall unasked.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from bot.branch.people.tree import Branch
from bot.branch.records import search
from bot.branch.records.declared import find_kind
from bot.branch.records.fields import Value
from bot.branch.records.kinds.posts import POST
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.files.print import Values

PROMISED = ("public", "kept", "judged")
MOST_PROMISES = 3


def find_posts(
    session: Session, branch: Branch, member_id: int | None, text: str = ""
) -> list[Record]:
    """List the posts of somebody, or those whose name stands in a text."""
    rows = search.find(session, Query(POST, branch, member=member_id, states=("up",)))
    return [each for each in rows if member_id or (each.title and each.title in text)]


def plate(session: Session, row: Record, year: int) -> Values:
    values = values_of(session, row)
    branch = session.get_one(Branch, row.branch_id)
    return {
        "head": "党员先锋岗",
        "branch": branch.name,
        "title": str(row.title),
        "people": "　".join(name for _, name in values["people"]),
        "rows": list(_rows(session, branch, values, year)),
    }


def _rows(
    session: Session, branch: Branch, values: Mapping[str, Value], year: int
) -> Iterator[tuple[str, str]]:
    if place := values.get("place"):
        yield "场　　所", str(place)
    if duties := values.get("duties"):
        yield "岗位职责", str(duties)
    promises = [str(values["promise"])] if values.get("promise") else []
    for number, _ in values["people"]:
        if number:
            promises += _promises(session, branch, number, year)
    if promises:
        told = dict.fromkeys(promises)
        yield "我的承诺", "；".join(list(told)[:MOST_PROMISES])


def _promises(session: Session, branch: Branch, member_id: int, year: int) -> list[str]:
    """List what somebody promised in public this year."""
    query = Query(find_kind("pledge"), branch, member=member_id, states=PROMISED)
    return [
        str(each.title)
        for each in search.find(session, query)
        if each.day and each.day.year == year
    ]
