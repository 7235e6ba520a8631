"""简报: drafted from a day's records, reviewed, sent, adopted or not."""

from datetime import date
from pathlib import Path

from bot.branch.people.audience import office_holders
from bot.branch.people.members import Member, Role
from bot.branch.people.send_file import send_file
from bot.branch.records import bulletins, search
from bot.branch.records.fields import Choice
from bot.branch.records.kinds.bulletin import BULLETIN
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.records.words import tell
from bot.calendar.say import say_day
from bot.command import Ask, Drafting, Kept, command
from bot.errors import Denied, Refusal
from bot.files.word import DOCX
from bot.message import Reply
from bot.text.phrases import read_beside
from bot.understanding.sentences.forms import Forms
from bot.understanding.slots.listed_number import number_in
from bot.understanding.slots.past_day import take_past_day
from bot.understanding.slots.written import find_link
from handlers.records import asking, bulletin_rules
from handlers.records.view import where
from handlers.records.which import find_numbered, read_number

FILE = Path(BULLETIN.beside)
DRAFT = "bulletin"
TITLE = Forms(Path(__file__), "title")
ASKED_TO_REVIEW = (
    "简报 {n}“{title}”等您审（{state}）。看看说“看看简报 {n}”，没问题说"
    "“一审通过简报 {n}”这样，不行说“退回简报 {n} 原因”。"
)
NOT_ADOPTED = ("没", "未")


@command(
    "bulletin",
    help="把某一天的会议、服务、接待写成简报，例：昨天的党日出个简报",
    phrases=read_beside(FILE, "bulletin"),
    role=Role.SECRETARY,
    acts=True,
)
def write(ask: Ask) -> str:
    """Draft a bulletin of a day from what is recorded, and from nothing else."""
    said = take_past_day(ask.text, ask.now)
    if not said.said and ask.is_command_name:
        return "哪一天的？例：昨天的党日出个简报。只写记过的，没记的不写。"
    return _show(ask, {"day": said.day.isoformat(), "title": ""})


def _show(ask: Ask, kept: Kept) -> str:
    day = date.fromisoformat(kept["day"])
    made = bulletins.draft(ask.session, ask.standing.branch, day, ask.now)
    title = kept["title"] or made.title
    ask.put_draft(DRAFT, "存成草稿送审？", day=kept["day"], title=kept["title"])
    internal = "\n（发展、选举的决议是内部事项，没有写进去。）" if made.left_out else ""
    return (
        f"【预览】简报：{title}\n{made.text}{internal}\n"
        "每句后面是出处；没记过的不写。回“确认”存成草稿送审；"
        "标题不好说“标题改成…”；不出了回“取消”。"
    )


def _change(ask: Ask, kept: Kept) -> str | None:
    found = TITLE.find(ask.text.strip(" 。"))
    if found is None or found.start:
        return None
    return _show(ask, {**kept, "title": found.slots["to"]})


