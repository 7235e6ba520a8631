"""谈心谈话: of which sort a talk is, who confirms it, who has not had one yet.

Once a year each: 支委 with 支委, 支委 with members, members with members (支部工作条例
第十九条). That this is every pair of the committee, and for a member one talk of either
other sort, is how branches read it; the article does not say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import comb
from typing import TypeAlias

from sqlalchemy.orm import Session

from bot.branch.people.audience import Audience, name_people, office_holders
from bot.branch.people.members import Role
from bot.branch.people.tree import Branch
from bot.branch.records import search
from bot.branch.records.declared import find_kind
from bot.branch.records.kinds.talk import COMMITTEE, MEMBERS, WITH_MEMBER
from bot.branch.records.search import Query
from bot.branch.records.values import people_of
from bot.calendar.recurrence.stretches import bounds

Pair: TypeAlias = frozenset[int]
COUNTED = "confirmed"


@dataclass(frozen=True)
class Coverage:
    """Who of a branch has talked in a year, and what is lacking, by sort.

    names: of everybody; committee: of whom it consists; had: pairs and their days.
    """

    names: Mapping[int, str]
    committee: Sequence[int]
    had: Mapping[Pair, date]

    @property
    def members(self) -> list[int]:
        return [each for each in self.names if each not in self.committee]

    @property
    def due_pairs(self) -> int:
        """How many pairs the committee has, each of which is to talk."""
        return comb(len(self.committee), 2)

    def lacking_pairs(self) -> list[tuple[int, int]]:
        """List the pairs of the committee that have not talked."""
        every = combinations(self.committee, 2)
        return [pair for pair in every if frozenset(pair) not in self.had]

    def lacking_committee(self) -> list[int]:
        """List the members with whom nobody of the committee has talked."""
        return [
            each
            for each in self.members
            if not any(frozenset((each, other)) in self.had for other in self.committee)
        ]

    def lacking_members(self) -> list[int]:
        """List the members who have talked with no other member, if there is one."""
        if len(self.members) < 2:
            return []
        members = set(self.members)
        met = {each for pair in self.had if pair <= members for each in pair}
        return [each for each in self.members if each not in met]

    def is_whole(self) -> bool:
        committee = self.lacking_pairs() or self.lacking_committee()
        return not (committee or self.lacking_members())

    def propose(self) -> list[tuple[int, int]]:
        """Propose pairs so that nothing is lacking, as few as need be."""
        pairs = self.lacking_pairs()
        load = dict.fromkeys(self.committee, 0)
        for each in self.lacking_committee() if self.committee else ():
            talker = min(self.committee, key=lambda one: load[one])
            load[talker] += 1
            pairs.append((talker, each))
        alone = self.lacking_members()
        for first, second in zip(alone[::2], alone[1::2], strict=False):
            pairs.append((first, second))
        if len(alone) % 2:
            last = alone[-1]
            pairs.append((last, next(each for each in self.members if each != last)))
        return pairs


def survey(session: Session, branch: Branch, year: int) -> Coverage:
    """See who of a branch has talked in a year; only what both confirmed counts."""
    names = name_people(session, Audience(branch.id))
    office = set(session.scalars(office_holders(int(Role.COMMITTEE), branch)))
    first, last = bounds("year", year)
    query = Query(find_kind("talk"), branch, first, last, states=(COUNTED,))
    rows = search.find(session, query)
    had: dict[Pair, date] = {}
    found = people_of(session, rows)
    for row in rows:
        pair = frozenset(
            number for number, _ in found[row.id].get("people", ()) if number
        )
        if len(pair) == 2 and row.day:
            had[pair] = min(row.day, had.get(pair, row.day))
    return Coverage(names, [each for each in names if each in office], had)


def sort_of(session: Session, branch: Branch, people: Sequence[int]) -> str:
    """Tell of which sort a talk of these two is, by the office that each holds."""
    office = set(session.scalars(office_holders(int(Role.COMMITTEE), branch)))
    held = sum(each in office for each in people)
    return (MEMBERS, WITH_MEMBER, COMMITTEE)[min(held, 2)]
