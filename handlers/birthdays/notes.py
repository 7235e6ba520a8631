"""寄语: colleagues' words for a political birthday, asked for kindly, voluntary."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bot import outbox
from bot.branch.birthdays import greetings, ungreeted
from bot.branch.birthdays import notes as birthday_notes
from bot.branch.birthdays.greetings import Birthday
from bot.branch.birthdays.notes import Note
from bot.branch.people import audit
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Member, Role, party_branch
from bot.calendar.quiet_hours import next_loud
from bot.calendar.say import say_day, say_people
from bot.command import Ask, Drafting, FreeWords, Kept, answering, command
from bot.errors import Refusal
from bot.files.print.fonts import leave_drawable, missing_letters, missing_signs
from bot.inbox.open_questions import Open
from bot.message import Reply, Text
from bot.outbox import Importance, Plan, Window
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.person import NamedPerson, find_named, require_named
from bot.understanding.slots.scope import Scope
from bot.understanding.slots.yes_no import refuses
from bot.understanding.when.numbers import find_number

SOON = timedelta(days=31)
AROUND = " ：:，,"
ASKS, ASKS_LAST = Lexicon(Path(__file__), "asks"), Lexicon(Path(__file__), "asks.last")
WHOSE = "看谁的寄语？请带上姓名，例：看寄语 王芳"
HOW = (
    "寄语印在过政治生日的同志的贺卡上：说“寄语 姓名 您的话”就行，"
    "改就再发一次，不送了说“撤回寄语 姓名”。"
)


@command(
    "write_note",
    help="给过政治生日的同志写句话，例：寄语 王芳 愿您永葆初心",
    shown=False,
)
def write_note(ask: Ask) -> Reply | str:
    """Write one's own note. A question about it is no note, whatever it names."""
    words = ask.slots.get("name") or ask.slots.get("rest")
    asks = ASKS.stands_in(ask.text) or ASKS_LAST.stands_last(ask.text.strip())
    if words is None or asks:
        return HOW
    named = _colleague(ask, words, "寄语 王芳 愿您永葆初心")
    birthday = _open_birthday(ask, named.member)
    today = ask.now.date()
    after = named.after.strip(AROUND).removeprefix("同志")
    text = ask.slots.get("text") or after.strip(AROUND)
    if not text:
        asked = f"想对{birthday.called}说句什么？"
        ask.put_question("note", asked, member=birthday.member_id)
        most = birthday_notes.LONGEST_NOTE
        return f"{asked}直接发给我（{most} 字以内），不写就回“取消”。"
    if refuses(text):
        return _keep_earlier(ask, birthday)
    if "寄语" not in ask.text and birthday.day - today > SOON:
        return _ask_later(ask, birthday.member_id, text)
    return _write(ask, birthday, text)


@command(
    "write_note.withdraw",
    help="撤回写给同志的寄语，例：撤回寄语 王芳",
    shown=False,
    acts=True,
)
def withdraw_note(ask: Ask) -> Reply | str:
    if ask.is_command_name:
        return HOW
    words = ask.slots.get("name") or ask.slots.get("who") or ask.words
    named = _colleague(ask, words, "撤回寄语 王芳")
    birthday = _open_birthday(ask, named.member)
    greetings.take_open(ask.session, birthday)
    taken = birthday_notes.withdraw(ask.session, birthday.to, ask.member)
    text = "好，您的寄语撤回了。" if taken else f"您还没有给{birthday.called}写过寄语。"
    return Reply(text, changed=taken)