def _keep(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    row = bulletin_rules.keep(ask, date.fromisoformat(kept["day"]), kept["title"])
    ask.offer("records.evidence", "照片现在发给我就行", record=row.id)
    return Reply(
        f"存好了，简报 {row.id}（草稿）。照片现在发给我，或说“简报 {row.id} 的照片”挑；"
        f"请别的支委看过后说“一审通过简报 {row.id}”，"
        f"三审都过了再报送。要改说“简报 {row.id} 标题改成…”，"
        f"要文件说“简报 {row.id} 发我一份”。",
        changed=True,
    )


WRITE = Drafting(
    DRAFT,
    show=_show,
    confirm=_keep,
    change=_change,
    verbs=("存", "送审", "保存"),
    dropped="好的，没有出。",
)


@command(
    "bulletin.review",
    help="审一篇简报，例：一审通过简报 5",
    phrases=read_beside(FILE, "bulletin.review"),
    acts=True,
    previewed=True,
    shown=False,
)
def review(ask: Ask) -> Reply:
    row = find_bulletin(ask)
    done = bulletins.review(
        ask.session, row, ask.member, ask.slots.get("who", "").strip(), ask.now
    )
    left = "可以报送了" if row.state == "third" else "接着下一审"
    return Reply(f"简报 {row.id} {done}过了，{left}。", changed=True)


@command(
    "bulletin.back",
    help="退回一篇简报，例：退回简报 5 标题太虚",
    phrases=read_beside(FILE, "bulletin.back"),
    acts=True,
    previewed=True,
    shown=False,
)
def give_back(ask: Ask) -> Reply:
    why = ask.slots.get("rest", "").strip(" ，,")
    said = bulletin_rules.give_back(ask, find_bulletin(ask), why)
    return Reply(said, changed=True)


@command(
    "bulletin.edit",
    help="改一篇没报送的简报，例：简报 5 标题改成…",
    phrases=read_beside(FILE, "bulletin.edit"),
    acts=True,
    previewed=True,
    shown=False,
)
def edit(ask: Ask) -> Reply:
    row = find_bulletin(ask)
    if "vague" in ask.slots:
        return Reply(
            f"简报 {row.id} 现在的标题是“{values_of(ask.session, row)['title']}”。"
            f"换成什么请您说：简报 {row.id} 标题改成…。不替您起，免得和事实不符。"
        )
    slots = {"title": ask.slots.get("title", ""), "text": ask.slots.get("body", "")}
    changed = {name: said.strip() for name, said in slots.items() if said.strip()}
    if not changed:
        raise Refusal(f"改什么？例：简报 {row.id} 标题改成…。")
    again = bulletins.edit(ask.session, row, changed, ask.member, ask.now)
    more = "改过了，三审要重新来。" if again else ""
    return Reply(f"简报 {row.id} 改好了。{more}原来写的留着备查。", changed=True)


@command(
    "bulletin.state",
    help="简报审到哪一步，催一下没审的",
    phrases=read_beside(FILE, "bulletin.state"),
    shown=False,
)
def tell_state(ask: Ask) -> Reply | str:
    """Tell how far the reviews are; to whoever writes, or the secretary, also chase.

    Only those are told who may still review it: of the committee, and not the writer.
    """
    row = find_bulletin(ask)
    values = values_of(ask.session, row)
    state = BULLETIN.state_title(row.state)
    said = f"简报 {row.id}“{values['title']}”现在是“{state}”。"
    if "nudge" not in ask.slots:
        return said
    if row.state not in ("draft", "first", "second"):
        return f"{said}不用催。"
    done = bulletins.reviewers(ask.session, row)
    told = 0
    for number in ask.session.scalars(office_holders(int(Role.COMMITTEE), where(ask))):
        if number in done or number == ask.member.id:
            continue
        to = ask.session.get_one(Member, number)
        text = ASKED_TO_REVIEW.format(n=row.id, title=values["title"], state=state)
        key = f"bulletin.nudge:{row.id}:{row.state}:{ask.now.date()}"
        told += tell(ask.session, to, key, text, ask.now)
    if not told:
        return f"{said}今天催过了，或者没有别的支委可催。第三审要上级领导看，请当面送。"
    return Reply(f"{said}已单独提醒 {told} 位还没审的支委。", changed=True)


@command(
    "bulletin.send",
    help="简报报送到哪里，例：简报 5 报送育人号",
    phrases=read_beside(FILE, "bulletin.send"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def send(ask: Ask) -> Reply:
    """Note where it went; the platforms have no door for us, so its text is told."""
    row = find_bulletin(ask)
    field = BULLETIN.by_name["platform"]
    assert isinstance(field, Choice)
    platform = field.find(ask.slots.get("platform", "") or ask.words)
    if platform is None:
        raise Refusal(f"报送到哪里？例：简报 {row.id} 报送育人号。")
    bulletin_rules.send(ask, row, platform)
    values = values_of(ask.session, row)
    text = bulletins.without_sources(values["text"])
    return Reply(
        f"记下了，简报 {row.id} 报送{platform}。平台没有接口，请复制下面的文字去发：\n"
        f"{values['title']}\n{text}\n"
        f"采用了说“简报 {row.id} 采用了 链接”，没采用说“简报 {row.id} 没采用”。",
        changed=True,
    )


@command(
    "bulletin.adopt",
    help="简报采用了没有，例：简报 5 采用了 链接",
    phrases=read_beside(FILE, "bulletin.adopt"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def note_adopted(ask: Ask) -> Reply:
    row = find_bulletin(ask)
    no = any(word in ask.text for word in NOT_ADOPTED)
    link = find_link(ask.text)
    told = bulletin_rules.note_adopted(
        ask, row, link.value if link else "", adopted=not no
    )
    return Reply(told, changed=True)


@command(
    "bulletin.show",
    help="看一篇简报，或要它的文件，例：简报 5 发我一份",
    phrases=read_beside(FILE, "bulletin.show"),
    shown=False,
)
def show(ask: Ask) -> Reply | str:
    row = find_bulletin(ask)
    values = values_of(ask.session, row)
    if any(word in ask.text for word in ("发我", "发给我", "导出", "打印")):
        paper = bulletins.write_bulletin(ask.session, row)
        name = f"简报{row.id}-{values['title'][:30]}.docx"
        send_file(ask.session, name, DOCX, paper, ask.member, ask.now)
        return Reply(f"“{name}”正在发到您的手机上。")
    day = say_day(date.fromisoformat(values["day"]), ask.now.date())
    state = BULLETIN.state_title(row.state)
    return f"简报 {row.id}（{state}，{day}）：{values['title']}\n{values['text']}"


@command(
    "bulletin.list",
    help="简报台账：出了几篇，报送、采用到哪里",
    phrases=read_beside(FILE, "bulletin.list"),
)
def show_list(ask: Ask) -> Reply | str:
    return asking.show(ask, [BULLETIN])


def find_bulletin(ask: Ask) -> Record:
    """Find the bulletin that is named, or the last one. Raises Denied to members."""
    if "number" in ask.slots or ask.is_command_name or number_in(ask.words):
        row = find_numbered(ask, read_number(ask, "简报 5"), BULLETIN)
    else:
        rows = search.find(ask.session, Query(BULLETIN, where(ask)))
        if not rows:
            raise Refusal("还没有写过简报。说“昨天的党日出个简报”。")
        row = max(rows, key=lambda each: each.id)
    if ask.standing.role < Role.COMMITTEE:
        raise Denied("简报由支委来办。")
    return row
