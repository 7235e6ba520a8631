"""Posts in the Party as rosters write them, and the roles that they stand for.

Only whole posts of one's own branch stand for a role: 书记, 支部组织委员, 副书记兼委员.
校党委书记, 团支部书记, 原书记 and 书记助理 hold the same characters, not the meaning.
"""

import re
import unicodedata
from collections.abc import Iterator

from bot.branch.people.members import Role
from bot.branch.people.tree import Branch, BranchKind
from bot.files.roster.cells import squeeze

OWN = {
    BranchKind.BRANCH: "(?:党?支部(?:委员会)?|支委会)",
    BranchKind.GENERAL: "党?总支部?(?:委员会)?",
    BranchKind.COMMITTEE: "党委",
    BranchKind.GROUP: "支部",
}
SUBJECTS = (
    "组织|宣传|纪律检查|纪检|青年|统一战线|统战|群众工作|群工|保密|妇女|保卫|老干部"
    "|党建"
)
ALSO_OF_A_CLASS = "学习|生活|文体|文艺|体育|安全|群众|科技|教育|监督|信息|劳动|权益"
"""Of the Party only where the branch is named too: 支部学习委员."""
LEADER = "(?:党?小组|党?小)?组长"
HAN = "一二三四五六七八九十"
NUMBERED = re.compile(f"第?(10|[1-9{HAN}])(?:党?小)?组")
IN_FULL = re.compile(f"第(?:10|[1-9{HAN}])党小组(?=组?长)")
NO_OFFICE = re.compile("(?:普通|正式|预备|中共)?党员|(?:党?小组)?副组长")
BETWEEN = re.compile(r"[、，,;；/+和及与]|兼任?|\(兼\)")


def read_posts(
    text: str, home: Branch, node: Branch, *, named: bool = False
) -> frozenset[Role] | None:
    """Tell the roles of whole posts; None for words that are none of these.

    home: the member's party branch; node: the group in it, or the branch itself.
    named: a leader is one only where the post names the group.
    """
    words, at = squeeze(unicodedata.normalize("NFKC", text)), 0
    forms, roles = list(_forms(home, node, named=named)), set[Role]()
    while at < len(words):
        hits = [(hit.end(), r) for form, r in forms if (hit := form.match(words, at))]
        if not hits and at and (gap := BETWEEN.match(words, at)):
            hits = [(gap.end(), Role.MEMBER)]
        if not hits:
            return None
        at, role = max(hits)
        roles.add(role)
    return frozenset(roles - {Role.MEMBER})


def leads(text: str, home: Branch, group: Branch) -> bool:
    """Tell whether a whole post says by name that its holder leads this group."""
    return Role.LEADER in (read_posts(text, home, group, named=True) or ())


def new_group(text: str, home: Branch) -> str:
    """Name the group, told in full, that a post leads: 第二党小组; "" for none."""
    told = IN_FULL.search(squeeze(unicodedata.normalize("NFKC", text)))
    name = told[0] if told else ""
    group = Branch(name=name, kind=BranchKind.GROUP)
    return name if name and leads(text, home, group) else ""


def _forms(
    home: Branch, node: Branch, *, named: bool
) -> Iterator[tuple[re.Pattern[str], Role]]:
    name = re.sub("党?支部", "党?支部", re.escape(home.name.removeprefix("中共")))
    own = f"(?:(?:中共)?{name}(?:委员会)?|本?{OWN[home.kind]})"
    yield re.compile(f"(?:{own})?书记"), Role.SECRETARY
    for before, subjects in (
        (f"(?:{own})?", SUBJECTS),
        (own, f"{SUBJECTS}|{ALSO_OF_A_CLASS}"),
    ):
        seat = f"支委(?!会)|副书记|(?:(?:{subjects})[、和及兼/]?)*委员(?!会)"
        yield re.compile(f"{before}(?:{seat})"), Role.COMMITTEE
    yield NO_OFFICE, Role.MEMBER
    if node.kind == BranchKind.GROUP:
        yield re.compile(f"(?:{own})?{_called(node.name)}组?长"), Role.LEADER
    if node.kind == BranchKind.GROUP and not named:
        yield re.compile(LEADER), Role.LEADER


def _called(group: str) -> str:
    """Spell what a group is called: by its number in any writing, or its whole name."""
    told = NUMBERED.fullmatch(group)
    if told is None:
        return re.escape(group)
    number = int(told[1]) if told[1].isdecimal() else HAN.index(told[1]) + 1
    return f"第?(?:{number}|{HAN[number - 1]})(?:党?小)?组"
