"""通知模板: a notice is kept under a name, used again, called otherwise, deleted."""

from bot.branch.notices import notices, templates
from bot.branch.notices.notices import Notice, State
from bot.branch.notices.templates import NoticeTemplate
from bot.branch.people.members import Member, Role
from bot.calendar.say import say_date
from bot.command import Answer, Ask, Drafting, Kept, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from handlers.notices.compose import show
from handlers.notices.pick import pick
from handlers.notices.which import ask_which, hear_which

WHICH, DELETING = "which_template", "notice_template.delete"
HOW = "要用说“用模板 {name}”；改名说“模板 {name} 改名叫…”，不要了说“删模板 {name}”。"
EDGES = " ，,。：:“”"


@command(
    "notice_template.keep",
    help="把发过的通知存成模板，例：存成模板 月度党费",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def keep(ask: Ask) -> Reply | str:
    """Keep the notice that is meant: the last one, or one by its number."""
    name = ask.slots.get("name", "").strip(EDGES)
    found = notices.latest(ask.session, ask.standing.branch)
    standing = [each for each in found if each.state != State.WITHDRAWN]
    if not standing:
        raise Refusal("还没有发过通知，没有可以存的。")
    which = ask.slots.get("which", "")
    picked = pick(standing, f"第{which}条通知" if which else "", ask.now)
    if not picked.found or (picked.said and len(picked.found) > 1):
        near = picked.found or standing
        return ask_which(ask, WHICH, "把哪一条存成模板？", near, name=name)
    return _keep(ask, picked.found[0], name)


@answering(WHICH)
def keep_that(ask: Ask, question: Open) -> Reply | str | None:
    meant = hear_which(ask, question)
    if not isinstance(meant, Notice):
        return meant
    return _keep(ask, meant, question.details["name"])


def _keep(ask: Ask, notice: Notice, name: str) -> Reply:
    called = name or notice.title
    row = templates.keep(
        ask.session, ask.standing.branch, called, notice, ask.member, ask.now
    )
    told = f"存好了，模板“{row.name}”：{notice.title}。发出时间和截止每次另说。"
    return Reply(f"{told}{HOW.format(name=row.name)}", changed=True)


@command(
    "notice_template.list",
    help="通知模板：存了哪些，怎么用",
    role=Role.SECRETARY,
    shown=False,
)
def show_all(ask: Ask) -> str:
    every = templates.of_branch(ask.session, ask.standing.branch)
    if not every:
        return templates.NONE
    lines = [_say(ask, each) for each in every]
    return "\n".join(
        [f"通知模板 {len(every)} 个：", *lines, HOW.format(name=every[0].name)]
    )


def _say(ask: Ask, row: NoticeTemplate) -> str:
    by = ask.session.get_one(Member, row.kept_by).called
    day = say_date(row.kept_at.astimezone(ask.now.tzinfo).date())
    first = " ".join(row.text.split())
    brief = f"{first[:24]}……" if len(first) > 24 else first
    return f"· {row.name}：{brief}（{by}，{day}）"


@command(
    "notice_template.use",
    help="用模板写通知，例：用模板 月度党费",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def use(ask: Ask) -> Answer:
    """Show the notice that a template makes; all of it may be changed as any draft."""
    branch = ask.standing.branch
    name = ask.slots.get("name", "").strip(EDGES)
    if not name:
        return show_all.run(ask)
    row = templates.find(ask.session, branch, name)
    return show(ask, row.draft())


@command(
    "notice_template.rename",
    help="给通知模板改名，例：模板 月度党费 改名叫 党费",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def rename(ask: Ask) -> Reply:
    old, new = (ask.slots.get(each, "").strip(EDGES) for each in ("name", "to"))
    row = templates.find(ask.session, ask.standing.branch, old)
    before = row.name
    templates.rename(ask.session, row, new)
    return Reply(f"好了，模板“{before}”改叫“{row.name}”。", changed=True)


@command(
    "notice_template.delete",
    help="删掉一个通知模板，例：删模板 月度党费",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def delete(ask: Ask) -> str:
    name = ask.slots.get("name", "").strip(EDGES)
    row = templates.find(ask.session, ask.standing.branch, name)
    return _show_deleting(ask, {"template": row.id})


def _show_deleting(ask: Ask, kept: Kept) -> str:
    row = templates.get(ask.session, ask.standing.branch, kept["template"])
    asked = f"删掉模板“{row.name}”？"
    ask.put_draft(DELETING, asked, template=row.id)
    return f"{asked}发过的通知不受影响。回“确认”删掉，不删回“取消”。"


def _delete(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    row = templates.get(ask.session, ask.standing.branch, kept["template"])
    templates.delete(ask.session, row)
    return Reply(f"删掉了模板“{row.name}”。", changed=True)


DELETE = Drafting(
    DELETING,
    show=_show_deleting,
    confirm=_delete,
    verbs=("删", "删掉", "删除"),
    dropped="好的，没有删。",
)
