"""Where a speaker holds office: its branches and people, found by what they are called.

What fits nobody, or more than one, is asked back; nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from sqlalchemy import Row, String, func, or_, select
from sqlalchemy.orm import Session

from bot.branch.people.audience import office_holders
from bot.branch.people.members import Member, Role
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.storage.in_list import among
from bot.text.pinyin import spell
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.namesakes import (
    Namesake,
    SeveralCalled,
    forms_of,
    is_whole,
)

NUMERALS = "一二三四五六七八九"
DIGITS = str.maketrans("〇零" + NUMERALS, "00123456789")
TENS = re.compile(rf"([{NUMERALS}]?)十([{NUMERALS}]?)")
HERE = Path(__file__)
COURTESY = Lexicon(HERE, "courtesy")


SHORTEST_CALLED, LONGEST_CALLED = 2, 30
ACCOUNT = re.compile(r"[A-Za-z0-9][\w.@-]{1,63}", re.ASCII)


@dataclass(frozen=True)
class Scope:
    """Where the speaker holds office, with all that is below it.

    Who is there is asked once, however many names a text has. about: a text; of all
    who are there only those whom it may name are asked for.
    """

    session: Session
    branch: Branch
    about: str | None = None

    def of(self, text: str) -> "Scope":
        """Look only at whom a text may name: of thousands a few."""
        return replace(self, about=text)

    @cached_property
    def branches(self) -> Sequence[Branch]:
        return self.session.scalars(
            select(Branch)
            .where(Branch.path.startswith(self.branch.path))
            .order_by(Branch.path)
        ).all()

    @cached_property
    def called(self) -> Mapping[str, Sequence[int]]:
        """Who is there: name, also with the mark → numbers of those it is said of.

        古丽娜尔·艾山 is called 古丽娜尔, too.
        """
        found: dict[str, list[int]] = {}
        for number, name, mark, _ in self._register:
            for form in (name, *forms_of(name, mark), *short_forms(name)):
                found.setdefault(form, []).append(number)
        return found

    @cached_property
    def names(self) -> Collection[str]:
        """The names alone, without marks, and what is called short of long ones."""
        every = [name for _, name, _, _ in self._register]
        return dict.fromkeys(
            form for name in every for form in (name, *short_forms(name))
        )

    @cached_property
    def _marked(self) -> Mapping[str, tuple[str, str]]:
        """A marked name written as one word → its parts."""
        return {
            name + mark: (name, mark) for _, name, mark, _ in self._register if mark
        }

    def is_called(self, text: str, start: int, end: int) -> bool:
        """Tell whether this piece of a text calls somebody who is there."""
        form = text[start:end]
        if form not in self.called:
            return False
        name, mark = self._marked.get(form, (form, ""))
        return form in self.names or is_whole(name, mark, text, end)

    @cached_property
    def _accounts(self) -> Mapping[str, int]:
        return {account: number for number, *_, account in self._register if account}

    @cached_property
    def _register(self) -> Sequence[Row[int, str, str, str | None]]:
        people = (
            select(Member.id, Member.name, Member.mark, Member.account)
            .join(Branch, Branch.id == Member.branch_id)
            .where(Branch.path.startswith(self.branch.path), Member.state == "active")
            .order_by(Member.id)
        )
        if self.about is None:
            return self.session.execute(people).all()
        # Whatever somebody is called begins as the name does.
        begins = {self.about[at : at + 2] for at in range(len(self.about) - 1)}
        accounts = {hit[0].casefold() for hit in ACCOUNT.finditer(self.about)}
        some = people.where(
            or_(
                among(func.substr(Member.name, 1, 2, type_=String), "begins"),
                among(Member.account, "accounts"),
            )
        )
        asked = {"begins": sorted(begins), "accounts": sorted(accounts)}
        return self.session.execute(some, asked).all()

    def office_holders(self, role: Role) -> Sequence[int]:
        return self.session.scalars(office_holders(role.value, self.branch)).all()

    def find_branch(self, words: str) -> Branch | None:
        """Find the one branch or group that words name, whole or by their ending."""
        wanted = _plain(words)
        if not wanted.endswith(("组", "支部", "总支", "党委", "委员会")):
            return None
        branches = self.branches
        exact = [each for each in branches if each.name == words]
        same = exact or [each for each in branches if _plain(each.name) == wanted]
        near = same or [
            each
            for each in branches
            if _ends(_plain(each.name), wanted) or _ends(wanted, _plain(each.name))
        ]
        if len(near) > 1:
            names = "、".join(each.name for each in near[:5])
            raise Refusal(f"“{words}”是哪一个？{names}。请写全名再说一次。")
        if not near:
            names = "、".join(each.name for each in branches[:8])
            raise Refusal(f"没有找到“{words}”。这里有：{names}。")
        return near[0]

    def member_with(self, account: str) -> Member | None:
        """Find who has this WeCom account, in any case."""
        number = self.number_with(account)
        return None if number is None else self.session.get_one(Member, number)

    def number_with(self, account: str) -> int | None:
        return self._accounts.get(account.casefold())

    def find_member(self, name: str) -> Member:
        """Find one person by name or account; fails as `find_number` does."""
        return self.session.get_one(Member, self.find_number(name))

    def find_number(self, name: str) -> int:
        """Find the number of one person by name or account.

        Raises SeveralCalled where two have the name, Refusal where nobody has it.
        """
        if holder := self.number_with(name):
            return holder
        found = self.called.get(name, ())
        if len(found) == 1:
            return found[0]
        if found:
            raise SeveralCalled(name, self._namesakes(found))
        called = COURTESY.cut(name)
        if len(called) == 1:
            alike = [each for each in self.names if each.startswith(called)]
        else:
            alike = [each for each in self.names if _sounds_alike(each, name)]
        if alike:
            raise Refusal(
                f"没有叫“{name}”的，是不是{'、'.join(alike[:3])}？请写对再说一次。"
            )
        raise Refusal(
            f"名册里没有“{name}”。可以说：全体党员、某个党小组、预备党员，或者姓名。"
        )

    def _namesakes(self, numbers: Sequence[int]) -> list[Namesake]:
        homes = {each.id: each.name for each in self.branches}
        people = [self.session.get_one(Member, number) for number in numbers]
        return [
            Namesake(each.name, each.mark, each.userid or "", homes[each.branch_id])
            for each in people
        ]


def short_forms(name: str) -> Sequence[str]:
    """List what else a name in several parts is called: its first, or all in one."""
    first, dot, _ = name.partition("·")
    if not dot:
        return ()
    joined = name.replace("·", "")
    return (first, joined) if len(first) >= SHORTEST_CALLED else (joined,)


def _plain(name: str) -> str:
    """Write 1组, 第一小组 and 第一党小组 alike: 1组; 第十一党小组: 11组."""
    name = unicodedata.normalize("NFKC", name).replace("第", "")
    name = TENS.sub(lambda hit: f"{hit[1] or '一'}{hit[2] or '0'}", name)
    name = name.translate(DIGITS)
    return re.sub(r"(?:党)?小?组$", "组", name)


def _ends(name: str, wanted: str) -> bool:
    """Tell whether a name ends so; 11组 does not end in 1组."""
    before = name.removesuffix(wanted)
    return name.endswith(wanted) and not before[-1:].isdecimal()


def _sounds_alike(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    if spell(one) == spell(other):
        return True
    return len(one) == len(other) and sum(map(str.__ne__, one, other)) == 1
