"""A roster sent to the robot as a file: shown what it would change, then imported."""

from bot.branch.enrolment import enrolment
from bot.branch.enrolment.enrolment import Summary
from bot.branch.enrolment.saying import say_import
from bot.branch.people import audit, members, offices
from bot.branch.people.members import Role
from bot.command import Ask, Drafting, Kept, receiving
from bot.errors import Refusal
from bot.files.roster.entry import Roster
from bot.files.roster.read import read_roster
from bot.message import Reply
from bot.outbox import attachments
from bot.received import File, keep_file, load_file, read_apart

WHOLE = "按名册来读“{name}”，有一行不对就一行也不导入：\n{faults}"
DRAFT = "members.import"
BY_CONSOLE = "是名册的话，说“打开后台”，在“名册”里导入，也先看预览。"


def _door(ask: Ask) -> str | None:
    return BY_CONSOLE if ask.config.server.public_url else None


@receiving(DRAFT, endings=(".xlsx", ".xls", ".csv"), role=Role.SECRETARY, door=_door)
def preview_roster(ask: Ask, file: File) -> str:
    """Show what would change, and keep the file until the word."""
    _read(ask, file)
    kept = keep_file(ask, file)
    ask.put_draft(DRAFT, f"导入名册“{file.name}”吗？", file=kept)
    return _show(ask, {"file": kept})


def _show(ask: Ask, kept: Kept) -> str:
    file = load_file(ask, kept["file"])
    roster = _read(ask, file)
    with ask.session.begin_nested() as trial:
        summary = _enrol(ask, roster)
        trial.rollback()
    told = say_import(roster, summary, dry_run=True)
    return f"【预览】{file.name}\n{told}\n回“确认”导入，回“取消”不导入。"


def _import(ask: Ask, kept: Kept) -> Reply:
    roster = _read(ask, load_file(ask, kept["file"]))
    summary = _enrol(ask, roster)
    audit.note(ask.session, ask.member, "members.import", ask.now)
    attachments.forget(ask.session, [kept["file"]])
    ask.close_question()
    return Reply(say_import(roster, summary, dry_run=False), changed=True)


def _drop(ask: Ask, kept: Kept) -> None:
    attachments.forget(ask.session, [kept["file"]])


ROSTER = Drafting(
    DRAFT,
    show=_show,
    confirm=_import,
    verbs=("导入",),
    dropped="好的，没有导入。",
    declined=_drop,
)


def _enrol(ask: Ask, roster: Roster) -> Summary:
    told = ask.config.branch
    accounts = {each.casefold() for each in told.secretaries}
    root = members.ensure_root(ask.session, told.name)
    settings = offices.Settings(root, accounts)
    where = ask.standing.branch
    return enrolment.enrol(
        ask.session, roster.entries, where, ask.now, settings=settings
    )


def _read(ask: Ask, file: File) -> Roster:
    today, phones = ask.now.date(), ask.config.roster.phones

    def read(name: str, content: bytes) -> Roster:
        return read_roster(content, name, today, phones=phones)

    try:
        return read_apart(ask, file, read)
    except Refusal as refusal:
        raise Refusal(WHOLE.format(name=file.name, faults=refusal)) from refusal
