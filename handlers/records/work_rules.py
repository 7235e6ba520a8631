"""作品 and 征集, as they are told: for which call, in time, of a sort that it takes."""

import re
from dataclasses import replace

from bot.branch.people.members import party_branch
from bot.branch.records import book
from bot.branch.records.fields import Choice
from bot.branch.records.kinds.work import ESSAY, NOBODY, WORK
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.works import entries, files, prizes
from bot.branch.works.uploads import TAKES
from bot.calendar.say import say_date
from bot.command import Ask
from bot.errors import Refusal
from bot.next_steps import send_on
from bot.text.parts import part_at
from bot.understanding.when.numbers import read_number
from handlers.records.drafts import Draft
from handlers.records.special import Apart
from handlers.records.view import sees_all
from handlers.records.work_steps import CALL_STEPS, WORK_STEPS

SENDING = "works.picture"
HAND_OVER = "心得体会、思想汇报不走作品征集，这里没有记：{where}。"
NOT_WORKS = ("心得体会", "思想汇报", "学习心得")
ORIGINAL = "交上来就是说：作品是原创，征集方可以按您选的范围展示。"
SAYS_NOTHING = ("廉洁文化周", "廉洁周", "参加", "作品", "一份", "想要")
MADE = "，,。《》 我的了一二三四个张幅篇份件照片写画做拍想要把好上去来投交"
PRIZE = re.compile(
    r"(奖)([一二两三四五六七八九十]{1,3})(?=[个名件]?(?:[、，,;；。]|$))"
)
LISTED = "、，,/和及 "


def say_hand_over(ask: Ask) -> str:
    """Say where essays of one's own go, which are no works."""
    where = send_on(ask, "请直接交给书记或者组织委员", "请照纸质材料收")
    return HAND_OVER.format(where=where)


def settle_work(ask: Ask, draft: Draft) -> Draft:
    """Find the call, and take for granted what a sort cannot be without."""
    values = dict(draft.values)
    office = sees_all(ask, WORK)
    if draft.of is None:
        if any(each in ask.text for each in NOT_WORKS):
            raise Refusal(say_hand_over(ask))
        said = f"{ask.text} {values.get('call', '')}"
        branch = party_branch(ask.session, ask.member)
        call, told = entries.choose_call(ask.session, branch, said, ask.now)
        values["call"] = call.title
        values.pop("award", None)
        entries.check_room(ask.session, call, told, ask.member.id)
        _add_tutor(ask, values, office=office)
    else:
        work = book.get(ask.session, draft.of)
        call = entries.call_of(ask.session, work)
        told = values_of(ask.session, call)
        if not office:
            values["award"] = values_of(ask.session, work).get("award")
    if sort := values.get("sort"):
        entries.check_sort(told, sort)
    if sort == ESSAY:
        values.setdefault("portrait", NOBODY)
    _untitled(values, str(call.title))
    return replace(draft, values=values)


def _add_tutor(ask: Ask, values: dict[str, object], *, office: bool) -> None:
    """Take a member who hands in what others made for the one who taught them."""
    there = [*(values.get("people") or ()), *(values.get("tutor") or ())]  # type: ignore[misc]
    mine = any(number == ask.member.id for number, _ in there)
    if there and not mine and not office:
        values["tutor"] = [
            *(values.get("tutor") or ()),  # type: ignore[misc]
            [ask.member.id, ask.member.name],
        ]


def _untitled(values: dict[str, object], call: str) -> None:
    """Take off a title what only says that something was made: 拍了张照，投廉洁周."""
    title = str(values.get("title") or "")
    sort = WORK.by_name["sort"]
    assert isinstance(sort, Choice)
    words = [word for each in sort.options for word in each.words]
    bare = title
    for word in (call, *sorted(words, key=len, reverse=True), *SAYS_NOTHING):
        bare = bare.replace(word, "")
    if title and not bare.strip(MADE):
        del values["title"]


def recorded_work(ask: Ask, row: Record) -> str:
    """Enter it for its call, and say where its files go."""
    values = values_of(ask.session, row)
    branch = party_branch(ask.session, ask.member)
    call, _ = entries.choose_call(ask.session, branch, values["call"], ask.now)
    entries.enter(ask.session, row, call)
    ask.offer(SENDING, "原图从网页传", work=row.id)
    return f"\n{where_to(ask, row)}\n{ORIGINAL}"


def where_to(ask: Ask, work: Record) -> str:
    """Say where the files of a work go: its page; a chat makes pictures smaller."""
    told = TAKES[str(work.sort)].told
    url = ask.config.server.public_url
    if not url:
        return f"文件（{told}）请交给书记；图片也可以现在发给我，但聊天会压缩。"
    return (
        f"原件从这个网页传（{told}），聊天里发的图会被压缩：\n{url}/m/works/{work.id}"
    )


def corrected_work(ask: Ask, row: Record) -> str:
    """Have what its author says otherwise looked through again."""
    if row.state == "checked" and not sees_all(ask, WORK):
        entries.move(ask.session, row, "told", ask.member.id, ask.now)
    return ""


def withdrawn_work(ask: Ask, row: Record) -> str:
    """Let go of the files of a work that its author took back."""
    count = files.forget(ask.session, row)
    return f"\n它的 {count} 个文件也删掉了。" if count else ""


def settle_call(ask: Ask, draft: Draft) -> Draft:
    """Read which sorts it takes, and how many of each prize."""
    values = dict(draft.values)
    if sorts := values.get("sorts"):
        values["sorts"] = "、".join(_read_sorts(str(sorts)))
    told = str(values.get("prizes") or prizes.COMMON)
    values["prizes"] = PRIZE.sub(lambda hit: f"{hit[1]}{read_number(hit[2])}", told)
    row = Record(id=draft.of or 0)
    prizes.read_prizes(row, values)
    return replace(draft, values=values)


def _read_sorts(told: str) -> list[str]:
    field = WORK.by_name["sort"]
    assert isinstance(field, Choice)
    found = [field.find(each) for each in part_at(told, LISTED)]
    if None in found or not found:
        raise Refusal(f"类别有：{'、'.join(field.values)}。")
    return list(dict.fromkeys(filter(None, found)))


def recorded_call(ask: Ask, row: Record) -> str:
    day = say_date(row.day) if row.day else ""
    return (
        f"\n{day} 24 点截止，以文件开始上传的时间为准。要告诉大家，说"
        f"“发通知 {row.title}征集作品，{day}截止，投稿对我说：投稿 …”。\n"
        f"评委说“更正征集 {row.id} 评委改成…”；截止后先“形式审查”，再“开始盲评”。"
    )


WORK_APART = Apart(
    settle=settle_work,
    recorded=recorded_work,
    corrected=corrected_work,
    withdrawn=withdrawn_work,
    steps=WORK_STEPS,
)
CALL_APART = Apart(settle=settle_call, recorded=recorded_call, steps=CALL_STEPS)
