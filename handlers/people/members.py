"""名册: all of it for the secretary; who holds office, for everybody.

It only shows: the roll is changed by importing it, all of it or nothing.
"""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from bot.branch.enrolment import roll
from bot.branch.enrolment.roll import Officer
from bot.branch.people import audit
from bot.branch.people.audience import (
    PARTY_MEMBERS,
    Audience,
    Head,
    count_heads,
    select_people,
)
from bot.branch.people.members import Member, Role, group_name, party_branch, roles
from bot.branch.people.tree import Branch
from bot.calendar.party_age import party_age, years_since_joining
from bot.calendar.say import say_date
from bot.command import Ask, NotMeant, command
from bot.next_steps import send_on
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.audience import CATEGORIES, read_audience
from bot.understanding.slots.body_name import find_body_name
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from bot.understanding.when import find_period
from bot.understanding.words.people import PERSON

VIEWED, LISTED = "members.view", "members.list"
MOST_SHOWN, MOST_BODIES = 30, 20
OFFICES = (
    *("副书记", "书记", "组织委员", "宣传委员", "纪检委员", "青年委员", "统战委员"),
    *("委员", "支委", "组长", "班子"),
)
NEVER_KEPT = (
    *("60后", "70后", "80后", "90后", "00后", "零零后", "九零后", "八零后"),
    *("男", "女", "性别", "年龄", "多大", "岁", "学历", "民族", "籍贯", "身份证"),
    *("住址", "教师", "学生", "工资", "博士", "硕士", "本科", "少数民族"),
)
HERE = Path(__file__)
AROUND_BODY = Lexicon(HERE, "around_body")
CHANGES = Lexicon(HERE, "changes")
BEFORE, SINCE = Lexicon(HERE, "joined.before"), Lexicon(HERE, "joined.since")
TO_REACH = (
    "电话和微信号我不往外给：在企业微信通讯录里能找到本人；"
    "有事要问，说“问书记 活动室怎么借”，我转过去。"
)
HER_OWN = "在企业微信通讯录里能找到本人；存了电话的，说“查电话 王芳”这样查。"
IMPORTED = (
    "名册在这里只能查，不能改，什么也没有动。\n"
    "要增减或更正，请管理员改好名册表格再导入一次：认得出是谁，只改有变化的。"
)
ONLY_KEPT = (
    "名册里只存姓名、支部、类别、入党和转正日期、职务；"
    "性别、年龄、学历这些不存，数不出来。"
)


@command(
    "members",
    help="查名册，例：有多少预备党员、李伟的入党时间",
    role=Role.SECRETARY,
    shows=("名册里的信息（党小组、类别、入党和转正日期、职务）",),
)
def show_members(ask: Ask) -> str:
    if CHANGES.stands_in(ask.text):
        return IMPORTED
    scope = Scope(ask.session, ask.standing.branch)
    if joined := ask.slots.get("joined"):
        return _list_joined(ask, joined)
    if named := find_named(scope, ask.text):
        return _tell_one(ask, named.member)
    if any(each in ask.text for each in NEVER_KEPT):
        return ONLY_KEPT
    if hit := PERSON.search(ask.text):
        return _tell_one(ask, scope.find_member(hit[0]))
    if audience := _part(scope, ask.text):
        return _list(ask, audience)
    return _tell_all(ask, scope.branch)


@command(
    "members.count",
    help="支部现在有多少党员",
    shown=False,  # told with 名册
)
def count_members(ask: Ask) -> str:
    """Tell the figure, which everybody of the branch may know; names to who may.

    Who has no category counts among the party members, as everywhere.
    """
    if any(each in ask.text for each in NEVER_KEPT):
        return ONLY_KEPT
    if ask.standing.role >= Role.SECRETARY:
        return _tell_all(ask, ask.standing.branch)
    branch = party_branch(ask.session, ask.member)
    number = sum(
        each
        for kind, each in roll.count_by_category(ask.session, branch)
        if kind in (*PARTY_MEMBERS, roll.UNKNOWN)
    )
    return f"{branch.name}现在有 {number} 名党员。都有谁、什么类别，由书记来查。"


