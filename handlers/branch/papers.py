"""发展材料: what somebody lacks, and forms printed with what is known."""

from pathlib import Path

from bot.branch.duties import forms, papers
from bot.branch.duties.forms import Person
from bot.branch.duties.papers import Stage
from bot.branch.people import audit
from bot.branch.people.members import Category, Member, Role, party_branch
from bot.branch.people.send_file import send_file
from bot.branch.records import book
from bot.branch.records.book import Teller
from bot.branch.records.kinds.development import DEVELOPMENT
from bot.command import Ask, Drafting, Kept, NotMeant, command
from bot.errors import Denied, Refusal
from bot.files.word import DOCX, write_paper
from bot.message import Reply
from bot.text.phrases import read_beside
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from bot.understanding.words.people import PERSON

FILE = Path(DEVELOPMENT.beside)
COMPLETE = "development.complete"
SHOWN = 6
OWN = ("我", "本人", "自己")
NOBODY = ("发展", "党员", "发展党员", "入党", "转正", "支部")
"""What stands where a name may: 发展材料缺什么."""
NAMES = "、".join(forms.FORMS)
HOW = "打印什么？例：打印何雪的教育考察登记表。"


@command(
    "development.lacking",
    help="发展党员还差哪几份材料，例：我还差哪几份材料",
    phrases=read_beside(FILE, "development.lacking"),
)
def show_lacking(ask: Ask) -> str:
    """Tell the secretary of each or of one; everybody of herself."""
    name, member = _named(ask)
    today = ask.now.date()
    branch = party_branch(ask.session, ask.member)
    if not name and ask.standing.role < Role.SECRETARY:
        name, member = ask.member.name, ask.member
    mine = member is not None and member.id == ask.member.id
    if not mine and ask.standing.role < Role.SECRETARY:
        raise Denied("发展材料由书记来看；问自己的，说“我还差哪几份材料”。")
    if not name:
        ways = list(papers.everyone(ask.session, branch, today))
        _note_look(ask, None)
        if not ways:
            return "没有正在培养发展、材料不齐的同志。"
        told = [line for way in ways[:SHOWN] for line in papers.say_lacking(way)]
        more = [f"……还有 {len(ways) - SHOWN} 位。"] if len(ways) > SHOWN else []
        return "\n".join([*told, *more, _how(ask)])
    way = papers.way_of(ask.session, branch, name, member, today)
    if way is None and member is None and not PERSON.fullmatch(name):
        raise NotMeant
    if way is None:
        return f"{name}：还没有登记过入党申请，没有材料可查。"
    if way.stage is Stage.FULL:
        return f"{way.name}已经是正式党员，发展材料在档案里，不用再备。"
    _note_look(ask, member)
    return "\n".join([*papers.say_lacking(way), _how(ask)])


def _how(ask: Ask) -> str:
    tell = (
        "收到一份就说“登记发展材料 何雪 转正申请”；"
        "以前的都在档案里，说“何雪前面各步的材料都齐了”。"
        if ask.standing.role >= Role.SECRETARY
        else ""
    )
    return f"{papers.SOURCE}{tell}"


def _named(ask: Ask) -> tuple[str, Member | None]:
    """Find whose papers are meant: a member's, an applicant's, one's own."""
    said = ask.slots.get("name", "")
    if said in OWN or (not said and any(each in ask.text for each in OWN[:1])):
        return ask.member.name, ask.member
    named = find_named(Scope(ask.session, ask.standing.branch), ask.text)
    if named:
        return named.member.name, named.member
    return ("" if said in NOBODY else said), None


def _note_look(ask: Ask, member: Member | None) -> None:
    if member and member.id == ask.member.id:
        return
    subjects = [member.id] if member else []
    audit.note(ask.session, ask.member, "development.view", ask.now, subjects=subjects)


@command(
    "development.form",
    help="打印发展党员的表格，例：打印何雪的教育考察登记表",
    phrases=read_beside(FILE, "development.form"),
    role=Role.SECRETARY,
    shown=False,
)
def print_form(ask: Ask) -> Reply:
    """Print a form with what is known; what nobody said is an empty line."""
    name, member = _named(ask)
    form = forms.find_form(ask.slots.get("form", "") or ask.text, member)
    if form is None or not name:
        raise Refusal(f"{HOW}有：{NAMES}。")
    if form is forms.notice and member and member.category == Category.FULL:
        raise Refusal(f"{member.called}已经是正式党员，不用公示。")
    branch = party_branch(ask.session, ask.member)
    person = Person(name, branch, member)
    title, blocks = form(ask.session, person, ask.now.date())
    paper = write_paper(title, blocks)
    _note_look(ask, member)
    file = f"{title}-{name}.docx"
    send_file(ask.session, file, DOCX, paper, ask.member, ask.now)
    return Reply(f"“{file}”发到您手机上了。知道的填好了，没记过的空着。", changed=True)


@command(
    COMPLETE,
    help="一位同志前面各步的材料都在档案里，例：何雪前面各步的材料都齐了",
    phrases=read_beside(FILE, COMPLETE),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def begin_complete(ask: Ask) -> str:
    name, member = _named(ask)
    if not name:
        raise Refusal("是哪位同志的材料？例：何雪前面各步的材料都齐了。")
    return _show(ask, {"name": name, "member": member.id if member else None})


def _show(ask: Ask, kept: Kept) -> str:
    way = _way(ask, kept)
    if not way.behind:
        raise Refusal(f"{way.name}前面各步的材料已经都登记了。")
    ask.put_draft(COMPLETE, f"{way.name}前面各步的材料都登记为有？", **kept)
    return (
        f"【预览】{way.name}前面各步的 {len(way.behind)} 份都登记为有："
        f"{'、'.join(way.behind)}。\n请对过档案再回“确认”；不登记回“取消”。"
    )


def _way(ask: Ask, kept: Kept) -> papers.Way:
    branch = party_branch(ask.session, ask.member)
    member = ask.session.get(Member, kept["member"]) if kept["member"] else None
    today = ask.now.date()
    way = papers.way_of(ask.session, branch, kept["name"], member, today)
    if way is None:
        raise Refusal(f"{kept['name']}：还没有登记过入党申请。")
    return way


def _keep_all(ask: Ask, kept: Kept) -> Reply:
    """Write each paper down as a record of its own: each can be taken back alone."""
    ask.close_question()
    way = _way(ask, kept)
    branch, today = party_branch(ask.session, ask.member), ask.now.date()
    who = [[kept["member"], kept["name"]]]
    every = [
        {"people": who, "paper": each, "day": today.isoformat()} for each in way.behind
    ]
    teller = Teller(ask.member, branch)
    book.record_all(ask.session, DEVELOPMENT, every, teller, ask.now)
    return Reply(f"登记好了，{way.name}的 {len(every)} 份。", changed=True)


COMPLETING = Drafting(
    COMPLETE,
    show=_show,
    confirm=_keep_all,
    verbs=("登记", "记"),
    dropped="好的，没有登记。",
)
