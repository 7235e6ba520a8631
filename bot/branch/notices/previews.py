"""A draft as its author sees it before it goes, waiting for the word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.branch.notices import chasing, enclosures, notices, sending
from bot.branch.notices.drafts import Draft
from bot.branch.notices.repeats import find_repeat
from bot.branch.people.audience import Head
from bot.branch.people.members import Role
from bot.branch.people.tree import Branch
from bot.calendar.say import say_time
from bot.config.settings import Config
from bot.inbox import open_questions
from bot.inbox.open_questions import Open

QUESTION = "broadcast"
HOW = (
    "也可以说：修改 …、明早九点发、发给 …、除了 …、"
    "选项 能参加/请假、截止 …、试发给自己、取消（30 分钟内有效）"
)
SEND, SEND_AGAIN = "回“确认”发出。", "要再发一遍，回“确认”；不用就回“取消”。"
NO_PAGE = (
    "图片直接在这里发给我，就加进通知。"
    "文件这里收不到，要先请管理员给助手配上外网地址，我才能给您上传的网页。"
)
HOW_TO_ENCLOSE = (
    "先说“发通知”和内容。预览里有一个网页，点开就能传图片和文件（PDF、Word 等），"
    "它们和通知一起发给大家。图片也可以看到预览以后直接在这里发给我。"
)
HOW_TO_SEND_PICTURES = f"先说“发通知”和内容。看到预览以后，{NO_PAGE}"


@dataclass(frozen=True)
class Sitting:
    """Where and when a draft is looked at: in whose conversation, for which branch.

    answers: the open question that it is looked at again for.
    """

    thread: str
    branch: Branch
    config: Config
    now: datetime
    answers: Open | None = None


def show(
    session: Session, sitting: Sitting, draft: Draft, more: Sequence[str] = ()
) -> str:
    """Put the preview, exactly as it will go, and wait for the word.

    more: what is to be looked at, such as what changed. Raises Refusal for what
    cannot go out.
    """
    draft = sending.keep_quiet(sitting.config, draft, sitting.now)
    head = sending.check(session, draft, sitting.now)
    repeat = find_repeat(session, draft, sitting.now)
    again = "再" if repeat else ""
    asked = f"“{notices.make_title(draft.text)}”{again}发不发？"
    told = {"repeats": repeat and repeat.notice.id}
    _wait(session, sitting, asked, _details("confirm", draft) | told)
    facts = [*list_facts(session, sitting, draft, head), *more]
    facts += [repeat.say(sitting.now)] if repeat else []
    how = f"{SEND_AGAIN if repeat else SEND}{HOW}"
    return "\n".join([*facts, "――――――", draft.text, "――――――", how])


def ask_text(session: Session, sitting: Sitting, draft: Draft) -> str:
    asked = "通知的内容是什么？"
    _wait(session, sitting, asked, _details("text", draft))
    told = f"{asked}直接发给我；不发了就回“取消”。"
    return "\n".join([*list_enclosed(session, draft), told])


def tell_door(sitting: Sitting, draft: Draft) -> str:
    """Say how pictures and files get into the draft."""
    if not (address := door_address(sitting, draft)):
        return NO_PAGE
    return (
        f"点开这个网页传图片或文件，传完它们就在通知里了：\n{address}\n"
        "图片也可以直接在这里发给我。"
    )


def door_address(sitting: Sitting, draft: Draft) -> str:
    """Return the address of the draft's page; "" where there are no pages."""
    public_url = sitting.config.server.public_url
    return f"{public_url}/m/enclose/{draft.door}" if public_url else ""


def _wait(
    session: Session, sitting: Sitting, asked: str, details: dict[str, object]
) -> None:
    office = int(Role.SECRETARY), sitting.branch.id
    question = Open(QUESTION, asked, {**details, open_questions.BEFORE: []}, *office)
    now, answers = sitting.now, sitting.answers
    open_questions.put(session, sitting.thread, question, now, answers=answers)


def _details(step: str, draft: Draft) -> dict[str, object]:
    return {"step": step, "draft": draft.pack()}


def list_facts(
    session: Session, sitting: Sitting, draft: Draft, head: Head
) -> list[str]:
    """List to whom a draft goes, when, what it asks and what goes with it."""
    names = head.say_names(draft.audience.in_full)
    lost = head.total - head.reachable
    unreachable = f"，其中 {lost} 人还没关联企业微信、收不到" if lost else ""
    whom = f"{sitting.branch.name}{draft.audience.in_full}"
    facts = [f"【预览】发给{whom}，共 {head.total} 人{names}{unreachable}"]
    if corrected := notices.say_corrected(session, draft.corrects, sitting.now):
        facts.append(corrected)
    facts += _say_hour(sitting, draft)
    if draft.choices:
        facts.append(f"回执：{' / '.join(draft.choices)}")
    if draft.deadline:
        facts.append(_say_deadline(sitting, draft, draft.deadline))
    facts += list_enclosed(session, draft)
    if draft.robots:
        words = "（文件不发到群里）" if draft.files else ""
        facts.append(f"同时发到群：{'、'.join(draft.robots)}{words}")
    if sending.needs_approval(sitting.config, head):
        facts.append("人数较多，确认后要另一位支委审批才发出。")
    if address := door_address(sitting, draft):
        facts.append(f"加图片、文件：{address}")
    return facts


def _say_hour(sitting: Sitting, draft: Draft) -> list[str]:
    if draft.goes_at:
        return [f"时间：{say_time(draft.goes_at, sitting.now)}"]
    return ["时间：确认后马上发出"] if draft.urgent and not draft.corrects else []


def list_enclosed(session: Session, draft: Draft) -> list[str]:
    """Name the pictures and the files, a line for each of the two."""
    kinds = (("图片", draft.pictures), ("文件", draft.files))
    return [
        f"{what}：{'、'.join(enclosures.name_each(session, numbers))}"
        for what, numbers in kinds
        if numbers
    ]


def _say_deadline(sitting: Sitting, draft: Draft, deadline: datetime) -> str:
    """Promise a reminder only where there will be one, and say when at night."""
    quiet, goes_at = sitting.config.quiet, draft.goes_at or sitting.now
    at = chasing.chase_time(quiet, goes_at, deadline)
    if at is None:
        promise = "时间太近，不自动催"
    elif at < deadline - chasing.CHASE_BEFORE:
        promise = f"夜里不打扰，{say_time(at, sitting.now)}自动催一次"
    else:
        promise = "截止前自动催一次"
    return f"截止：{say_time(deadline, sitting.now)}，{promise}"
