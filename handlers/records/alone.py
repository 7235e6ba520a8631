"""提醒还差的: each is told of her own alone, after a preview; no list in a group."""

from collections.abc import Mapping
from pathlib import Path

from bot.branch.people.audience import Audience, name_people
from bot.branch.people.members import Member, party_branch
from bot.branch.records import checklists, dues_months, search
from bot.branch.records.kinds.checklist import MARK, TASK
from bot.branch.records.kinds.dues import DUES
from bot.branch.records.kinds.pledge import PLEDGE
from bot.branch.records.search import Query
from bot.branch.records.values import people_of
from bot.branch.records.words import tell
from bot.command import Answer, Ask, Drafting, Kept, command
from bot.errors import Denied
from bot.message import Reply
from bot.text.phrases import read_beside
from handlers.records.dues import say_owed
from handlers.records.view import sees_all

SHOWN = 20
DUES_WORD = (
    "提醒您一声，党费台账里还没有您的：{months}{owed}。交了就说“{example}”；"
    "已经交了没记上的，说一声就补记。只记交了多少，不记收入。"
)
PLEDGE_WORD = "提醒您一声，今年的承诺还没有收到。想好了说“{example}”；老党员自愿。"
LIST_WORD = "提醒您一声，{name}您还差：{items}。做完了说“{name} 第一项 完成”这样就行。"
NOTHING = "没有要提醒的，都齐了。"


@command(
    "dues.remind",
    help="单独提醒没交党费的",
    phrases=read_beside(Path(DUES.beside), "dues.remind"),
    acts=True,
    shown=False,
)
def remind_dues(ask: Ask) -> Answer:
    """Tell whoever is behind with months before this one, each of her own."""
    if not sees_all(ask, DUES):
        raise Denied("别人的党费只有书记和组织委员看得到，由他们提醒。")
    branch, today = party_branch(ask.session, ask.member), ask.now.date()
    begun = dues_months.find_begin(ask.session, branch)
    if begun is None:
        return "党费台账还没有记过，不知道谁交没交，没有提醒谁。"
    months = list(dues_months.months(begun, today))
    paid = dues_months.paid_by_months(ask.session, branch)
    told = dues_months.rates(ask.session, branch)
    words = {}
    for number in name_people(ask.session, Audience(branch.id)):
        left = [month for month in months if month not in paid.get(number, ())]
        if left:
            said = "、".join(f"{month.year}年{month.month}月" for month in left)
            owed = say_owed(told.get(number, ()), left)
            words[number] = DUES_WORD.format(
                months=said, owed=owed, example=DUES.example
            )
    return _propose(ask, "党费", words)


@command(
    "pledge.remind",
    help="单独提醒没交承诺的",
    phrases=read_beside(Path(PLEDGE.beside), "pledge.remind"),
    acts=True,
    shown=False,
)
def remind_pledges(ask: Ask) -> Answer:
    """Tell whoever has promised nothing this year, each alone."""
    if not sees_all(ask, MARK):
        raise Denied("谁还没交承诺，由书记和组织委员单独提醒。")
    branch, today = party_branch(ask.session, ask.member), ask.now.date()
    query = Query(PLEDGE, branch, today.replace(month=1, day=1), today)
    rows = search.find(ask.session, query)
    have = {
        number
        for fields in people_of(ask.session, rows).values()
        for number, _ in fields.get("people", ())
    }
    word = PLEDGE_WORD.format(example=PLEDGE.example)
    every = name_people(ask.session, Audience(branch.id))
    return _propose(ask, "承诺", {x: word for x in every if x not in have})


@command(
    "checklist.remind",
    help="单独提醒五个一、七个一没做完的",
    phrases=read_beside(Path(TASK.beside), "checklist.remind"),
    acts=True,
    shown=False,
)
def remind_checklists(ask: Ask) -> Answer:
    """Tell whoever lacks an item of a list, each of what she lacks."""
    if not sees_all(ask, MARK):
        raise Denied("别人的清单只有书记和组织、纪检委员看得到，由他们提醒。")
    branch, today = party_branch(ask.session, ask.member), ask.now.date()
    every = list(name_people(ask.session, Audience(branch.id)))
    words: dict[int, str] = {}
    for name in checklists.lists(ask.session, branch, today):
        wanted = checklists.items(ask.session, branch, name, today)
        found = checklists.of_all(ask.session, branch, wanted, every)
        for number, done in found.items():
            left = [x.item.title for x in done if not (x.whole or x.exempt)]
            if left:
                said = LIST_WORD.format(name=name, items="、".join(left))
                words[number] = "\n".join(filter(None, (words.get(number), said)))
    return _propose(ask, "清单", words)


def _propose(ask: Ask, what: str, words: Mapping[int, str]) -> str:
    """Show who would be told what, and wait for the word; the speaker is left out."""
    words = {who: said for who, said in words.items() if who != ask.member.id}
    if not words:
        return NOTHING
    kept = {str(number): said for number, said in words.items()}
    ask.put_draft("records.alone", f"单独提醒 {len(words)} 人？", what=what, words=kept)
    names = [ask.session.get_one(Member, number).called for number in words]
    more = f" 等 {len(names)} 人" if len(names) > SHOWN else ""
    return (
        f"【预览】单独提醒{what}还差的 {len(names)} 人："
        f"{'、'.join(names[:SHOWN])}{more}\n"
        f"各人只看到自己的，群里不发。例（{names[0]}）：\n{next(iter(words.values()))}\n"
        "回“确认”发出，“取消”不发。"
    )


def show(ask: Ask, kept: Kept) -> Answer:
    words = {int(number): said for number, said in kept["words"].items()}
    return _propose(ask, kept["what"], words)


def send(ask: Ask, kept: Kept) -> Answer:
    """Put a word to each; once a day however often it is asked."""
    ask.close_question()
    sent, deaf = 0, []
    for number, said in kept["words"].items():
        to = ask.session.get_one(Member, int(number))
        key = f"lacking:{kept['what']}:{ask.now.date()}"
        if tell(ask.session, to, key, said, ask.now):
            sent += 1
        else:
            deaf.append(to.called)
    rest = f"没有账号或今天提醒过的：{'、'.join(deaf)}。" if deaf else ""
    return Reply(f"单独提醒了 {sent} 人。{rest}", changed=True)


ALONE = Drafting(
    "records.alone",
    show=show,
    confirm=send,
    verbs=("提醒", "发", "发出"),
    dropped="好的，没有提醒谁。",
)
