"""Papers of a formal vote, to be printed: who may vote, ballots, counts, the report.

No such vote is taken by the assistant; what is given on paper names no voter. Forms as
12371.cn's model 选举办法 has them; what it does not settle stays blank, or says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.branch.ballots.appraisals import GRADES
from bot.branch.meetings import quorum
from bot.branch.meetings.kinds import Matter
from bot.branch.meetings.quorum import Votes
from bot.calendar.say import say_date
from bot.errors import Refusal
from bot.files.print import Template, Values
from bot.files.word import Block, Grid, Lines, write_paper
from bot.text.strokes import list_unknown, sort_names

BLANK = "________"
SIGNERS = f"监票人：{BLANK}　　计票人：{BLANK}　　日期：{BLANK}"
MARKS = (
    "赞成画“○”，不赞成画“×”，弃权不画符号。",
    "不赞成的，可以在空行里另选他人；弃权的不能另选他人。",
    "赞成的人数（含另选的人）等于或少于应选人数有效，多于应选人数作废。",
)
NOBODY_GRADED = "名册里没有要评定等次的正式党员，排不出测评票。"
BY_STROKES = "候选人按姓氏笔画为序；无记名，不要写投票人的姓名。"


@dataclass(frozen=True)
class Paper:
    """What is printed: the name of its file, without its end, and what fills which."""

    name: str
    template: Template
    values: Values


@dataclass(frozen=True)
class Election:
    """Who stands, and how many are to be chosen. branch: whose election it is."""

    branch: str
    candidates: tuple[str, ...]
    seats: int

    @property
    def in_order(self) -> list[str]:
        return sort_names(self.candidates)


@dataclass(frozen=True)
class Sheets:
    """What ballots came to. voters, here: with a vote, to come, and there."""

    voters: int
    here: int
    given: int
    back: int
    good: int
    votes: Mapping[str, Votes] = field(default_factory=dict)

    @property
    def bad(self) -> int:
        return self.back - self.good

    @property
    def more_than_half(self) -> int:
        """Tell how many are more than half of who was there with a vote."""
        return quorum.more_than_half(self.here)


def check_election(election: Election) -> None:
    """Raise Refusal for an election that cannot be held."""
    if election.seats < 1:
        raise Refusal("没有说应选几名，请在候选人后面加上“应选…人”。")
    if len(election.candidates) < election.seats:
        raise Refusal(
            f"候选人 {len(election.candidates)} 名，比应选的 {election.seats} 名少，"
            "请核对。"
        )


def check_sheets(sheets: Sheets) -> None:
    """Raise Refusal for figures that cannot be, or by which the vote is void."""
    if sheets.here > sheets.voters:
        raise Refusal(
            f"实到 {sheets.here} 人，比应到有选举权的 {sheets.voters} 人多，请核对。"
        )
    if sheets.given > sheets.here:
        raise Refusal(
            f"发出 {sheets.given} 张，比实到的 {sheets.here} 人多：票只能本人投，"
            "请核对。"
        )
    if sheets.back > sheets.given:
        raise Refusal(
            f"收回 {sheets.back} 张，多于发出的 {sheets.given} 张：这次选举无效，"
            "要重新选，不出报告。"
        )
    if sheets.good > sheets.back:
        raise Refusal(f"有效 {sheets.good} 张，比收回的 {sheets.back} 张多，请核对。")
    for name, votes in sheets.votes.items():
        if votes.cast > sheets.good:
            raise Refusal(
                f"{name}的赞成、不赞成、弃权加起来 {votes.cast} 票，"
                f"比有效的 {sheets.good} 张多，请核对。"
            )


def print_voters(
    branch: str, names: Sequence[str], matter: Matter, day: date
) -> Values:
    """Fill the list of who has a vote on a day, with how many must be there."""
    at_least = quorum.needed_of_all(matter, len(names), day).need
    word = {
        Matter.ELECTION: f"选举至少到会 {at_least} 人（应到会的五分之四）",
        Matter.ADMISSION: f"讨论接收、转正至少到会 {at_least} 人（超过应到会的半数）",
    }.get(matter, f"至少到会 {at_least} 人")
    rows = [[str(n), name, "", ""] for n, name in enumerate(sort_names(names), 1)]
    return {
        "title": "有表决权的党员名单",
        "blocks": [
            _lines(
                f"党支部：{branch}　　截至：{say_date(day)}",
                f"有表决权的正式党员 {len(names)} 人，{word}。",
                "预备党员没有表决权、选举权和被选举权，不在名单里。",
            ),
            _table(("序号", "姓名", "签名", "备注"), (1, 3, 3, 4), rows),
            _lines(
                "经上级党组织同意、大会通过，不计入应到会的："
                f"{BLANK}{BLANK}（姓名和原因）",
                f"扣除后应到会 {BLANK} 人，实到会 {BLANK} 人。",
                f"支部书记：{BLANK}",
            ),
        ],
    }


def print_ballot(election: Election) -> Values:
    """Fill a ballot paper of an election: two on a page, without a number."""
    others = [["", "", "", ""]] * election.seats
    rows = [[name, "", "", ""] for name in election.in_order]
    return {
        "title": "选票",
        "above": [f"{election.branch}　　应选 {election.seats} 名"],
        "heads": ["候选人", "赞成", "不赞成", "弃权"],
        "rows": [*rows, *others],
        "below": [*(f"{n}. {each}" for n, each in enumerate(MARKS, 1)), BY_STROKES],
        "twice": len(rows) + len(others) <= 6,
    }


def print_motion(branch: str, motion: str) -> Values:
    """Fill a ballot paper of one matter: each is discussed and voted on by itself."""
    return {
        "title": "表决票",
        "above": [branch],
        "heads": ["表决事项", "同意", "不同意", "弃权"],
        "rows": [[motion, "", "", ""]],
        "below": ["在一栏里画“○”，画两栏以上的作废；无记名，不要写投票人的姓名。"],
        "twice": True,
    }


def print_count(election: Election) -> Values:
    """Fill the sheet on which an election is counted, in strokes of 正."""
    rows = [[name, "", "", "", ""] for name in election.in_order]
    heads = ("姓名", "画“正”计赞成票", "赞成", "不赞成", "弃权")
    return {
        "title": "选举计票单",
        "blocks": [
            _lines(f"{election.branch}　　应选 {election.seats} 名", *_sheets()),
            _table(heads, (2, 5, 1.4, 1.4, 1.4), [*rows, *([[""] * 5] * 3)], 14),
            _lines("空行记另选的人。", SIGNERS),
        ],
    }


def print_grading(branch: str, names: Sequence[str], year: int) -> Values:
    """Fill the ballot paper of 民主评议: a row for everybody graded, and no number."""
    heads = ("姓名", *GRADES, "存在问题")
    rows = [[name, "", "", "", "", ""] for name in sort_names(names)]
    return {
        "title": f"{year} 年民主评议党员测评票",
        "blocks": [
            _lines(branch, "每人在一档下打“√”，多打、不打的这一行作废。不署名。"),
            _table(heads, (2, 1.2, 1.2, 1.4, 1.4, 4), rows, 11),
        ],
    }


def print_graded(branch: str, names: Sequence[str], year: int) -> Values:
    """Fill the sheet on which the ballots of 民主评议 are counted by hand."""
    heads = ("姓名", *(f"{each}（画“正”）" for each in GRADES), "无效")
    rows = [[name, "", "", "", "", ""] for name in sort_names(names)]
    return {
        "title": f"{year} 年民主评议党员测评统计表",
        "blocks": [
            _lines(branch, "发出　　张　　收回　　张　　有效　　张"),
            _table(heads, (2, 3, 3, 3, 3, 1.2), rows, 12),
            _lines(SIGNERS),
        ],
    }


def list_grading(branch: str, names: Sequence[str], year: int) -> tuple[Paper, Paper]:
    """Make the papers of 民主评议: what is filled in, and what it is counted on.

    Raises Refusal where nobody is graded.
    """
    if not names:
        raise Refusal(NOBODY_GRADED)
    ballot, count = (
        print_grading(branch, names, year),
        print_graded(branch, names, year),
    )
    return (
        Paper(f"民主评议测评票-{year}", "sheet", ballot),
        Paper(f"民主评议测评统计表-{year}", "sheet", count),
    )


def print_motion_count(branch: str, motions: Sequence[str], voters: int) -> Values:
    """Fill the summary of votes on admissions, a line each (表决票汇总)."""
    heads = ("表决事项", "应到", "实到", "有效票", "同意", "不同意", "弃权")
    rows = [[each, str(voters), "", "", "", "", ""] for each in motions]
    return {
        "title": "表决票汇总表",
        "blocks": [
            _lines(f"党支部：{branch}　　时间：{BLANK}", "应到、实到只数有表决权的。"),
            _table(heads, (4, 1, 1, 1.2, 1, 1.2, 1), rows, 16),
            _lines(SIGNERS, f"支部书记：{BLANK}"),
        ],
    }


def say_order_doubt(names: Sequence[str]) -> str:
    """Say whose strokes are not known, so that a person sets them; "" for nobody."""
    unknown = list_unknown(names)
    if not unknown:
        return ""
    return f"“{'、'.join(unknown)}”有字查不到笔画，先按笔画最多的排，请核对次序。"


def write_report(branch: str, sheets: Sheets, day: date, doubt: str) -> bytes:
    """Write the report of an election's result, in the figures that were told.

    doubt: what the rules leave open. Nobody is called elected: that is the meeting's.
    """
    half = sheets.more_than_half
    over = [name for name, each in sheets.votes.items() if each.for_ >= half]
    said = "、".join(over) or "没有"
    order = sorted(sheets.votes.items(), key=lambda pair: -pair[1].for_)
    rows = [
        (name, str(each.for_), str(each.against), str(each.abstain))
        for name, each in order
    ]
    blocks: list[Block] = [
        Lines(
            [
                f"{say_date(day)}，{branch}召开支部党员大会进行选举。"
                f"应到会有选举权的党员 {sheets.voters} 人，实到会 {sheets.here} 人。",
                f"发出选票 {sheets.given} 张，收回 {sheets.back} 张，"
                f"其中有效 {sheets.good} 张，无效 {sheets.bad} 张。得票如下：",
            ]
        ),
        Grid(("姓名", "赞成", "不赞成", "弃权"), rows, (4.0, 3.0, 3.0, 3.0)),
        Lines(
            [
                f"赞成票达到 {half} 票（超过实到会有选举权人数的半数）的：{said}。",
                doubt,
                "现将选举结果报上，请审批。",
            ]
        ),
        Lines(["", branch, say_date(day)], indent=False),
    ]
    return write_paper(f"{branch}选举结果报告", blocks)


def _sheets() -> list[str]:
    return [
        f"应到会有选举权 {BLANK} 人，实到 {BLANK} 人",
        f"发出 {BLANK} 张，收回 {BLANK} 张，有效 {BLANK} 张，无效 {BLANK} 张",
    ]


def _lines(*lines: str) -> Mapping[str, object]:
    return {"kind": "lines", "lines": lines}


def _table(
    heads: Sequence[str],
    widths: Sequence[float],
    rows: Sequence[Sequence[str]],
    height: float = 10,
) -> Mapping[str, object]:
    """Make a table for the template. widths: shares of a page; height: of a row, mm."""
    return {
        "kind": "table",
        "heads": heads,
        "widths": widths,
        "rows": rows,
        "height": height,
    }
