"""What a branch must do by when: counted from what is on file, never guessed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.branch.duties.milestones import Milestone, Step
from bot.branch.people.members import Category, Member
from bot.branch.people.tree import Branch, BranchKind
from bot.calendar.party_age import HONOUR_YEARS, fifty_years_honour
from bot.calendar.recurrence.stretches import add_months
from bot.calendar.say import say_date
from bot.calendar.workdays import is_workday
from bot.rulebook.citing import cite
from bot.rulebook.deadlines import Deadline as Timer
from bot.rulebook.deadlines import deadline
from bot.rulebook.load import find_rule
from bot.rulebook.rule import Rule

LONG_TERM_YEARS = 5


@dataclass(frozen=True)
class Ahead:
    """How long before a day somebody is told: whole months, and days."""

    months: int = 0
    days: int = 0

    def before(self, day: date) -> date:
        return add_months(day, -self.months) - timedelta(days=self.days)


@dataclass(frozen=True)
class Deadline:
    """One thing with its day. kind and subject make it unique with the day.

    earliest: the day from which it may be done, not by which it must.
    stages: when the secretary is told, the first warning first. record: what she says
    when it is done; others read of it, and cannot say it.
    """

    kind: str
    branch_id: int
    subject: str
    title: str
    day: date
    todo: str
    rules: tuple[Rule, ...]
    stages: tuple[Ahead, ...]
    member_id: int | None = None
    earliest: bool = False
    record: str = ""

    @property
    def key(self) -> str:
        who = self.member_id or self.subject
        return f"{self.kind}:{self.branch_id}:{who}:{self.day}"

    def stage(self, today: date) -> int | None:
        """Return the latest stage that has come; None if none has."""
        reached = [
            number
            for number, each in enumerate(self.stages)
            if each.before(self.day) <= today
        ]
        return reached[-1] if reached else None


ON_THE_DAY = Ahead()
AHEAD: dict[str, tuple[Ahead, ...]] = {
    "talk": (Ahead(days=14), Ahead(days=3)),
    "review": (Ahead(days=14), ON_THE_DAY),
    "cultivation": (ON_THE_DAY,),
    "publicity": (ON_THE_DAY,),
    "assembly": (Ahead(days=14), Ahead(days=3)),
    "admission": (Ahead(months=1), Ahead(days=7)),
    "probation": (Ahead(months=1), ON_THE_DAY, Ahead(days=-14)),
    "approval": (Ahead(months=1), Ahead(days=7)),
    "term": (Ahead(months=6), Ahead(months=3), Ahead(months=1)),
    "life_meeting": (Ahead(months=3), Ahead(months=1)),
    "talks": (Ahead(months=2), Ahead(days=14)),
    "honour": (Ahead(months=2),),
}


@dataclass
class Standing:
    """The deadlines of a branch or of all, and which facts are missing for others."""

    deadlines: list[Deadline] = field(default_factory=list)
    unknown: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add_of(  # noqa: PLR0913  # all that a deadline of a member is
        self,
        member: Member,
        place: int,
        kind: str,
        title: str,
        limit: Timer,
        todo: str,
        record: str = "",
    ) -> None:
        """Add what a rule's time of a member comes to."""
        self.deadlines.append(
            Deadline(
                kind,
                place,
                member.called,
                title,
                limit.day,
                todo,
                (limit.rule,),
                AHEAD[kind],
                member.id,
                earliest=limit.bound == "earliest",
                record=record,
            )
        )


def survey(session: Session, today: date, branch: Branch | None = None) -> Standing:
    """Compute every open deadline, of a branch and all below it, or of everyone."""
    homes = _homes(session, branch)
    facts = _facts(session, homes)
    found = Standing()
    for member in session.scalars(_on_the_way(homes, branch)):
        place, mine = homes[member.branch_id], facts.get((0, "", member.id), {})
        _of_member(found, member, place, mine)
    for (place, name, member_id), mine in facts.items():
        if name and member_id is None:
            _of_applicant(found, place, name, mine)
    for place in sorted(set(homes.values())):
        _of_branch(found, place, facts.get((place, "", None), {}), today)
    _of_honoured(session, found, homes, today)
    found.deadlines.sort(key=lambda each: (each.day, each.kind, each.subject))
    return found


Facts = dict[Step, Milestone]
"""The latest milestone of each step."""


def _homes(session: Session, branch: Branch | None) -> dict[int, int]:
    """Return of each node the party branch that it is, or whose group it is."""
    rows = select(Branch).order_by(Branch.path)
    if branch is not None:
        rows = rows.where(Branch.path.startswith(branch.path))
    homes: dict[int, int] = {}
    for node in session.scalars(rows):
        homes[node.id] = node.id
        if node.kind == BranchKind.GROUP and node.parent_id is not None:
            homes[node.id] = homes.get(node.parent_id, node.parent_id)
    return homes