@command(
    "members.group",
    help="我所在的党小组现在有多少人",
    shown=False,  # told with 名册
)
def tell_group(ask: Ask) -> str:
    """Tell how many one's own group has and who leads it; names to who may."""
    branch = party_branch(ask.session, ask.member)
    group = ask.session.get_one(Branch, ask.member.branch_id)
    if group_name(ask.session, ask.member) is None:
        return f"名册里没有把您编在{branch.name}的哪个党小组。"
    if ask.standing.role >= Role.SECRETARY:
        return _list(ask, Audience(group.id))
    number = sum(each for _, each in roll.count_by_category(ask.session, group))
    every = roll.officers(ask.session, branch)
    leaders = [each.name for each in every if each.where == group.name]
    led = f"，组长{'、'.join(leaders)}" if leaders else ""
    return f"您在{group.name}，现在有 {number} 人{led}。都有谁、什么类别，由书记来查。"


def _list_joined(ask: Ask, said: str) -> str:
    """List who joined before, in or after what is said. Raises NotMeant for no time."""
    before, since = BEFORE.stands_last(said), SINCE.stands_last(said)
    period = find_period(SINCE.cut_end(BEFORE.cut_end(said)), ask.now, "past")
    if period is None:
        raise NotMeant
    first, last = period.start.date(), (period.end - timedelta(days=1)).date()
    if before:
        span, words = (date.min, first - timedelta(days=1)), f"{say_date(first)}以前"
    elif since:
        span, words = (first, ask.now.date()), f"{say_date(first)}以来"
    else:
        span, words = (first, last), f"{say_date(first)}到{say_date(last)}"
    found = roll.joined_within(ask.session, ask.standing.branch, *span)
    if not found:
        return f"名册里没有{words}入党的同志。"
    others = [each.id for each in found if each.id != ask.member.id]
    audit.note(ask.session, ask.member, LISTED, ask.now, subjects=others)
    lines = [
        f"{each.called} {say_date(each.joined)}"
        for each in found[:MOST_SHOWN]
        if each.joined
    ]
    more = len(found) - len(lines)
    rest_told = [f"……还有 {more} 人"] if more else []
    return "\n".join([f"{words}入党的 {len(found)} 人：", *lines, *rest_told])


@command(
    "members.contact",
    help="书记、支委怎么联系",
    shown=False,
)
def tell_how_to_reach(ask: Ask) -> str:
    """Name who holds the office, and where to reach them; numbers are not told."""
    how = send_on(ask, TO_REACH, HER_OWN)
    return f"{show_officers.run(ask)}\n{how}"


@command(
    "members.officers",
    help="书记、支委和党小组组长是谁",
)
def show_officers(ask: Ask) -> str:
    """Name who holds office: everybody of the branch may know."""
    office = next((each for each in OFFICES if each in ask.text), "班子")
    branch = party_branch(ask.session, ask.member)
    every = roll.officers(ask.session, branch)
    there = [each for each in every if each.where in ask.text]
    found = [each for each in there or every if _holds(each, office)]
    if not found:
        others = "；".join(_say_officer(each, branch) for each in every[:MOST_SHOWN])
        known = f"\n记着的有：{others}" if others else ""
        return f"名册里没有写{branch.name}的{office}是谁。{known}"
    lines = [f"· {_say_officer(each, branch)}" for each in found[:MOST_SHOWN]]
    return "\n".join([f"{branch.name}：", *lines])


def _holds(officer: Officer, office: str) -> bool:
    if office in ("支委", "班子", "委员"):
        return "组长" not in officer.title
    return officer.title.startswith(office) or (
        office in officer.title and not officer.title.startswith("副")
    )


def _say_officer(officer: Officer, branch: Branch) -> str:
    where = "" if officer.where == branch.name else f"（{officer.where}）"
    return f"{officer.title}：{officer.name}{where}"


