"""Companies and schools that a branch deals with: one thing, under several names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.branch.people.tree import Branch
from bot.branch.records.tables import Organisation, OrganisationAlias, Record
from bot.errors import Refusal
from bot.storage.database import add_new, insert_new
from bot.storage.in_list import among
from bot.storage.invariants import proof

PLACES = (
    "中国|北京|天津|上海|重庆|江苏|浙江|安徽|山东|广东|福建|河南|河北|湖北|湖南|江西|四川|陕西"
    "|山西|辽宁|吉林|黑龙江|云南|贵州|广西|海南|甘肃|青海|宁夏|新疆|西藏|内蒙古|香港|澳门"
    "|南京|苏州|无锡|常州|镇江|扬州|泰州|南通|徐州|淮安|盐城|连云港|宿迁|昆山|太仓|常熟|张家港"
    "|吴江|相城|吴中|姑苏|虎丘|工业园区|高新区|杭州|宁波|嘉兴|湖州|绍兴|金华|温州|台州"
    "|深圳|广州|武汉|合肥|青岛|济南|成都|西安|厦门|东莞|佛山"
)
PLACED = rf"(?:(?:{PLACES})(?:省|市|区|县)?)"
PLACE = re.compile(rf"^{PLACED}+(?=.{{2}})")
LEADING = re.compile(rf"{PLACED}+")
NAMED_BY_PLACE = re.compile(
    r"(?:大学|学院|学校|职大|职院|中学|小学|医院|[局厅委]|法院|检察院|银行|图书馆|博物馆|社区|街道"
    r"|支部|总支|党委|[日晚晨时]报|电视台|网|先锋|中心|研究院|研究所|设计院|开发区|园区)$"
)
"""What is called by where it is: without its place it is any such thing."""
NO_FIRMS = (
    *("社区", "街道", "居委会", "村委会", "村", "敬老院", "福利院", "养老院", "医院"),
    *("大学", "学院", "学校", "中学", "小学", "幼儿园", "职大", "支部", "总支", "党委"),
    *("厅", "局", "委员会", "图书馆", "博物馆", "车站", "公园", "法院", "检察院"),
)
"""How what is called ends that is no company, where one asks for companies."""
BODY = re.compile(
    r"(?:\(.{1,8}\))?(?:股份|集团)?(?:有限)?(?:责任)?(?:公司|集团)(?:.{1,8}分公司)?$"
)
SHORT = 2  # characters; so little is a name only after 去, 给 …
AFTER = re.compile(r"(?:去了?|到了?|给|帮|在|为|往|赴|是|家|来|[:：])$")


@dataclass(frozen=True)
class Named:
    """An organisation that a text names. start, end: where."""

    name: str
    start: int
    end: int


def core(name: str) -> str:
    """Take place and legal form away: 昆山维萨阀门股份有限公司 → 维萨阀门.

    The place is part of what a school, an authority or a paper is called.
    """
    plain = name.replace("（", "(").replace("）", ")")
    if NAMED_BY_PLACE.search(plain):
        return plain
    return BODY.sub("", PLACE.sub("", plain)) or plain


def _places(name: str) -> frozenset[str]:
    """Return the places that a name begins with, without 省 and 市."""
    hit = PLACE.match(name)
    return frozenset(re.findall(PLACES, hit[0])) if hit else frozenset()


def _fit(one: str, other: str) -> bool:
    """Tell whether two names may be one's: one says no other place than the other."""
    here, there = _places(one), _places(other)
    return here <= there or there <= here


