"""The header of a roster: where it stands and what each column holds."""

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal

from bot.files.roster.cells import INVISIBLE, Row, text_of

Field = Literal[
    "name", "userid", "branch", "group", "category",
    "joined", "full_member_since", "position", "state", "phone",
    "activist_since", "candidate_since", "elected", "term",
]  # fmt: skip
HEADER_DEPTH = 30

DATED = ("日期", "时间", "年月日", "年月")


def _dated(verbs: str, *nouns: str) -> str:
    """Spell 列为积极分子日期 and its kin: a verb before the noun, after it, or none."""
    stems = [f"{verb}{noun}" for noun in nouns for verb in verbs.split()]
    stems += [f"{noun}{verb}" for noun in nouns for verb in ("", "确定", "列为")]
    return " ".join(f"{stem}{said}" for stem in stems for said in DATED)


# In each line the better title comes first: where two columns fit, it wins.
ALIASES: dict[Field, str] = {
    "name": "姓名 党员姓名 成员姓名 人员姓名 员工姓名 教工姓名 职工姓名 教师姓名 名字",
    "userid": "企业微信账号 企业微信帐号 企微账号 企微帐号 企业微信id 企微id"
    " 企业微信userid 成员账号 成员帐号 成员userid userid 账号 帐号 用户账号 用户帐号"
    " 用户id",
    "branch": "所在党支部 所属党支部 现所在党支部 党支部 党支部名称 所在党支部名称"
    " 所在支部 所属支部 支部 支部名称 组织关系所在党支部 组织关系所在支部"
    " 组织关系所在党组织 所在党组织 所属党组织 隶属党组织 党组织 党组织名称"
    " 所在党组织名称 所属党组织名称 所属组织 所在组织 组织名称",
    "group": "党小组 所在党小组 所属党小组 党小组名称 所在小组 所属小组 小组",
    "category": "人员类别 党员类别 人员类型 党员类型 党员身份 发展阶段 类别 政治面貌",
    "joined": "加入党组织日期 加入党组织时间 加入党组织年月 加入中国共产党日期"
    " 加入中国共产党时间 入党日期 入党时间 入党年月日 入党年月 成为预备党员日期"
    " 成为预备党员时间 接收为预备党员日期 接收为预备党员时间 接收预备党员日期"
    " 接收预备党员时间",
    "full_member_since": "转为正式党员日期 转为正式党员时间 转为正式党员年月"
    " 成为正式党员日期 成为正式党员时间 转正日期 转正时间 转正年月日 转正年月",
    "position": "党内职务 现任党内职务 担任党内职务 党内职务名称 党支部职务 支部职务"
    " 支委职务 党务职务 职务",
    "state": "党籍状态 党员状态 党籍 状态",
    "phone": "手机号码 手机号 手机 移动电话 联系电话 联系方式 电话号码 电话",
    "activist_since": _dated(
        "列为 确定为 被列为 被确定为 确定 列入 成为 定为", "入党积极分子", "积极分子"
    ),
    "candidate_since": _dated(
        "列为 确定为 被列为 被确定为 确定 列入 成为 定为", "党员发展对象", "发展对象"
    ),
    "elected": "上次换届日期 上次换届时间 最近换届日期 最近换届时间"
    " 最近一次换届日期 最近一次换届时间 换届日期 换届时间 支部换届日期 支部换届时间"
    " 支部上次换届日期 支部上次换届时间 党支部换届日期 党支部换届时间"
    " 换届选举日期 换届选举时间 支部换届选举日期 支部换届选举时间"
    " 本届选举日期 本届选举时间 本届支委会选举日期 本届支委会选举时间",
    "term": "任期 支部任期 党支部任期 支委会任期 支部委员会任期 本届任期 每届任期"
    " 任期年限 任期年数 支部任期年限 任期起止 任期起止时间 任期起止日期 任期时间",
}
RANKS: dict[str, tuple[Field, int]] = {
    alias: (field, rank)
    for field, line in ALIASES.items()
    for rank, alias in enumerate(line.split())
}
HINT = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>")
ORNAMENT = re.compile(r"[\s*:;_.,、。\-()\[\]【】<>※★]+")


