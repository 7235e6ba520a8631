"""The corp's address book: who is there, in which department, who can be reached."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

ACTIVE, DISABLED, NOT_ACTIVATED, LEFT = 1, 2, 4, 5
ROOT = 1


@dataclass(frozen=True)
class Department:
    id: int
    name: str
    parent: int = ROOT
    order: int = 0


@dataclass(eq=False)
class Member:
    userid: str
    name: str
    departments: tuple[int, ...] = (ROOT,)
    position: str = ""
    # inside the app's visible range; a licence; reads only in personal WeChat
    visible: bool = True
    licensed: bool = True
    wechat_plugin: bool = False
    status: int = ACTIVE

    @property
    def reachable(self) -> bool:
        return self.visible and self.status in (ACTIVE, NOT_ACTIVATED)


@dataclass
class Audience:
    """Whom a request names, sorted into those who can be sent to and those who not."""

    members: dict[str, Member] = field(default_factory=dict)
    invalid: list[str] = field(default_factory=list)
    unlicensed: list[str] = field(default_factory=list)
    invalid_parties: list[str] = field(default_factory=list)
    invalid_tags: list[str] = field(default_factory=list)

    def name(self, userid: str, member: Member | None) -> None:
        if member is None or not member.reachable:
            self.invalid.append(userid.lower())
        elif not member.licensed:
            self.unlicensed.append(member.userid.lower())
        else:
            self.members[member.userid.lower()] = member


class AddressBook:
    def __init__(self, root: str) -> None:
        self.departments = {ROOT: Department(ROOT, root, parent=0)}
        self._members: dict[str, Member] = {}

    def add(self, member: Member) -> Member:
        self._members[member.userid.lower()] = member
        return member

    def remove(self, userid: str) -> None:
        self._members.pop(userid.lower(), None)

    def find(self, userid: str) -> Member | None:
        return self._members.get(userid.lower())

    def all(self) -> list[Member]:
        return list(self._members.values())

    def inside(self, department: int) -> list[Member]:
        """Members of this very department whom the app may see."""
        return [m for m in self.all() if m.reachable and department in m.departments]

    def under(self, department: int) -> Iterator[Department]:
        """List the department itself, then all below it."""
        if department in self.departments:
            yield self.departments[department]
        for child in [d for d in self.departments.values() if d.parent == department]:
            yield from self.under(child.id)

    def audience(
        self, users: Iterable[str], parties: Iterable[str], tags: Iterable[str]
    ) -> Audience:
        named = Audience(invalid_tags=list(tags))
        for userid in users:
            named.name(userid, self.find(userid))
        for party in parties:
            self._name_party(named, party)
        return named

    def everyone(self) -> Audience:
        named = Audience()
        for member in self.all():
            if member.reachable:
                named.name(member.userid, member)
        return named

    def _name_party(self, named: Audience, party: str) -> None:
        known = party.isdecimal() and int(party) in self.departments
        if not known:
            named.invalid_parties.append(party)
            return
        for department in self.under(int(party)):
            for member in self.inside(department.id):
                named.name(member.userid, member)
