"""政治生日祝福: the secretary sees the week ahead, stops, resumes, rewords."""

from bot.branch.birthdays import cards, greetings, plans, ungreeted, weeks
from bot.branch.birthdays.greetings import Birthday
from bot.branch.people.members import Member, Role
from bot.calendar.say import say_day
from bot.command import Ask, Drafting, FreeWords, Kept, NotMeant, command, overhearing
from bot.errors import Denied, Refusal
from bot.message import Reply
from bot.understanding.slots.death import read_death, tells_of_death
from bot.understanding.slots.person import NamedPerson, find_named, require_named
from bot.understanding.slots.scope import Scope
from bot.understanding.slots.yes_no import refuses, refuses_sending

FOCUS, DONE = "greeting", "greeting.done"
STOP, RESUME, REWORD = "stop", "resume", "reword"
ENDS = ("。", "！", "!", "？", "…")
AROUND = " ：:，,"
WHOSE = "给谁的祝福里加？例：王芳的祝福加一句：保重身体。"
NOTED = (
    "名册里也请记一笔：请管理员把这位同志那一行的党籍状态写成“去世”，再导入一次，"
    "往后的祝福、通知、提醒就都不发了。"
)
UNCHANGED = "好的，没有改。"
USUAL_WORDS = ("原话", "恢复原话", "默认", "用原来的话")


@command(
    "birthday_week",
    help="未来一周的政治生日祝福，可停发、改话",
    shown=False,
    role=Role.SECRETARY,
)
def show_week(ask: Ask) -> str:
    """Show the week ahead, or the greeting of whoever is named."""
    branch = ask.standing.branch
    words = ask.slots.get("name", ask.text)
    if named := find_named(Scope(ask.session, branch), words):
        return say_greeting(ask, named.member)
    if ask.slots:
        raise NotMeant
    today = ask.now.date()
    found = [
        *greetings.between(ask.session, branch, today, today),
        *weeks.of_branch(ask.session, branch, today),
    ]
    told = f"未来一周，{branch.name}没有同志过政治生日。"
    if found:
        told = weeks.describe(found, branch)
    lacking = ungreeted.say(ungreeted.count(ask.session, branch))
    return f"{told}\n{lacking}" if lacking else told


@command(
    "edit_greeting",
    help="停发、恢复或修改某位的政治生日祝福，例：修改祝福 王芳 愿您永葆初心",
    shown=False,
    role=Role.SECRETARY,
    acts=True,
)
def edit_greeting(ask: Ask) -> str:
    """Preview the new words; what is added stands after those there are."""
    added = ask.slots.get("added")
    if added and not set(ask.slots) & {"who", "name"}:
        return WHOSE
    named = _named(ask, "王芳的祝福加一句：保重身体" if added else "修改祝福 王芳")
    birthday = open_birthday(ask, named.member)
    if added:
        known = (birthday.words or greetings.USUAL_WORDS).rstrip()
        stop = "" if known.endswith(ENDS) else "。"
        return _reword(ask, birthday, f"{known}{stop}{added}")
    words = ask.slots.get("text") or named.after.strip(AROUND)
    if not words:
        return ask_words(ask, birthday)
    return take_words(ask, birthday, words)


@command(
    "edit_greeting.stop",
    help="停发某位的政治生日祝福，例：停发祝福 王芳",
    shown=False,
    role=Role.SECRETARY,
    acts=True,
)
def stop_greeting(ask: Ask) -> str:
    return confirm_step(ask, _birthday_meant(ask, "停发祝福 王芳"), STOP)


@command(
    "edit_greeting.resume",
    help="恢复某位的政治生日祝福，例：恢复祝福 王芳",
    shown=False,
    role=Role.SECRETARY,
    acts=True,
)
def resume_greeting(ask: Ask) -> str:
    return confirm_step(ask, _birthday_meant(ask, "恢复祝福 王芳"), RESUME)


@command(
    "edit_greeting.preview",
    help="看某位的政治生日祝福送出去是什么样，例：预览祝福 王芳",
    shown=False,
    role=Role.SECRETARY,
)
def preview_greeting(ask: Ask) -> str:
    return _preview(ask, _birthday_meant(ask, "预览祝福 王芳"))