class Register:
    """The organisations of a branch by every name, read once."""

    def __init__(self, session: Session, branch: Branch) -> None:
        self._names: dict[str, str] = {}
        rows = session.execute(
            select(Organisation.name, OrganisationAlias.name)
            .outerjoin(
                OrganisationAlias, OrganisationAlias.organisation_id == Organisation.id
            )
            .where(Organisation.branch_id == branch.id)
        )
        for name, alias in rows:
            for form in filter(None, (name, alias)):
                self._names[form] = name

    def note(self, name: str) -> str:
        """Know of one more, which is not written down yet; return its name."""
        return self._names.setdefault(name, name)

    def find(self, text: str) -> Named | None:
        """Find the organisation that a text names; the longest form counts."""
        hits = list(self._hits(text))
        return max(hits, key=lambda hit: hit.end - hit.start, default=None)

    def begins(self, words: str) -> bool:
        """Tell whether one of them is called so, or begins so: 绿的 of 绿的谐波."""
        forms = {*self._names, *map(core, self._names)}
        return len(words) >= SHORT and any(each.startswith(words) for each in forms)

    def same(self, name: str) -> str | None:
        """Find which one a name means: its own, or one that only says less or more.

        轴承厂 is 宏远轴承厂 where no other ends so.
        """
        if name in self._names:
            return self._names[name]
        wanted = core(name)
        likely = {
            whole
            for form, whole in self._names.items()
            if min(len(core(form)), len(wanted)) >= SHORT
            and (core(form).startswith(wanted) or wanted.startswith(core(form)))
            and _fit(form, name)
        }
        likely = likely or {
            whole
            for form, whole in self._names.items()
            if len(wanted) > SHORT and core(form).endswith(wanted)
        }
        return likely.pop() if len(likely) == 1 else None

    def _hits(self, text: str) -> Iterator[Named]:
        for form, name in self._names.items():
            for whole in {form, core(form)}:
                if (end := _longest(whole, text)) is not None:
                    start, size = end
                    yield Named(name, start, start + size)


def _longest(form: str, text: str) -> tuple[int, int] | None:
    """Find the longest beginning of a form that stands in a text: where, how long.

    It must say more than the places that the form begins with, whole or cut short.
    """
    lead = hit.end() if (hit := LEADING.match(form)) else 0
    for size in range(len(form), SHORT - 1, -1):
        at = text.find(form[:size])
        if at < 0:
            continue
        told = size > SHORT or size == len(form) or AFTER.search(text[:at])
        if told and (size - lead >= SHORT or size == len(form)):
            return at, size
    return None


def is_place(words: str) -> bool:
    """Tell whether words name a place and nothing there: 苏州, 江苏省昆山市."""
    return LEADING.fullmatch(words) is not None


def take(session: Session, branch: Branch, name: str, alias: str = "") -> int:
    """Return the number of an organisation, written down if it is new."""
    number = find(session, branch, name)
    if number is None:
        row = {"branch_id": branch.id, "name": name}
        number = add_new(session, Organisation, row) or find(session, branch, name)
    assert number is not None
    if alias and alias != name:
        row = {"branch_id": branch.id, "name": alias, "organisation_id": number}
        insert_new(session, OrganisationAlias, row)
    return number


def find(session: Session, branch: Branch, name: str) -> int | None:
    own = select(Organisation.id).where(
        Organisation.branch_id == branch.id, Organisation.name == name
    )
    other = select(OrganisationAlias.organisation_id).where(
        OrganisationAlias.branch_id == branch.id, OrganisationAlias.name == name
    )
    return session.scalar(own) or session.scalar(other)


def names(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    rows = session.execute(
        select(Organisation.id, Organisation.name).where(among(Organisation.id, "ids")),
        {"ids": list(ids)},
    )
    return dict(rows.all())


def merge(session: Session, branch: Branch, name: str, into: str) -> int:
    """Make of two one, which keeps both names; return how many records moved.

    Raises Refusal where one is not there, or both are one already.
    """
    gone, stays = find(session, branch, name), find(session, branch, into)
    if gone is None or stays is None:
        raise Refusal(f"没有记过“{name if gone is None else into}”。")
    if gone == stays:
        raise Refusal(f"“{name}”和“{into}”本来就是一家。")
    moved = select(func.count()).where(Record.organisation_id == gone)
    count = session.scalars(moved).one()
    session.execute(
        update(Record)
        .where(Record.organisation_id == gone)
        .values(organisation_id=stays)
    )
    session.execute(
        update(OrganisationAlias)
        .where(OrganisationAlias.organisation_id == gone)
        .values(organisation_id=stays)
    )
    session.delete(session.get_one(Organisation, gone))
    session.flush()
    take(session, branch, into, name)
    return count


@proof("企业：一个名称只属于一家")
def one_each(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(OrganisationAlias.name)
        .join(
            Organisation,
            (Organisation.branch_id == OrganisationAlias.branch_id)
            & (Organisation.name == OrganisationAlias.name),
        )
        .where(Organisation.id != OrganisationAlias.organisation_id)
    )
    for (name,) in rows:
        yield f"“{name}”既是一家的名称，又是另一家的别名"