def _facts(
    session: Session, homes: dict[int, int]
) -> dict[tuple[int, str, int | None], Facts]:
    """Gather what was noted: of a member under (0, "", id), wherever it was."""
    found: dict[tuple[int, str, int | None], Facts] = defaultdict(dict)
    rows = select(Milestone).order_by(Milestone.day, Milestone.id)
    for each in session.scalars(rows):
        if each.member_id is not None:
            found[0, "", each.member_id][Step(each.step)] = each
        elif each.branch_id in homes:
            found[each.branch_id, each.subject, None][Step(each.step)] = each
    return found


def _on_the_way(homes: dict[int, int], branch: Branch | None) -> Select[Member]:
    """Select whoever is not a full member yet."""
    open_ = (Category.PROBATIONARY, Category.CANDIDATE, Category.ACTIVIST)
    rows = select(Member).where(Member.state == "active", Member.category.in_(open_))
    if branch is not None:
        rows = rows.where(Member.branch_id.in_(list(homes)))
    return rows.order_by(Member.id)


def _of_member(found: Standing, member: Member, place: int, facts: Facts) -> None:
    if member.category == Category.PROBATIONARY:
        _of_probation(found, member, place, facts)
        return
    _of_entering(found, member, place, facts)
    since = facts.get(Step.ACTIVIST) or facts.get(Step.CANDIDATE)
    if since is None:
        found.unknown[place].append(f"{member.called}确定为入党积极分子的日期")
        return
    reviewed = facts.get(Step.REVIEWED, since)
    last = max(since.day, reviewed.day)
    limit = deadline("develop.review", last)
    others = (
        "（规定写的是入党积极分子，发展对象是否照办请以上级要求为准）"
        if member.category == Category.CANDIDATE
        else ""
    )
    title = f"{member.called}（{member.category}）半年考察谈话"
    todo = f"上次记的是 {say_date(last)}。谈过后说“{member.called}考察谈话完成”{others}"
    found.add_of(member, place, "review", title, limit, todo)
    if member.category == Category.ACTIVIST:
        begun = deadline("develop.cultivation", since.day)
        title = f"{member.called}培养考察满 1 年"
        todo = f"满后支部可研究能否列为发展对象；列了就说“{member.called}列为发展对象”"
        found.add_of(member, place, "cultivation", title, begun, todo)


def _of_entering(found: Standing, member: Member, place: int, facts: Facts) -> None:
    """Compute what follows the steps between an activist and a probationary member."""
    published, examined = facts.get(Step.PUBLISHED), facts.get(Step.EXAMINED)
    received, called = facts.get(Step.RECEIVED), member.called
    if published and member.category == Category.ACTIVIST:
        until = deadline("develop.publicity", published.day, is_workday)
        title = f"{called}公示满 5 个工作日"
        todo = f"{say_date(published.day)}开始公示。没有不同意见，满后可列为发展对象"
        record = f"列了就说“{called}列为发展对象”"
        found.add_of(member, place, "publicity", title, until, todo, record)
    if member.category == Category.CANDIDATE and received:
        limit = deadline("develop.approval", received.day)
        todo = f"{say_date(received.day)}支部大会通过"
        record = f"批下来后把名册里{called}的类别改成预备党员，入党日期写大会通过那天"
        title = f"党委审批{called}为预备党员"
        found.add_of(member, place, "admission", title, limit, todo, record)
    elif member.category == Category.CANDIDATE and examined:
        limit = deadline("develop.assembly", examined.day)
        title = f"开支部大会讨论接收{called}"
        todo = f"{say_date(examined.day)}预审合格"
        record = f"通过后说“支部大会通过接收{called}为预备党员”"
        found.add_of(member, place, "assembly", title, limit, todo, record)


def _of_probation(found: Standing, member: Member, place: int, facts: Facts) -> None:
    if member.joined is None:
        found.unknown[place].append(f"{member.called}的入党日期（算不出预备期）")
        return
    if voted := facts.get(Step.VOTED):
        limit = deadline("develop.transfer_approval", voted.day)
        record = f"批下来后说“{member.called}转正了”和转正日期，就不再提醒"
        title = f"{member.called}转正，党委审批"
        found.add_of(member, place, "approval", title, limit, "", record)
        return
    end = deadline("develop.probation", member.joined)
    extended = facts.get(Step.EXTENDED)
    papers = find_rule("develop.transfer", end.day)
    found.deadlines.append(
        Deadline(
            "probation",
            place,
            member.called,
            f"{member.called}预备期满" + ("（已延长）" if extended else ""),
            extended.day if extended else end.day,
            "满前请本人写书面转正申请，支部备好考察材料，满后及时开支部大会讨论",
            (end.rule, papers),
            AHEAD["probation"],
            member.id,
            earliest=True,
            record=f"通过后说“{member.called}转正大会通过”，批下来说“{member.called}转正了”",
        )
    )