@overhearing("edit_greeting")
def hear_death(ask: Ask) -> str | None:
    """Know 李伟同志因病去世，请停发祝福; a death told alone is for the secretary."""
    told = read_death(ask.text)
    if told is None:
        return None
    if ask.standing.role < Role.SECRETARY:
        if "祝福" not in ask.text:
            return None
        raise Denied(f"“停发祝福”要由{Role.SECRETARY.title}来做。")
    scope = Scope(ask.session, ask.standing.branch)
    named = find_named(scope, told.who or told.order)
    if told.who and told.who not in scope.called:
        if named is None and "祝福" in ask.text:
            scope.find_number(told.who)  # refuses, and says who may be meant
        return None
    if named is None:
        return None
    return _mourn(ask, named.member) if told.sure else _offer_stop(ask, named.member)


def _mourn(ask: Ask, member: Member) -> str:
    """Offer to stop the greeting of who died, and say what the roster is to hold."""
    offered = _offer_stop(ask, member, mourned=True)
    return f"{member.called}同志去世，请节哀。\n{NOTED}\n{offered}"


def _offer_stop(ask: Ask, member: Member, *, mourned: bool = False) -> str:
    if not greetings.may_greet(member):
        return f"这里不给{member.called}发政治生日祝福，不用停。"
    birthday = greetings.coming(ask.session, member, ask.now.date())
    if greetings.is_greeted(ask.session, birthday):
        return f"今年给{member.called}的祝福已经送出了，收不回来。"
    return confirm_step(ask, birthday, STOP, mourned=mourned)


def _hear_words(ask: Ask, kept: Kept) -> Reply | str | None:
    """Hear the words that are asked for, or others: 改成 愿您永葆初心."""
    said = ask.text.strip()
    if kept["step"] == "words":
        if _orders_else(ask, said):
            return None
        return take_words(ask, _birthday_of(ask, kept["member"]), said)
    return None


def _decline(ask: Ask, kept: Kept) -> str | None:
    """Take 别给他发了, said where words were asked for, as a wish to stop it."""
    if kept["step"] != "words":
        return None
    if tells_of_death(ask.text):
        return take_words(ask, _birthday_of(ask, kept["member"]), ask.text.strip())
    if not refuses_sending(ask.text):
        return None
    return confirm_step(ask, _birthday_of(ask, kept["member"]), STOP)


def _orders_else(ask: Ask, said: str) -> bool:
    """Whether a text orders another thing: 提醒一下没回复的人."""
    return bool(ask.orders()) and not tells_of_death(said)


def _show_draft(ask: Ask, kept: Kept) -> str:
    birthday = _birthday_of(ask, kept["member"])
    match kept["step"]:
        case "words":
            return ask_words(ask, birthday)
        case "reword":
            return _reword(ask, birthday, kept["words"] or USUAL_WORDS[0])
        case step:
            return confirm_step(ask, birthday, step, mourned=kept["mourned"])


FREE_WORDS = FreeWords(takes=("thanks", "order"))
GREETING = Drafting(
    "greeting",
    show=_show_draft,
    confirm=lambda ask, kept: _do(ask, _birthday_of(ask, kept["member"]), kept),
    change=_hear_words,
    verbs=("改", "停", "停发", "恢复", "就这样送", "送"),
    dropped=UNCHANGED,
    declined=_decline,
    lacks=lambda kept: kept["step"] == "words",
    words=lambda kept: FREE_WORDS if kept["step"] == "words" else None,
)


def say_greeting(ask: Ask, member: Member) -> str:
    if not greetings.may_greet(member):
        return ungreeted.why_not(member) or f"{member.called}不在祝福的范围里，不会发。"
    birthday = greetings.coming(ask.session, member, ask.now.date())
    sent = "今年的已经送出了。" if greetings.is_greeted(ask.session, birthday) else ""
    how = f"不发说“停发祝福 {member.called}”，换话说“修改祝福 {member.called} 您的话”。"
    return f"{_preview(ask, birthday)}\n{sent or how}"


def _do(ask: Ask, birthday: Birthday, kept: Kept) -> Reply:
    ask.close_question()
    session, to = ask.session, birthday.to
    greetings.take_open(session, birthday)
    done = {"member": birthday.member_id, "step": kept["step"]}
    ask.note_focus(DONE, **done, before=birthday.words or "")
    match kept["step"]:
        case "stop":
            plans.stop(session, to, ask.member, ask.now)
            text = f"好，{_day(ask, birthday)}不给{birthday.called}发祝福。"
            if not kept.get("mourned"):
                text += f"改主意就说“恢复祝福 {birthday.called}”。"
        case "resume":
            plans.resume(session, to, ask.member, ask.now)
            text = f"好，{_day(ask, birthday)}照常给{birthday.called}送祝福。"
        case _:
            words = kept["words"] or None
            plans.reword(session, to, words, ask.member, ask.now)
            text = f"改好了，{_day(ask, birthday)}这样送给{birthday.called}。"
    return Reply(text, changed=True)


