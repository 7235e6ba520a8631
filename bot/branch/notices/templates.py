"""Templates of notices: what a branch sends again and again, kept under a name.

Of a notice a template keeps what is the same each time: words, choices, to whom. When
it goes and by when to answer is said anew.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import MAX_TEXT, Notice
from bot.branch.people.audience import Audience
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.storage.database import Base, Id, hold

LONGEST_NAME, MOST = 20, 50
NOT_HERE = "没有叫“{name}”的通知模板。{known}"
KNOWN = "现有：{names}。"
NONE = "还没有模板，发过一条通知以后说“存成模板 月度党费”就有了。"
TAKEN = "已经有叫“{name}”的模板了，请换个名字，或者先删掉原来的。"
TOO_LONG = f"模板的名字最多 {LONGEST_NAME} 字。"
NO_NAME = "模板叫什么？例：存成模板 月度党费。"
ENOUGH = f"模板最多存 {MOST} 个，先删掉不用的。"
NO_TEXT = f"模板要有内容，最多 {MAX_TEXT} 字。"


class NoticeTemplate(Base):
    """A notice to be sent again, of one branch. choices: {"offered": […]}."""

    __tablename__ = "notice_template"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id", ondelete="CASCADE"))
    name: Mapped[str]
    text: Mapped[str]
    audience: Mapped[dict[str, Any]]
    choices: Mapped[dict[str, Any]]
    kept_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kept_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("branch_id", "name"),)

    @property
    def offered(self) -> tuple[str, ...]:
        return tuple(self.choices["offered"])

    def draft(self) -> Draft:
        """Make a draft of it: to be changed, looked at, and sent."""
        audience = Audience.unpack(self.audience)
        return Draft(self.text, audience, choices=self.offered)


def of_branch(session: Session, branch: Branch) -> Sequence[NoticeTemplate]:
    mine = select(NoticeTemplate).where(NoticeTemplate.branch_id == branch.id)
    return session.scalars(mine.order_by(NoticeTemplate.name)).all()


def find(session: Session, branch: Branch, name: str) -> NoticeTemplate:
    """Find one by its name, or the only one whose name has these words.

    Raises Refusal, with the names that there are.
    """
    every = of_branch(session, branch)
    wanted = "".join(name.split())
    exact = [each for each in every if each.name == wanted]
    near = [each for each in every if wanted and wanted in each.name]
    found = exact or near
    if len(found) != 1:
        names = "、".join(each.name for each in every)
        known = KNOWN.format(names=names) if names else NONE
        raise Refusal(NOT_HERE.format(name=name[:LONGEST_NAME], known=known))
    return found[0]


def get(session: Session, branch: Branch, number: int) -> NoticeTemplate:
    """Find one of a branch by its number. Raises Refusal for any other."""
    row = session.get(NoticeTemplate, number)
    if row is None or row.branch_id != branch.id:
        raise Refusal("没有这个模板，可能已经删了。")
    return row


def keep(  # noqa: PLR0913  # what, under which name, by whom
    session: Session,
    branch: Branch,
    name: str,
    notice: Notice,
    by: Member,
    now: datetime,
) -> NoticeTemplate:
    """Keep a notice as a template. Raises Refusal for a name that is taken."""
    offered = list(notice.answers) if notice.asking else []
    choices = [] if offered == ["收到"] else offered
    return keep_draft(
        session,
        branch,
        name,
        Draft(notice.text, Audience.unpack(notice.audience), choices=tuple(choices)),
        by,
        now,
    )


def keep_draft(  # noqa: PLR0913  # what, under which name, by whom
    session: Session, branch: Branch, name: str, draft: Draft, by: Member, now: datetime
) -> NoticeTemplate:
    """Keep what a draft says. Raises Refusal for a name that is taken."""
    hold(session, Branch, branch.id)
    called = _read_name(name)
    every = of_branch(session, branch)
    if called in [each.name for each in every]:
        raise Refusal(TAKEN.format(name=called))
    if len(every) >= MOST:
        raise Refusal(ENOUGH)
    _check_text(draft.text)
    row = NoticeTemplate(
        branch_id=branch.id,
        name=called,
        text=draft.text,
        audience=draft.audience.pack(),
        choices={"offered": list(draft.choices)},
        kept_by=by.id,
        kept_at=now,
    )
    session.add(row)
    session.flush()
    return row


def rename(session: Session, row: NoticeTemplate, name: str) -> None:
    """Call it otherwise. Raises Refusal for a name that is taken."""
    branch = session.get_one(Branch, row.branch_id)
    hold(session, Branch, branch.id)
    called = _read_name(name)
    others = [each for each in of_branch(session, branch) if each.id != row.id]
    if called in [each.name for each in others]:
        raise Refusal(TAKEN.format(name=called))
    row.name = called
    session.flush()


def reword(session: Session, row: NoticeTemplate, text: str) -> None:
    _check_text(text)
    row.text = text.strip()
    session.flush()


def delete(session: Session, row: NoticeTemplate) -> None:
    session.delete(row)
    session.flush()


def _read_name(name: str) -> str:
    called = "".join(name.split()).strip('，。、：:,.“”"')
    if not called:
        raise Refusal(NO_NAME)
    if len(called) > LONGEST_NAME:
        raise Refusal(TOO_LONG)
    return called


def _check_text(text: str) -> None:
    if not 0 < len(text.strip()) <= MAX_TEXT:
        raise Refusal(NO_TEXT)