def _of_applicant(found: Standing, place: int, name: str, facts: Facts) -> None:
    applied = facts.get(Step.APPLIED)
    if applied is None or Step.MET_APPLICANT in facts:
        return
    limit = deadline("develop.talk", applied.day)
    found.deadlines.append(
        Deadline(
            "talk",
            place,
            name,
            f"派人同入党申请人{name}谈话",
            limit.day,
            f"{say_date(applied.day)}收到申请书",
            (limit.rule,),
            AHEAD["talk"],
            record=f"谈过后说“申请人谈话 {name}”",
        )
    )


def _of_branch(found: Standing, place: int, facts: Facts, today: date) -> None:
    elected = facts.get(Step.ELECTED)
    if elected is None:
        found.unknown[place].append("上次换届选举的日期")
    else:
        higher = elected.years == LONG_TERM_YEARS
        limit = deadline("term.higher" if higher else "term.branch", elected.day)
        found.deadlines.append(
            Deadline(
                "term",
                place,
                "",
                "支部委员会任期届满，换届",
                limit.day,
                f"上次是 {say_date(elected.day)}。延期或提前要报上级批准",
                (limit.rule,),
                AHEAD["term"],
                record="换届后说“换届日期 …”",
            )
        )
    end = date(today.year, 12, 31)
    for kind, step, rule_id, title, done in (
        ("life_meeting", Step.LIFE_MEETING, "life.meeting", "开组织生活会", "开过"),
        ("talks", Step.TALKS, "life.talks", "完成一轮谈心谈话", "完成"),
    ):
        last = facts.get(step)
        if last is None or last.day.year < today.year:
            short = "组织生活会" if kind == "life_meeting" else "谈心谈话"
            found.deadlines.append(
                Deadline(
                    kind,
                    place,
                    "",
                    f"今年{title}",
                    end,
                    "还没有记过",
                    (find_rule(rule_id, today),),
                    AHEAD[kind],
                    record=f"做了就说“{short}{done}了”，就不再提醒",
                )
            )


def elected_on(session: Session, branch: Branch) -> date | None:
    """Return the day of the last election on file."""
    rows = select(Milestone.day).where(
        Milestone.branch_id == branch.id, Milestone.step == Step.ELECTED
    )
    return session.scalar(rows.order_by(Milestone.day.desc()).limit(1))


def _of_honoured(
    session: Session, found: Standing, homes: dict[int, int], today: date
) -> None:
    """Name who has a party age of fifty by 1 July, for the first time."""
    day = date(today.year, 7, 1)
    if today > day:
        return
    rows = select(Member).where(
        Member.state == "active",
        Member.category == Category.FULL,
        Member.joined <= day.replace(year=day.year - HONOUR_YEARS),
    )
    for member in session.scalars(rows.order_by(Member.id)):
        place = homes.get(member.branch_id)
        joined = member.joined
        if place is None or joined is None:
            continue
        since = member.full_member_since
        if fifty_years_honour(joined, since, day.year) and not fifty_years_honour(
            joined, since, day.year - 1
        ):
            found.deadlines.append(
                Deadline(
                    "honour",
                    place,
                    member.called,
                    f"{member.called}光荣在党50年",
                    day,
                    "截至今年7月1日党龄满 50 年，请核对档案、按上级通知申报纪念章",
                    (find_rule("birthday.fifty_years", day),),
                    AHEAD["honour"],
                    member.id,
                )
            )


def say(
    deadlines: Sequence[Deadline],
    today: date,
    brief_after: date | None = None,
    *,
    to_others: bool = False,
) -> Iterator[str]:
    """Describe each, and below all of them, once each, where it stands written.

    brief_after: a day from which what to do is left out. to_others: to whom it is no
    use how it is recorded.
    """
    for number, each in enumerate(deadlines, 1):
        yield f"{number}. {each.title}：{say_date(each.day)}（{say_left(each, today)}）"
        if brief_after is None or each.day <= brief_after:
            told = [each.todo, "" if to_others else each.record]
            if any(told):
                yield f"   {'。'.join(filter(None, told))}。"
    yield from cite(rule for each in deadlines for rule in each.rules)


def say_left(each: Deadline, today: date) -> str:
    """Say how far a day is off: 还有 3 天, 已过 2 天."""
    days = (each.day - today).days
    if days > 0:
        return f"还有 {days} 天"
    if days == 0:
        return "就是今天"
    return f"已满 {-days} 天" if each.earliest else f"已过 {-days} 天"