def take_words(ask: Ask, birthday: Birthday, words: str) -> str:
    """Take new words; what only refuses, or tells of a death, is no greeting."""
    if tells_of_death(words):
        return _mourn(ask, ask.session.get_one(Member, birthday.member_id))
    if refuses_sending(words):
        return confirm_step(ask, birthday, STOP)
    if refuses(words):
        ask.close_question()
        return UNCHANGED
    return _reword(ask, birthday, words)


def ask_words(ask: Ask, birthday: Birthday) -> str:
    asked = f"给{birthday.called}同志的祝福里，您想说什么？"
    ask.put_draft("greeting", asked, member=birthday.member_id, step="words")
    return f"{asked}直接发给我；说“原话”用回原来的，不改了就回“取消”。"


def _reword(ask: Ask, birthday: Birthday, words: str) -> str:
    usual = words in USUAL_WORDS
    new = None if usual else plans.check_words(words)
    changed = greetings.with_words(birthday, new)
    if not cards.fits(changed):
        raise Refusal("这段话太长，贺卡上放不下，请短一些。")
    ask.put_draft(
        "greeting",
        f"给{birthday.called}的祝福这样改吗？",
        member=birthday.member_id,
        step=REWORD,
        words=new or "",
    )
    return (
        f"{_preview(ask, changed)}\n"
        "回“确认”就这样送，“取消”不改；还想换话，再说一次“修改祝福 …”。"
    )


def _preview(ask: Ask, birthday: Birthday) -> str:
    ask.note_focus(FOCUS, member=birthday.member_id)
    key = f"card_preview:{ask.message.id}"
    drawn = cards.find_or_keep(ask.session, birthday, ask.made, ask.now)
    shown = cards.show(ask.session, drawn, ask.member, ask.now, key)
    lost = cards.say_lost(birthday)
    card = f"贺卡样张发到您手机上了。{lost}" if shown else "贺卡印不了，只送文字。"
    when = f"{_day(ask, birthday)}送给{birthday.called}"
    stopped = "（已停发）" if birthday.stopped else ""
    said = greetings.say(birthday, birthday.day)
    return f"【预览】{when}{stopped}\n――――――\n{said}\n――――――\n{card}"


def confirm_step(
    ask: Ask, birthday: Birthday, step: str, *, mourned: bool = False
) -> str:
    if birthday.stopped == (step == STOP):
        state = "本来就停着" if birthday.stopped else "本来就照常发"
        return f"{birthday.called}的祝福{state}。"
    what = "停发" if step == STOP else "恢复"
    asked = f"{what}{_day(ask, birthday)}给{birthday.called}的祝福吗？"
    kept = {"member": birthday.member_id, "step": step, "mourned": mourned}
    ask.put_draft("greeting", asked, **kept)
    return f"{asked}回“确认”或“取消”。"


def _named(ask: Ask, example: str) -> NamedPerson:
    words = ask.slots.get("name") or ask.slots.get("who") or ask.words or ask.text
    return require_named(Scope(ask.session, ask.standing.branch), words, example)


def _birthday_meant(ask: Ask, example: str) -> Birthday:
    return open_birthday(ask, _named(ask, example).member)


def _birthday_of(ask: Ask, member_id: int) -> Birthday:
    return greetings.coming_of(ask.session, member_id, ask.now.date())


def open_birthday(ask: Ask, member: Member) -> Birthday:
    """Return the coming greeting of a member. Raises Refusal if there will be none."""
    if why := ungreeted.why_not(member):
        raise Refusal(why)
    birthday = greetings.coming(ask.session, member, ask.now.date())
    if not greetings.may_greet(member):
        raise Refusal(f"{member.called}不在祝福的范围里，本来就不会发。")
    if greetings.is_greeted(ask.session, birthday):
        raise Refusal(f"今年给{member.called}的祝福已经送出了，改不了了。")
    return birthday


def _day(ask: Ask, birthday: Birthday) -> str:
    return say_day(birthday.day, ask.now.date())