def _tell_one(ask: Ask, member: Member) -> str:
    """Tell what the roll has of one person; who looked is written down."""
    today, joined, full = ask.now.date(), member.joined, member.full_member_since
    age = party_age(joined, full, today) if joined else None
    years = years_since_joining(joined, today) if joined else 0
    held = "、".join(role.title for role in roles(ask.session, member))
    lines = [
        ("支部", party_branch(ask.session, member).name),
        ("党小组", group_name(ask.session, member)),
        ("类别", member.category),
        ("入党日期", joined and f"{say_date(joined)}{_years(years)}"),
        ("转正日期", full and say_date(full)),
        ("党龄", age and f"{age} 年"),
        ("职务", member.position),
        ("在助手里的角色", held),
        ("企业微信", "" if member.userid else "没有关联，收不到消息"),
    ]
    told = [f"{label}：{value}" for label, value in lines if value]
    end = []
    if member.id != ask.member.id:
        audit.note(ask.session, ask.member, VIEWED, ask.now, subjects=[member.id])
        end = ["（已记下您查看过，本人看得到。）"]
    return "\n".join([member.called, *told, *end])


def _part(scope: Scope, text: str) -> Audience | None:
    """Read the category or the body that is asked about; None for all.

    Raises Refusal where a body is named that is not here.
    """
    named = {CATEGORIES[word] for word in CATEGORIES if word in text}
    category = next((word for word in CATEGORIES if word in text), "")
    category = category if len(named) == 1 else ""  # of several, the roll tells each
    words = _body(scope, text)
    if not (words or category):
        return None
    called = words or scope.branch.name
    audience = read_audience(scope, words) if words else Audience(scope.branch.id)
    if not category:
        return replace(audience, categories=None, words=called)
    kind = CATEGORIES[category].value
    return replace(audience, categories=(kind,), words=called + kind)


def _years(years: int) -> str:
    return f"（{years} 周年）" if years else ""


def _body(scope: Scope, text: str) -> str:
    """Name the body below the branch that a text is about; "" for none."""
    names = [each.name for each in scope.branches if each.name in text]
    if names:
        return max(names, key=len)
    return find_body_name(AROUND_BODY.cut(text, "，"))


def _list(ask: Ask, audience: Audience) -> str:
    head = count_heads(ask.session, audience, MOST_SHOWN)
    if not head.total:
        return f"{audience.words}：名册里一位也没有。"
    _note_look(ask, audience, head)
    names = f"：{'、'.join(head.names)}" if head.names else ""
    return f"{audience.words}共 {head.total} 人{names}。"


def _note_look(ask: Ask, audience: Audience, head: Head) -> None:
    """Write down whose names were listed; a figure is nobody's."""
    if head.names:
        seen = ask.session.execute(select_people(ask.session, audience)).all()
        whose = [number for number, _ in seen if number != ask.member.id]
        audit.note(ask.session, ask.member, LISTED, ask.now, subjects=whose)


def _tell_all(ask: Ask, branch: Branch) -> str:
    counted = roll.count_by_category(ask.session, branch)
    number = sum(each for _, each in counted)
    kinds = "、".join(f"{kind} {each} 人" for kind, each in counted)
    lines = [f"{branch.name}名册共 {number} 人：{kinds}。"]
    whole = Audience(branch.id, categories=None)
    head = count_heads(ask.session, whole, MOST_SHOWN)
    if head.names:
        _note_look(ask, whole, head)
        lines.append("、".join(head.names))
    else:
        bodies = roll.count_by_branch(ask.session, branch)
        lines += [f"· {name} {each} 人" for name, each in bodies[:MOST_BODIES]]
        if len(bodies) > MOST_BODIES:
            lines.append(f"……还有 {len(bodies) - MOST_BODIES} 个")
    lines.append("查一位就说姓名，例：李伟的入党时间。")
    return "\n".join(lines)
