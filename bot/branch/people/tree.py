"""The tree of branches: 党委 › 党总支 › 党支部 › 党小组."""

from collections.abc import Iterator
from enum import StrEnum

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.database import Base, Id
from bot.storage.invariants import proof


class BranchKind(StrEnum):
    COMMITTEE = "党委"
    GENERAL = "党总支"
    BRANCH = "党支部"
    GROUP = "党小组"


class Branch(Base):
    """A node; path holds the ids from the root down, "/1/4/9/"."""

    __tablename__ = "branch"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"))
    kind: Mapped[BranchKind] = mapped_column(String)
    name: Mapped[str] = mapped_column(index=True)
    path: Mapped[str] = mapped_column(index=True)


def guess_kind(name: str) -> BranchKind:
    """Tell the kind by the name's ending, as these bodies are always named."""
    for ending, kind in (
        ("小组", BranchKind.GROUP),
        ("组", BranchKind.GROUP),
        ("总支", BranchKind.GENERAL),
        ("总支部", BranchKind.GENERAL),
        ("总支部委员会", BranchKind.GENERAL),
        ("总支委员会", BranchKind.GENERAL),
        ("支部委员会", BranchKind.BRANCH),
        ("支部", BranchKind.BRANCH),
        ("委员会", BranchKind.COMMITTEE),
        ("党委", BranchKind.COMMITTEE),
    ):
        if name.endswith(ending):
            return kind
    return BranchKind.BRANCH


def plant(session: Session, name: str, parent: Branch | None = None) -> Branch:
    """Add a node under its parent (or a root)."""
    branch = Branch(
        name=name,
        kind=guess_kind(name),
        parent_id=parent.id if parent else None,
        path="",
    )
    session.add(branch)
    session.flush()
    branch.path = f"{parent.path if parent else '/'}{branch.id}/"
    session.flush()
    return branch


def find_branch(
    session: Session, name: str, parent: Branch | None = None
) -> Branch | None:
    """Find a node by its name; under the parent, at any depth, if one is given."""
    found = select(Branch).where(Branch.name == name).order_by(Branch.path)
    if parent:
        found = found.where(Branch.path.startswith(parent.path))
    return session.scalars(found).first()


def home(session: Session, branch_id: int) -> Branch:
    """Return the party branch of a member's node: the node itself or a group's."""
    branch = session.get_one(Branch, branch_id)
    while branch.kind == BranchKind.GROUP and branch.parent_id:
        branch = session.get_one(Branch, branch.parent_id)
    return branch


@proof("组织：每个节点的路径从根连到自己")
def rooted(session: Session) -> Iterator[str]:
    every = session.scalars(select(Branch)).all()
    paths: dict[int | None, str] = {None: "/"} | {each.id: each.path for each in every}
    for branch in every:
        above = paths.get(branch.parent_id)
        if branch.path != f"{above}{branch.id}/":
            yield f"第 {branch.id} 号（{branch.name}）的路径不对"
