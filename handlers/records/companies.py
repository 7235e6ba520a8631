"""One company told under two names becomes one, which keeps both."""

from pathlib import Path

from bot.branch.people.members import Role, party_branch
from bot.branch.records import organisations
from bot.branch.records.kinds.service import SERVICE
from bot.branch.records.organisations import Register
from bot.command import Ask, Drafting, Kept, command
from bot.errors import Refusal
from bot.message import Reply
from bot.text.phrases import read_beside
from handlers.records.tell import knows_company

MERGING = "service.merge"
HOW = "例：轴承厂和苏州轴承厂是一家。"


@command(
    MERGING,
    help="两个名称其实是一家企业的，合成一家，例：轴承厂和苏州轴承厂是一家",
    phrases=read_beside(Path(SERVICE.beside), MERGING),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
    knows=knows_company,
)
def merge_companies(ask: Ask) -> str:
    """Show which two would be one, under the longer name."""
    register = Register(ask.session, party_branch(ask.session, ask.member))
    said = [ask.slots.get(each, "") for each in ("one", "other")]
    found = [register.find(each) if each else None for each in said]
    names = [each.name for each in found if each]
    if len(names) < len(said):
        raise Refusal(f"哪两家？{HOW}")
    if names[0] == names[1]:
        raise Refusal(f"“{said[0]}”和“{said[1]}”已经是一家了：{names[0]}。")
    short, whole = sorted(names, key=len)
    return _show(ask, {"name": short, "into": whole})


def _show(ask: Ask, kept: Kept) -> str:
    ask.put_draft(MERGING, f"把“{kept['name']}”并到“{kept['into']}”？", **kept)
    return (
        f"【预览】“{kept['name']}”并到“{kept['into']}”，以前记的都算它的，"
        "两个名称都认得。\n回“确认”合并，不合并回“取消”。"
    )


def _merge(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    branch = party_branch(ask.session, ask.member)
    count = organisations.merge(ask.session, branch, kept["name"], kept["into"])
    return Reply(f"合并好了，改归“{kept['into']}”的有 {count} 条。", changed=True)


MERGE = Drafting(
    MERGING,
    show=_show,
    confirm=_merge,
    verbs=("合并", "并"),
    dropped="好的，没有合并。",
)
