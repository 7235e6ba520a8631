"""简报 by a form: drafted from a day's records, reviewed, sent, adopted or not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.branch.people.members import Member, Role
from bot.branch.records import book, bulletins
from bot.branch.records.book import Teller
from bot.branch.records.fields import Value, Words
from bot.branch.records.kinds.bulletin import BULLETIN, LONGEST_TEXT, REVIEWS
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.records.words import tell
from bot.command import Ask
from bot.errors import Refusal
from handlers.records.special import Apart, Step, Telling, is_secretary

OPEN = ("draft", *REVIEWS)
ASKS = (
    BULLETIN.by_name["day"],
    Words("title", "标题（不填就由当天的记录来定）", longest=60),
)
EDITED = (
    Words("title", "标题（不改就空着）", longest=60),
    Words("text", "正文（不改就空着）", longest=LONGEST_TEXT, lines=True),
)


def keep(ask: Ask, day: date, title: str) -> Record:
    """Keep the draft of a day, out of what is recorded and nothing else."""
    branch = ask.standing.branch
    made = bulletins.draft(ask.session, branch, day, ask.now)
    values: dict[str, Value] = {
        "title": title or made.title,
        "day": day.isoformat(),
        "text": made.text,
        "sources": "、".join(made.sources),
        "people": [[ask.member.id, ask.member.name]],
    }
    teller = Teller(ask.member, branch)
    return book.record(ask.session, BULLETIN, values, teller, ask.now)


def take(ask: Ask, told: Mapping[str, Value]) -> tuple[Record, str]:
    day = date.fromisoformat(told["day"])
    row = keep(ask, day, str(told.get("title") or ""))
    return row, "存成草稿了，没记过的不写。请别的支委看过后一审。"


def give_back(ask: Ask, row: Record, why: str) -> str:
    """Tell the writer why; the reviews are given anew after a change."""
    bulletins.edit(ask.session, row, {}, ask.member, ask.now)
    writer = values_of(ask.session, row)["people"][0][0]
    to = ask.session.get(Member, writer) if writer else None
    if to and to.id != ask.member.id:
        said = f"{ask.member.called}退回了简报 {row.id}{f'：{why}' if why else ''}。"
        key = f"bulletin.back:{row.id}:{ask.message.id}"
        tell(ask.session, to, key, said, ask.now)
    return f"退回了简报 {row.id}，告诉撰稿人了。"


def send(ask: Ask, row: Record, platform: str) -> None:
    """Note where it went; the platforms have no door for us."""
    book.move(ask.session, row, "sent", ask.member.id, ask.now)
    today = ask.now.date().isoformat()
    values = {**values_of(ask.session, row), "platform": platform, "sent_on": today}
    book.correct(ask.session, row, values, ask.member.id, ask.now)


def note_adopted(ask: Ask, row: Record, link: str, *, adopted: bool) -> str:
    state = "adopted" if adopted else "refused"
    book.move(ask.session, row, state, ask.member.id, ask.now)
    if link:
        values = {**values_of(ask.session, row), "link": link}
        book.correct(ask.session, row, values, ask.member.id, ask.now)
    return f"记下了，简报 {row.id} {'采用了' if adopted else '没有采用'}。"


def _review(ask: Ask, row: Record, told: Mapping[str, Value]) -> str:
    named = str(told.get("who") or "")
    done = bulletins.review(ask.session, row, ask.member, named, ask.now)
    left = "可以报送了" if row.state == "third" else "接着下一审"
    return f"简报 {row.id} {done}过了，{left}。"


def _edit(ask: Ask, row: Record, told: Mapping[str, Value]) -> str:
    changed = {name: told[name] for name in ("title", "text") if told.get(name)}
    if not changed:
        raise Refusal("标题、正文都空着，没有改。")
    again = bulletins.edit(ask.session, row, changed, ask.member, ask.now)
    more = "改过了，三审要重新来。" if again else ""
    return f"简报 {row.id} 改好了。{more}原来写的留着备查。"


def _send(ask: Ask, row: Record, told: Mapping[str, Value]) -> str:
    send(ask, row, told["platform"])
    return f"记下了，报送{told['platform']}。平台没有接口，请复制正文去发。"


def _adopt(ask: Ask, row: Record, told: Mapping[str, Value]) -> str:
    return note_adopted(ask, row, str(told.get("link") or ""), adopted=True)


def _refuse(ask: Ask, row: Record, _: Mapping[str, Value]) -> str:
    return note_adopted(ask, row, "", adopted=False)


def _is_committee(ask: Ask, row: Record) -> bool:
    return ask.standing.role >= Role.COMMITTEE


LINK = BULLETIN.by_name["link"]
PLATFORM = replace(BULLETIN.by_name["platform"], needed=True, ask="报送到哪里？")
STEPS = (
    Step(
        "review",
        "审过了",
        _review,
        ("draft", "first", "second"),
        _is_committee,
        (Words("who", "谁审的（本人审的不填）", longest=20),),
    ),
    Step(
        "edit", "改标题、正文", _edit, OPEN, _is_committee, EDITED, "审过的要重新审。"
    ),
    Step(
        "back",
        "退回",
        lambda ask, row, told: give_back(ask, row, str(told.get("why") or "")),
        REVIEWS,
        _is_committee,
        (Words("why", "为什么"),),
    ),
    Step("send", "报送", _send, ("third",), is_secretary, (PLATFORM,)),
    Step(
        "adopted",
        "采用了",
        _adopt,
        ("sent",),
        is_secretary,
        (LINK,),
    ),
    Step("refused", "没有采用", _refuse, ("sent",), is_secretary),
)
APART = Apart(steps=STEPS, telling=Telling(ASKS, take))