def _keep_for_later(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    birthday = greetings.coming_of(ask.session, kept["member"], ask.now.date())
    return _write(ask, birthday, kept["text"])


def _ask_later(ask: Ask, member: int, text: str) -> str:
    birthday = greetings.coming_of(ask.session, member, ask.now.date())
    asked = f"{birthday.called}的政治生日是{_day(ask, birthday)}，到那天随贺卡送去吗？"
    ask.put_draft("note_later", asked, member=member, text=text)
    return f"{asked}回“确认”或“取消”。"


LATER = Drafting(
    "note_later",
    show=lambda ask, kept: _ask_later(ask, kept["member"], kept["text"]),
    confirm=_keep_for_later,
    verbs=("送", "送吧", "写", "送去", "到时候送"),
    dropped="好的，没有写。",
    text=("text",),
)


def _decline(ask: Ask, question: Open) -> str:
    ask.close_question()
    return _keep_earlier(ask, _asked_of(ask, question))


def _asked_of(ask: Ask, question: Open) -> Birthday:
    number = question.details["member"]
    return greetings.coming_of(ask.session, number, ask.now.date())


@answering("note", words=FreeWords(("写", "送"), takes=("thanks",)), declined=_decline)
def hear_note(ask: Ask, question: Open) -> Reply | str | None:
    ask.close_question()
    return _write(ask, _asked_of(ask, question), ask.text.strip())


def _keep_earlier(ask: Ask, birthday: Birthday) -> str:
    """Say that nothing was written, and what of an earlier day stays."""
    earlier = birthday_notes.find_own(ask.session, birthday.to, ask.member)
    if earlier is None:
        return "好的，没有写，不写也没关系。"
    return (
        f"好的，这次没有写。您先前写的还在：“{earlier}”。"
        f"那句也不想送，就说“撤回寄语 {birthday.called}”。"
    )


def _write(ask: Ask, birthday: Birthday, text: str) -> Reply:
    greetings.take_open(ask.session, birthday)
    new = birthday_notes.write(ask.session, birthday.to, ask.member, text, ask.now)
    done = "记下了" if new else "换成这一句了"
    return Reply(
        f"{done}，{_day(ask, birthday)}和贺卡一起送给{birthday.called}同志，"
        f"署您的名。{_say_unprinted(ask.member.name, text)}"
        f"改就再发一次，不送了说“撤回寄语 {birthday.called}”。",
        changed=True,
    )


def _say_unprinted(author: str, text: str) -> str:
    """Say at once what the card cannot show of a note; the message shows it all."""
    whole = "文字祝福里原样写上。"
    told = ""
    if lost := missing_letters(author + text):
        told = f"“{lost}”贺卡的字库里没有，卡上是写着读音的方框，{whole}"
    if not (lost := missing_signs(text)):
        return told
    signs = "".join(f"“{sign}”" for sign in lost)
    if not leave_drawable(text):
        return f"{told}{signs}贺卡上印不出来，{whole}"
    return f"{told}{signs}贺卡上印不出来，卡上印其余的字，{whole}"


@command(
    "collect_notes",
    help="请同志们给过政治生日的同志写寄语（自愿），例：征集寄语 王芳",
    shown=False,
    role=Role.SECRETARY,
    acts=True,
)
def collect_notes(ask: Ask) -> str:
    if ask.is_command_name:
        return "给哪位同志征集寄语？例：征集寄语 王芳"
    scope = Scope(ask.session, ask.standing.branch)
    words = ask.slots.get("name") or ask.words
    named = require_named(scope, words, "征集寄语 王芳")
    return _ask_to_invite(ask, _open_birthday(ask, named.member))


def _ask_to_invite(ask: Ask, birthday: Birthday) -> str:
    people = len(ask.session.execute(_colleagues(ask, birthday)).all())
    day = _day(ask, birthday)
    asked = f"邀请大家给{birthday.called}写{day}的寄语吗？"
    kept = {"member": birthday.member_id, "year": birthday.day.year}
    ask.put_draft("collect_notes", asked, **kept)
    return (
        f"{_say_passed(ask, birthday)}"
        f"【预览】发给{birthday.called}所在支部的其他同志，共 {people} 人：\n――――――\n"
        f"{_invite(ask, birthday)}\n――――――\n回“确认”发出，“取消”不发。"
    )


def _say_passed(ask: Ask, birthday: Birthday) -> str:
    """Say that it is too late for this year, where there was a birthday this year."""
    if birthday.day.year == ask.now.year or birthday.years <= 1:
        return ""
    return (
        f"{birthday.called}同志今年的政治生日已经过了，"
        f"现在征集的是{_day(ask, birthday)}那次的寄语，到那天才送。真要现在就发吗？\n"
    )


def _send_invitation(ask: Ask, kept: Kept) -> Reply | str:
    ask.close_question()
    today = ask.now.date()
    birthday = greetings.coming_of(ask.session, kept["member"], today)
    if birthday.day.year != kept.get("year", birthday.day.year):
        return _ask_to_invite(ask, birthday)  # the day has gone by since it was asked
    at = next_loud(ask.config.quiet, ask.now)
    day = ask.now.replace(
        year=birthday.day.year, month=birthday.day.month, day=birthday.day.day, hour=8
    )
    plan = Plan(
        key=f"birthday_notes:{birthday.day.year}:{birthday.member_id}",
        kind="notes_invitation",
        content=Text(_invite(ask, birthday)),
        window=Window(at, max(day, at)),
        importance=Importance.NOTICE,
    )
    people = _colleagues(ask, birthday)
    letter = outbox.put(ask.session, plan, people, now=ask.now)
    if letter is None:
        year = "今年" if birthday.day.year == today.year else "明年那次"
        return f"{year}已经邀请过一次了，不再打扰大家。说“看寄语”看收到的。"
    return Reply(
        f"正在发给{say_people(letter.planned)}。"
        f"说“看寄语 {birthday.called}”看收到了什么。",
        changed=True,
    )


INVITING = Drafting(
    "collect_notes",
    show=lambda ask, kept: _ask_to_invite(
        ask, greetings.coming_of(ask.session, kept["member"], ask.now.date())
    ),
    confirm=_send_invitation,
    verbs=("发", "发出", "发出去", "邀请", "征集"),
    dropped="好的，没有发。",
)


@command(
    "see_notes",
    help="看收到的寄语，不合适的可以去掉，例：去掉寄语 王芳 2",
    shown=False,
    role=Role.SECRETARY,
)
def see_notes(ask: Ask) -> str:
    scope = Scope(ask.session, ask.standing.branch)
    named = find_named(scope, ask.slots.get("name", ask.text))
    if named is None:
        return WHOSE
    birthday, notes = _look(ask, named.member)
    if not notes:
        called = birthday.called
        return f"还没有收到给{called}的寄语。说“征集寄语 {called}”请大家写。"
    lines = [
        f"{n}. {each.author}：{each.text}" + ("（已去掉）" if each.dropped else "")
        for n, each in enumerate(notes, 1)
    ]
    told = (
        f"给{birthday.called}的寄语 {len(notes)} 条，{_day(ask, birthday)}随贺卡送出："
    )
    how = f"去掉哪条说“去掉寄语 {birthday.called} 1”。"
    return "\n".join([told, *lines, how])


@command(
    "see_notes.drop",
    help="去掉或恢复收到的一条寄语，例：去掉寄语 王芳 2",
    shown=False,
    role=Role.SECRETARY,
    acts=True,
)
def drop_note(ask: Ask) -> Reply | str:
    if ask.is_command_name:
        return WHOSE
    words = ask.slots.get("name") or ask.slots.get("who") or ask.words
    scope = Scope(ask.session, ask.standing.branch)
    named = require_named(scope, words, "去掉寄语 王芳 2")
    birthday, notes = _look(ask, named.member)
    greetings.take_open(ask.session, birthday)
    said = ask.slots.get("n", "")
    number = find_number(said) or 0
    if not 1 <= number <= len(notes):
        return f"去掉第几条？例：去掉寄语 {named.member.called} 1"
    note, dropped = notes[number - 1], ask.slots["how"] != "恢复"
    birthday_notes.drop(ask.session, note.id, dropped=dropped)
    what = "去掉了，不会送出" if dropped else "恢复了，照常送出"
    return Reply(f"{note.author}的这条寄语{what}。", changed=True)


def _look(ask: Ask, member: Member) -> tuple[Birthday, Sequence[Note]]:
    """Find what was written to a member; who looked is written down."""
    birthday = greetings.coming(ask.session, member, ask.now.date())
    notes = birthday_notes.listed(ask.session, birthday.to)
    audit.note(ask.session, ask.member, "notes.view", ask.now, subjects=[member.id])
    return birthday, notes


def _colleague(ask: Ask, words: str, example: str) -> NamedPerson:
    scope = Scope(ask.session, party_branch(ask.session, ask.member))
    return require_named(scope, words, example)


def _open_birthday(ask: Ask, member: Member) -> Birthday:
    if member.id == ask.member.id and ask.standing.role < Role.SECRETARY:
        raise Refusal("寄语是同志们写给您的，到那天您就看到了。")
    if why := ungreeted.why_not(member):
        raise Refusal(why)
    birthday = greetings.coming(ask.session, member, ask.now.date())
    if not greetings.may_greet(member):
        raise Refusal(f"这里不给{member.called}发政治生日祝福，寄语送不到。")
    if greetings.is_greeted(ask.session, birthday):
        raise Refusal(f"给{member.called}的祝福今天已经送出了，可以直接跟本人说。")
    return birthday


def _colleagues(ask: Ask, birthday: Birthday) -> outbox.People:
    audience = Audience(birthday.branch_id, without_members=(birthday.member_id,))
    return select_people(ask.session, audience)


def _invite(ask: Ask, birthday: Birthday) -> str:
    return (
        f"{_day(ask, birthday)}是{birthday.called}同志的政治生日"
        f"（入党 {birthday.years} 周年）。\n"
        f"想对这位同志说句话的，回“寄语 {birthday.called} 您的话”，当天印在贺卡上送去。"
        "全凭心意，不写也没关系；先别告诉本人。"
    )


def _day(ask: Ask, birthday: Birthday) -> str:
    year = "" if birthday.day.year == ask.now.year else "明年"
    return f"{year}{say_day(birthday.day)}"
