"""党课学时: whoever was there gets the hours of a lecture, in the ledger of study."""

from bot.branch.meetings import meetings, turnout
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.turnout import Person
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Role
from bot.branch.study import hours, trainings
from bot.branch.study.hours import Conversion, Lesson
from bot.branch.study.trainings import Recorder
from bot.command import Answer, Ask, Drafting, Kept, command
from bot.errors import Refusal
from bot.message import Reply
from bot.understanding.slots.amounts import read_amount
from handlers.meetings import which

HOW_MANY = "这次党课算几个学时？例：党课记 2 学时"


@command(
    "minutes.hours",
    help="给党课到会的人记学时，例：党课记 2 学时",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def give_hours(ask: Ask) -> str:
    """Preview the hours of the last lecture for whoever was there, name by name."""
    found = which.of_words(ask, _over(ask), ask.text, "past")
    if not found:
        raise Refusal("还没有开过、记了到会的党课。")
    number = _hours_said(ask)
    if not number:
        raise Refusal(HOW_MANY)
    return _show(ask, found[0], number)


def _over(ask: Ask) -> list[Meeting]:
    begun = [each for each in which.begun(ask) if each.kind == Kind.LECTURE]
    return [each for each in begun if meetings.is_over(each, ask.now)]


def _hours_said(ask: Ask) -> float:
    """Read how many hours a text says; 0 where it says none."""
    amount, conversion = read_amount(ask.text), Conversion.of(ask.config.study)
    return conversion.hours(amount.number, amount.unit) if amount else 0.0


def _show(ask: Ask, meeting: Meeting, number: float) -> str:
    people = _came(ask, meeting)
    if not people:
        raise Refusal(f"“{meeting.title}”还没有记到会，先补到会，再记学时。")
    lesson = _lesson(ask, meeting, number)
    hours.check(lesson, ask.now)
    asked = f"给到会的 {len(people)} 人各记 {number:g} 学时？"
    ask.put_draft("meetings.hours", asked, number=meeting.id, hours=number)
    names = "、".join(each.name for each in people)
    return (
        f"【预览】{meetings.say(meeting, ask.now)}\n{lesson.title}：{number:g} 学时，"
        f"到会 {len(people)} 人：{names}\n缺席、补课的不算。回“确认”记下，“取消”不记。"
    )


def _came(ask: Ask, meeting: Meeting) -> list[Person]:
    people = turnout.list_people(ask.session, meeting, ask.now)
    return [each for each in people if each.came]


def _lesson(ask: Ask, meeting: Meeting, number: float) -> Lesson:
    items = meetings.agenda(ask.session, meeting)
    title = f"{meeting.title} {items[0]}" if items else meeting.title
    day = meetings.day_of(meeting, ask.now)
    return Lesson(title[: hours.MAX_TITLE], day, number)


def show_again(ask: Ask, kept: Kept) -> Answer:
    return _show(ask, meetings.find(ask.session, kept["number"]), kept["hours"])


def change(ask: Ask, kept: Kept) -> Answer | None:
    number = _hours_said(ask)
    meeting = meetings.find(ask.session, kept["number"])
    return _show(ask, meeting, number) if number else None


def confirm(ask: Ask, kept: Kept) -> Answer:
    ask.close_question()
    meeting = meetings.find(ask.session, kept["number"])
    ids = tuple(each.member_id for each in _came(ask, meeting))
    branch = ask.standing.branch
    audience = Audience(branch.id, categories=None, members=ids, only_named=True)
    lesson = _lesson(ask, meeting, kept["hours"])
    training = trainings.record(
        ask.session,
        Recorder(ask.member, branch),
        lesson,
        select_people(ask.session, audience),
        ask.now,
    )
    count = trainings.attendees(ask.session, training)
    return Reply(
        f"记下了：{lesson.title}，{count} 人各 {lesson.hours:g} 学时。"
        f"记错了发“撤销培训 {lesson.title}”。",
        changed=True,
    )


HOURS = Drafting(
    "meetings.hours",
    show=show_again,
    confirm=confirm,
    change=change,
    verbs=("记下", "登记"),
    dropped="好的，没有记学时。",
)
