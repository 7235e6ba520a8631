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
from bot.received import File

NOT_THERE = "刚才那份名册已经不在了，请再发一次。"
WHOLE = "按名册来读“{name}”，有一行不对就一行也不导入：\n{faults}"
DRAFT = "members.import"


@receiving(DRAFT, endings=(".xlsx", ".xls", ".csv"), role=Role.SECRETARY)
def preview_roster(ask: Ask, file: File) -> str:
    """Show what would change, and keep the file until the word."""
    _read(ask, file)
    kept = attachments.keep_private(
        ask.session, file.name, "application/octet-stream", file.content, ask.now
    )
    ask.put_draft(DRAFT, f"导入名册“{file.name}”吗？", file=kept)
    return _show(ask, {"file": kept})


def _show(ask: Ask, kept: Kept) -> str:
    file = _load(ask, kept)
    roster = _read(ask, file)
    with ask.session.begin_nested() as trial:
        summary = _enrol(ask, roster)
        trial.rollback()
    told = say_import(roster, summary, dry_run=True)
    return f"【预览】{file.name}\n{told}\n回“确认”导入，回“取消”不导入。"


def _import(ask: Ask, kept: Kept) -> Reply:
    roster = _read(ask, _load(ask, kept))
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
    phones = ask.config.roster.phones
    try:
        return read_roster(file.content, file.name, ask.now.date(), phones=phones)
    except Refusal as refusal:
        raise Refusal(WHOLE.format(name=file.name, faults=refusal)) from refusal


def _load(ask: Ask, kept: Kept) -> File:
    found = attachments.get(ask.session, kept["file"])
    content = found.bytes_kept if found else None
    if found is None or content is None:
        raise Refusal(NOT_THERE)
    return File(found.name, content)
