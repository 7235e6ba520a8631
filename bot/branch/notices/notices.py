"""Notices of a secretary: who is told, who has it, who has acknowledged it.

From the moment of confirming there is a row for everybody who is meant; of these rows,
at every moment, planned = delivered + refused + pending.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import outbox
from bot.branch.notices.drafts import Draft
from bot.branch.people.audience import select_people
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.say import say_moment
from bot.errors import Refusal
from bot.message import Button, Card, Content, Picture, Text
from bot.outbox import Importance, Plan, Window, limits
from bot.storage.database import Base, Id
from bot.text.links import list_addresses

MAX_TEXT = 4000
GOOD_FOR = timedelta(days=3)
WAIT_FOR_APPROVAL = timedelta(days=7)
TITLE_CHARS = 18
LEAST_TITLE = 4
# 各位同志： · 同志们，大家好！
SALUTATION = re.compile(
    r"^(?:[^，,。：:\n]{0,10}(?:同志|党员|老师|大家|各位)们?[：:]"
    r"|(?:同志们[，,！!：:])?大家好[，,！!。：:])\s*"
)
ENDS = " \n。！!？?~～；;"
RECENT = 20  # those that words may mean
RECEIVED = "收到"
NOTICE, CORRECTION = "通知", "更正"
# 三会一课 and the meetings that the rules name: their calls reach whoever wants quiet.
FORMAL = re.compile(
    r"[开到参召出].{0,12}(?:支部(?:党员)?大会|党员大会|支委会|支部委员会|党小组会|党课"
    r"|组织生活会|民主评议|主题党日)"
)


class State(StrEnum):
    """Where a notice stands. SENT also while it waits for its time."""

    SENT = "sent"
    AWAITING = "awaiting"
    WITHDRAWN = "withdrawn"


class Notice(Base):
    """A text to an audience. goes_at: when its letters may go.

    chased_at: reminded by itself before the deadline; reported_at: the secretary was
    told the result. corrects: the first notice of the matter, of which this is a later
    version; the receipts of a matter are kept with the first.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    title: Mapped[str]
    text: Mapped[str]
    audience: Mapped[dict[str, Any]]
    choices: Mapped[dict[str, Any]]
    asking: Mapped[bool]
    state: Mapped[State] = mapped_column(String)
    at: Mapped[datetime]
    goes_at: Mapped[datetime]
    deadline: Mapped[datetime | None] = mapped_column(index=True)
    corrects: Mapped[int | None] = mapped_column(ForeignKey("notice.id"), index=True)
    nudged_at: Mapped[datetime | None]
    nudges: Mapped[int] = mapped_column(default=0)
    chased_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_notice_asking",
            "goes_at",
            sqlite_where=sql("asking"),
            postgresql_where=sql("asking"),
        ),
    )

    @property
    def matter(self) -> int:
        """Name what all corrections of one notice share: the first one's number."""
        return self.corrects or self.id

    @property
    def topic(self) -> str:
        return f"notice:{self.id}"

    @property
    def topics(self) -> tuple[str, ...]:
        """Name all its letters: the text, whose recipients count, and the rest."""
        parts = ("picture", "robot", "nudge")
        return self.topic, *(f"{self.topic}:{part}" for part in parts)

    @property
    def enclosed_topic(self) -> str:
        """Name the letters of its pictures and files."""
        return f"{self.topic}:picture"

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the answers that it offers; at least 收到."""
        return tuple(self.choices["offered"]) or (RECEIVED,)


@dataclass(frozen=True)
class Desk:
    """Who sends, from which branch, and where a member can read it on a page."""

    author: Member
    branch: Branch
    public_url: str = ""
    needs_approval: bool = False


@dataclass(frozen=True)
class Face:
    """What is shown with a notice's words.

    word: what it is; corrected: the name of the notice that it corrects; carries: its
    pictures and files, counted.
    """

    word: str = NOTICE
    corrected: str = ""
    carries: str = ""


@dataclass(frozen=True)
class NoticeLetter:
    """One letter of a notice, and for whom it is.

    plain: for those who read it so, or with cards; None for all who have no page of it.
    robot: the group's robot that says it instead.
    """

    key: str
    kind: str
    content: Content
    topic: str
    plain: bool | None = None
    robot: str = ""


def publish(session: Session, desk: Desk, draft: Draft, now: datetime) -> Notice:
    """Write a notice down, with letters and a row for everyone it is meant for."""
    check(draft, now)
    first = None if draft.corrects is None else find(session, draft.corrects).matter
    notice = Notice(
        author_id=desk.author.id,
        branch_id=desk.branch.id,
        title=make_title(draft.text),
        text=draft.text,
        audience=draft.audience.pack(),
        choices={"offered": list(draft.choices)},
        asking=bool(draft.choices),
        state=State.AWAITING if desk.needs_approval else State.SENT,
        at=now,
        goes_at=draft.goes_at or now,
        deadline=draft.deadline,
        corrects=first,
    )
    session.add(notice)
    session.flush()
    _put_letters(session, notice, desk, draft, now)
    return notice


def check(draft: Draft, now: datetime) -> None:
    """Raise Refusal for what cannot go out so."""
    if len(draft.text) > MAX_TEXT:
        raise Refusal(
            f"通知最多 {MAX_TEXT} 字，现在有 {len(draft.text)} 字，请缩短再发。"
        )
    if draft.deadline and draft.deadline <= (draft.goes_at or now):
        raise Refusal("截止时间在发出之前，大家来不及回复。请改截止时间或发送时间。")


def preview(draft: Draft, branch: Branch) -> list[Content]:
    """Return what a recipient would see: 试发给自己."""
    buttons = tuple(Button(each, "help") for each in draft.choices or (RECEIVED,))
    word = CORRECTION if draft.corrects else NOTICE
    title = f"【试发】{_name_card(word, branch, draft.text)}"
    links = list_addresses(draft.text)
    card = Card(title, draft.text, buttons, source=branch.name, links=links)
    return [card, *_enclosed(draft)]


def make_title(text: str) -> str:
    """Take the first line or clause as the title, without addresses or greeting."""
    said = _without_addresses(text)
    said = SALUTATION.sub("", said).strip() or said
    head = re.split(r"[\n。！？!?；;]", said, maxsplit=1)[0].strip()
    if len(head) <= TITLE_CHARS:
        return head
    clauses = re.match(rf".{{{LEAST_TITLE},{TITLE_CHARS}}}(?=[，,：:])", head)
    return clauses[0].strip() if clauses else head[: TITLE_CHARS - 1] + "…"


def _name_card(word: str, branch: Branch, text: str) -> str:
    """Name a card by what its text is about, or where that is all of it by whose it is.

    A long branch's name is left to the line above the title.
    """
    title = make_title(text)
    if SALUTATION.sub("", text).strip(ENDS) != title.strip(ENDS):
        return f"{word}：{title}"
    kind = f"{word}{NOTICE}" if word == CORRECTION else NOTICE
    asks = "" if word in (NOTICE, CORRECTION) else f"{word}："
    whole = f"{asks}{branch.name}{kind}"
    return whole if len(whole) <= limits.TITLE_CHARS else f"{asks}{kind}"


def _without_addresses(text: str) -> str:
    """Take out the addresses, and what was around them only; one that is all stays."""
    addresses = list_addresses(text)
    for address in addresses:
        text = text.replace(address, "").strip() or address
    around = r"[ （(]+(?=[，,。；;）)\n]|$)[）)]*"
    return re.sub(around, "", text).strip() if addresses else text.strip()


def say_corrected(session: Session, corrected: int | None, now: datetime) -> str:
    """Name the notice that another corrects; "" for one that corrects none."""
    if corrected is None:
        return ""
    first = find(session, corrected)
    return f"更正{say_moment(first.goes_at, now)}的“{first.title}”"


def is_call(text: str) -> bool:
    """Tell if a notice calls to a formal meeting."""
    return FORMAL.search(text) is not None


def importance_of(text: str) -> Importance:
    return Importance.CALL if is_call(text) else Importance.NOTICE


def leaves_out(notice: Notice, member_id: int) -> bool:
    """Tell whether a notice that went to somebody asks nothing of them any more."""
    return member_id in notice.audience.get("without_members", ())


def find(session: Session, notice_id: int) -> Notice:
    """Return a notice. Raises Refusal if there is none."""
    notice = session.get(Notice, notice_id)
    if notice is None:
        raise Refusal("没有找到这条通知。")
    return notice


def latest(session: Session, branch: Branch, limit: int = RECENT) -> Sequence[Notice]:
    """List the latest notices of a branch or below it, the newest first."""
    return session.scalars(_of_branch(branch).limit(limit)).all()


def every(session: Session) -> Sequence[Notice]:
    return session.scalars(select(Notice).order_by(Notice.id)).all()


def waiting(session: Session, branch: Branch, now: datetime) -> list[Notice]:
    """List the notices whose time has not come, or that wait for an approval."""
    ahead = (Notice.state == State.SENT) & (Notice.goes_at > now)
    found = _of_branch(branch).where((Notice.state == State.AWAITING) | ahead)
    return list(session.scalars(found))


def _of_branch(branch: Branch) -> Select[Notice]:
    """Select the notices of a branch or below it, the newest first."""
    return (
        select(Notice)
        .join(Branch, Branch.id == Notice.branch_id)
        .where(Branch.path.startswith(branch.path))
        .order_by(Notice.id.desc())
    )


def _put_letters(
    session: Session, notice: Notice, desk: Desk, draft: Draft, now: datetime
) -> None:
    """Put its words, then what goes with them: where there is a page it is there."""
    people = select_people(session, draft.audience)
    readers = {each: people.where(Member.plain.is_(each)) for each in (False, True)}
    pageless = people.where(Member.plain) if desk.public_url else people
    corrected = say_corrected(session, notice.corrects, now)
    window = _window(notice, now)
    importance = importance_of(draft.text)
    for each in letters_of(notice, desk, draft, corrected, now):
        plan = Plan(
            key=f"{notice.topic}:{each.key}",
            kind=each.kind,
            content=each.content,
            window=window,
            importance=importance,
            channel="robot" if each.robot else "wecom",
            topic=each.topic,
        )
        if each.robot:
            outbox.put_to(session, plan, each.robot, None, now=now)
        else:
            whom = pageless if each.plain is None else readers[each.plain]
            outbox.put(session, plan, whom, now=now)


def letters_of(
    notice: Notice, desk: Desk, draft: Draft, corrected: str, now: datetime
) -> Iterator[NoticeLetter]:
    """Yield all letters of a notice: the words first, for each way of reading them."""
    carries = count_enclosed(len(draft.pictures), len(draft.files))
    face = Face(corrected=corrected, carries=carries)
    card, said = (write(notice, desk, face, now, plain=each) for each in (False, True))
    yield NoticeLetter("card", "notice", card, notice.topic, plain=False)
    yield NoticeLetter("text", "notice", said, notice.topic, plain=True)
    enclosed = _enclosed(draft)
    for number, each in enumerate(enclosed, 1):
        key, kind = f"{each.kind}:{number}", f"notice_{each.kind}"
        yield NoticeLetter(key, kind, each, notice.enclosed_topic)
    shown = [said, *(each for each in enclosed if each.kind == "picture")]
    for name in draft.robots:
        for number, content in enumerate(shown):
            key, topic = f"robot:{name}:{number}", f"{notice.topic}:robot"
            yield NoticeLetter(key, "notice_robot", content, topic, robot=name)


def write(
    notice: Notice, desk: Desk, face: Face, now: datetime, *, plain: bool
) -> Content:
    """Write a notice as a card, or as plain text where cards do not show."""
    word = CORRECTION if face.corrected and face.word == NOTICE else face.word
    text = f"（{face.corrected}）\n{notice.text}" if face.corrected else notice.text
    until = notice.deadline and say_moment(notice.deadline, now)
    if plain:
        answers = "、".join(f"“{each}”" for each in notice.answers)
        by = f"（{until} 截止）" if until else ""
        return Text(
            f"【{word}】{desk.branch.name}\n{text}\n\n看到请回复{answers}{by}。"
        )
    keys = enumerate(notice.answers)
    lines = (("截止", until), ("附件", face.carries))
    return Card(
        title=_name_card(word, desk.branch, notice.text),
        text=text,
        source=desk.branch.name,
        buttons=tuple(
            Button(each, f"receipt:{notice.id}:{number}") for number, each in keys
        ),
        lines=tuple((label, value) for label, value in lines if value),
        url=page_address(notice, desk.public_url),
        links=list_addresses(notice.text),
    )


def count_enclosed(pictures: int, files: int) -> str:
    """Say how much goes with a notice: 2 图 1 文件."""
    counts = ((pictures, "图"), (files, "文件"))
    return " ".join(f"{number} {what}" for number, what in counts if number)


def page_address(notice: Notice, public_url: str) -> str:
    """Return where a member reads a notice; "" where there are no pages."""
    return f"{public_url}/m/notices/{notice.id}" if public_url else ""


def _enclosed(draft: Draft) -> list[Picture]:
    files = [Picture(each, "file") for each in draft.files]
    return [*(Picture(each) for each in draft.pictures), *files]


def _window(notice: Notice, now: datetime) -> Window:
    if notice.state == State.AWAITING:
        never = now + WAIT_FOR_APPROVAL  # what nobody lets go is dropped, not sent
        return Window(never, never)
    return Window(notice.goes_at, notice.goes_at + GOOD_FOR)
