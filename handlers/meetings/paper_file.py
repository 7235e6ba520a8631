"""Minutes written in Word and sent to the robot: shown what is new, then taken in."""

from bot.branch.meetings import minutes
from bot.branch.meetings.meetings import Meeting, say
from bot.branch.meetings.minutes_paper import Paper, read_paper
from bot.branch.people.members import Role
from bot.branch.people.tree import home
from bot.command import Ask, Drafting, Kept, receiving
from bot.errors import Refusal
from bot.message import Reply
from bot.outbox import attachments
from bot.received import File, keep_file, load_file, read_apart
from bot.understanding.slots.scope import Scope
from handlers.meetings import which
from handlers.meetings.taking_in import TakenIn, say_page, take_in

DRAFT = "minutes.file"


def _door(ask: Ask) -> str | None:
    """Say where minutes are put in; None to who writes none."""
    if not ask.config.server.public_url:
        return None
    try:
        return say_page(ask, which.to_write(ask))
    except Refusal:
        return None


@receiving(DRAFT, endings=(".docx",), role=Role.MEMBER, door=_door)
def preview_minutes(ask: Ask, file: File) -> str | None:
    """Show what would be new; None to who writes no minutes."""
    try:
        meeting = which.to_write(ask)
    except Refusal:
        if ask.standing.role >= Role.SECRETARY:
            raise
        return None
    read_apart(ask, file, read_paper)
    kept = {"file": keep_file(ask, file), "meeting": meeting.id}
    ask.put_draft(DRAFT, f"把“{file.name}”记进{meeting.title}吗？", **kept)
    return _show(ask, kept)


def _show(ask: Ask, kept: Kept) -> str:
    file = load_file(ask, kept["file"])
    meeting = ask.session.get_one(Meeting, kept["meeting"])
    with ask.session.begin_nested() as trial:
        taken = _take(ask, meeting, read_apart(ask, file, read_paper))
        trial.rollback()
    told = f"【预览】{file.name}，记进{say(meeting, ask.now)}：\n{_say(taken)}"
    return f"{told}\n回“确认”记进去，回“取消”不记。"


def _take_in(ask: Ask, kept: Kept) -> Reply:
    file = load_file(ask, kept["file"])
    meeting = ask.session.get_one(Meeting, kept["meeting"])
    taken = _take(ask, meeting, read_apart(ask, file, read_paper))
    attachments.forget(ask.session, [kept["file"]])
    ask.close_question()
    told = f"记好了：{_say(taken)}\n说“会议记录”看全文，还可以改。"
    return Reply(told, changed=True)


def _drop(ask: Ask, kept: Kept) -> None:
    attachments.forget(ask.session, [kept["file"]])


MINUTES = Drafting(
    DRAFT,
    show=_show,
    confirm=_take_in,
    verbs=("记", "记进去"),
    dropped="好的，没有记。",
    declined=_drop,
)


def _take(ask: Ask, meeting: Meeting, paper: Paper) -> TakenIn:
    minutes.check_writer(ask.session, meeting, ask.member)
    scope = Scope(ask.session, home(ask.session, meeting.branch_id))
    return take_in(scope, meeting, paper, ask.member, ask.now)


def _say(taken: TakenIn) -> str:
    told = f"新的发言 {taken.points} 条，决议 {taken.resolved} 条。"
    if not taken.open:
        return told
    left = "\n".join(taken.open)
    return f"{told}没有票数的决议不记，请说“决议：…，赞成…反对…弃权…”：\n{left}"