@dataclass(frozen=True)
class Header:
    """One or two rows of titles; rows and columns counted from 0.

    doubled: titles that stand twice, with their two columns.
    """

    first_row: int
    height: int
    places: dict[Field, int]
    titles: tuple[str, ...]
    doubled: tuple[tuple[str, int, int], ...]

    @property
    def end(self) -> int:
        return self.first_row + self.height

    def title(self, use: Field) -> str | None:
        column = self.places.get(use)
        return None if column is None else self.titles[column]

    def without_phones(self) -> "Header":
        """Take nothing from the phone's column, not even its faults."""
        column = self.places.get("phone")
        places = dict(self.places)
        places.pop("phone", None)
        doubled = tuple(each for each in self.doubled if each[1] != column)
        return replace(self, places=places, doubled=doubled)

    def used(self) -> list[tuple[str, int]]:
        """Every column that something is taken from: its title, and where it is."""
        return [(self.titles[at], at) for at in self.places.values()]

    def uses(self) -> list[tuple[str, Field | None]]:
        """Every titled column and what is taken from it."""
        by_column = {column: use for use, column in self.places.items()}
        return [(t, by_column.get(at)) for at, t in enumerate(self.titles) if t]


def find_header(rows: list[Row]) -> Header | None:
    """Find the first header near the top, or None: this is no roster."""
    for position in range(min(HEADER_DEPTH, len(rows))):
        if header := header_at(rows, position):
            return header
    return None


def header_at(rows: list[Row], position: int) -> Header | None:
    """Read the header that starts in this row, if one does.

    A second row of titles belongs to it only where it names more columns than one row
    alone, be the name's title in the upper row or in the lower one.
    """
    upper = row_texts(rows[position])
    lower = row_texts(rows[position + 1]) if position + 1 < len(rows) else []
    single = build_header([(title, title) for title in upper], position, 1)
    double = build_header(joined_titles(upper, lower), position, 2)
    below = build_header([(title, title) for title in lower], position + 1, 1)
    rivals = [one for one in (single, below) if one]
    if (
        double
        and rivals
        and len(double.places) > max(len(one.places) for one in rivals)
    ):
        return double
    return single


def build_header(
    titles: list[tuple[str, str]], first_row: int, height: int
) -> Header | None:
    """titles: per column what the title says together with its group, and alone."""
    places: dict[Field, int] = {}
    ranks: dict[Field, int] = {}
    doubled: list[tuple[str, int, int]] = []
    for column, pair in enumerate(titles):
        if not (known := known_title(pair)):
            continue
        field, rank = known
        if rank == ranks.get(field):
            doubled.append((shown_title(pair[1]), places[field], column))
        elif rank < ranks.get(field, rank + 1):
            places[field], ranks[field] = column, rank
    if "name" not in places:
        return None
    shown = tuple(shown_title(alone) for _, alone in titles)
    return Header(first_row, height, places, shown, tuple(doubled))


def joined_titles(upper: list[str], lower: list[str]) -> list[tuple[str, str]]:
    """Read two rows as one: 入党 over 时间 is 入党时间, also farther to the right."""
    titles = []
    group = ""
    for above, below in zip_longest(upper, lower, fillvalue=""):
        group = above or group
        titles.append((group + below, below) if below else (above, above))
    return titles


def known_title(pair: tuple[str, str]) -> tuple[Field, int] | None:
    for title in pair:
        if known := known_field(title):
            return known
    return None


def known_field(title: str) -> tuple[Field, int] | None:
    """姓 名（必填）* names the field name; the hint counts only where it is needed."""
    if not title or len(title) > 60:
        return None
    plain = unicodedata.normalize("NFKC", title).casefold()
    without_hint = ORNAMENT.sub("", HINT.sub("", plain))
    return RANKS.get(without_hint) or RANKS.get(ORNAMENT.sub("", plain))


def is_name_title(title: str) -> bool:
    known = known_field(title)
    return known is not None and known[0] == "name"


def row_texts(row: Row) -> list[str]:
    return [
        cell.translate(INVISIBLE).strip() if isinstance(cell, str) else text_of(cell)
        for cell in row
    ]


def shown_title(title: str) -> str:
    return "".join(title.split())[:40]
