"""发通知: a secretary writes, looks at the preview, improves it, confirms."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from bot import outbox
from bot.branch.meetings import calls
from bot.branch.notices import (
    corrections,
    draft_rules,
    enclosures,
    notices,
    previews,
    sending,
)
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Notice, State
from bot.branch.notices.previews import Sitting
from bot.branch.notices.repeats import find_repeat
from bot.branch.people.audience import Audience
from bot.branch.people.members import Role
from bot.calendar.say import say_day, say_time
from bot.command import Ask, Drafting, FreeWords, Kept, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.outbox import Importance, Plan, Window
from bot.received import is_handed, read_file, say_not_handed
from bot.understanding.drafts.patching import find_clashes, relative_days
from bot.understanding.drafts.replies import says_no
from bot.understanding.slots.audience import (
    Take,
    read_audience,
    take_audience,
    take_from_audience,
)
from bot.understanding.slots.namesakes import Namesake, SeveralCalled, is_numbered, pick
from bot.understanding.slots.scope import Scope
from handlers.notices import changing
from handlers.notices.answers import who_answered
from handlers.notices.edits import (
    Edit,
    asks_for_door,
    find_deadline,
    read_choices,
    read_edit,
)
from handlers.notices.order import Order, is_foreseen, read_correction, read_order
from handlers.notices.particulars import (
    cut_nobody_else,
    read_ahead,
    read_particulars,
)
from handlers.notices.tagged import carries, read_tagged

WAITS = "“待发通知”可以看，“撤回通知”可以取消。"
GOES = "发“谁没回复”看送达和回执，发“催一下”提醒。"
KEPT = "\n（原文保留：“{}”没有另外设，照原文发。）"


def _begins_with_people(ask: Ask, words: str) -> bool:
    """Tell whether words are for people of the branch, who are named first."""
    return bool(take_audience(Scope(ask.session, ask.standing.branch), words)[0])


FOCUS = "notice"
FREE_WORDS = FreeWords(own=("broadcast.enclose",), takes=("question", "order"))
TO_CORRECT = ("更正", "更正下", "更正一下")
SAYS_NOTHING = "吧了啊。！!~ \n"
NOT_CLEAR = (
    "没听出更正哪一条通知、改什么，什么也没有发。"
    "说“更正 …”更正最近一条，说“更正第{n}条：…”只更正那一条。"
)
OF_MEETING = (
    "这是会议“{title}”的通知，会议改了它才跟着改，没有动。"
    "说“会改到周四下午三点”“会议地点换成302”，或者“取消会议”。"
)
PLAIN = ("text", "audience", "without")
"""What may be said of a part of the text as well: 改成周四, 去掉李伟."""
WHAT = (
    "“{words}”是改什么？时间说“时间改成 …”，地点说“地点改成 …”，名单说“发给 …”；"
    "整段重写说“修改内容 …”。没有改。"
)


@command(
    "broadcast",
    help="给本支部发通知，先预览再发，例：发通知 周三下午两点开会",
    role=Role.SECRETARY,
    acts=True,
    knows=_begins_with_people,
)
def draft_notice(ask: Ask) -> Reply | str:
    if ask.text.startswith("更正"):
        return _correct(ask)
    if "更正" in ask.text and (corrected := _correct_said(ask)):
        return corrected
    try:
        return _draft(ask)
    except SeveralCalled as several:
        return _ask_who(ask, several, ask.message.text)


def _take(ask: Ask, scope: Scope, text: str) -> tuple[str, str]:
    """Part a text that begins with people; 请假的 are those who answered so."""
    who, rest = take_audience(scope, text)
    return (who, rest) if who or who_answered(ask, text) is None else (text, "")


def _draft(ask: Ask) -> str:
    scope = Scope(ask.session, ask.standing.branch)
    take = partial(_take, ask, scope)
    order = read_order(ask.text, take, ask.slots)
    with suppress(SeveralCalled):  # a mark that is said beside a name parts them
        if drafted := _draft_tagged(ask, scope, take, order):
            return drafted
    if order.text == ask.text.strip() and not carries(order.text):
        order = replace(order, text="")  # 发给支委吧 says nothing to be sent
    whole = ask.whole(order.text)
    said = read_particulars(
        cut_nobody_else(whole) if order.is_for_some else whole, ask.now, take
    )
    ahead = read_ahead(order.ahead, ask.now, take)
    without = "、".join(filter(None, [ahead.without, said.without]))
    draft = Draft(
        said.text,
        _read_audience(ask, said.only or order.who, without),
        goes_at=said.goes_at or ahead.goes_at,
        deadline=said.deadline or ahead.deadline,
        choices=said.choices,
        urgent=order.urgent or said.urgent,
    )
    if not draft.text:
        return _ask_text(ask, draft)
    return _show_kept(ask, draft, said.kept)


def _draft_tagged(ask: Ask, scope: Scope, take: Take, order: Order) -> str | None:
    """Draft what no sentence foresees, as it was learnt to be parted.

    order: as it was read in foreseen words; it tells what was not learnt.
    """
    if ask.message.rest or is_foreseen(ask.text):
        return None
    said = read_tagged(ask.text.strip(), ask.now, take, scope.of(ask.text).names)
    if said is None:
        return None
    more = read_particulars(said.text, ask.now, take)
    also = read_particulars(order.text, ask.now, take)
    draft = Draft(
        more.text,
        _read_audience(ask, said.who or more.only or order.who, said.without),
        goes_at=said.goes_at or more.goes_at,
        deadline=said.deadline or more.deadline or also.deadline,
        choices=said.choices or more.choices or also.choices,
        urgent=more.urgent,
    )
    if not draft.text:
        return None
    return _show_kept(ask, draft, more.kept)


def _show_kept(ask: Ask, draft: Draft, kept: Sequence[str]) -> str:
    """Show a draft, and say which words were left in it."""
    return show(ask, draft) + (KEPT.format("、".join(kept)) if kept else "")


def _change_draft(ask: Ask, kept: Kept) -> Reply | str | None:
    """Hear the text that is asked for, a picture, or an improvement."""
    said = ask.said.strip(" 。！!，,")
    draft = Draft.unpack(kept["draft"])
    if ask.message.kind != "text":
        draft = _attach(ask, draft)
        return show(ask, draft) if draft.text else _ask_text(ask, draft)
    if asks_for_door(said, has_text=bool(draft.text)):
        return previews.tell_door(_sitting(ask), draft)
    if kept["step"] == "text":
        return show(ask, replace(draft, text=ask.whole(said)))
    return change_whole(ask, draft, said)


def change_whole(ask: Ask, draft: Draft, said: str) -> str | None:
    """Change what is said of a draft that lacks nothing; None where nothing is."""
    edit = read_edit(said, ask.now)
    if edit and edit.what not in PLAIN:
        return _improve(ask, draft, edit)
    try:
        changed = changing.change(ask, draft, said)
        if changed is None and edit and edit.what == "text":
            changed = changing.change(ask, draft, edit.words)
    except SeveralCalled as several:
        return _ask_who(ask, several, ask.message.text, draft)
    if changed:
        return show(ask, changed.draft, changed.marks)
    if edit is None:
        return None
    if edit.what == "text" and edit.words and not changing.is_whole_text(edit.words):
        return WHAT.format(words=edit.words)
    return _improve(ask, draft, edit)


def _confirm(ask: Ask, kept: Kept) -> Reply | str:
    draft = Draft.unpack(kept["draft"])
    repeat = find_repeat(ask.session, draft, ask.now)
    if repeat and repeat.notice.id != kept.get("repeats"):
        return show(ask, draft)  # it went out since, from the console
    return _send(ask, sending.keep_quiet(ask.config, draft, ask.now))


def _name_made(ask: Ask) -> Kept:
    return dict(ask.find_focus(FOCUS) or {})


def _say_done(ask: Ask, made: Kept) -> str:
    """Say how it stands with the notice that was just confirmed."""
    if "notice" not in made:
        return "刚才已经发出了"
    notice = notices.find(ask.session, made["notice"])
    if notice.state == State.WITHDRAWN:
        return f"刚才那条已经撤回了（第 {notice.id} 条）"
    if notice.state == State.AWAITING:
        return f"刚才已经写好送审了（第 {notice.id} 条）"
    if notice.goes_at > ask.now:
        when = say_time(notice.goes_at, ask.now)
        return f"刚才已经定好了（第 {notice.id} 条，{when}发出）"
    return f"刚才已经发出了（第 {notice.id} 条）"


def _show_draft(ask: Ask, kept: Kept) -> str:
    return show(ask, Draft.unpack(kept["draft"]))


NOTICE = Drafting(
    previews.QUESTION,
    show=_show_draft,
    confirm=_confirm,
    change=_change_draft,
    verbs=("发", "发送", "发出", "发布", "群发", "发出去"),
    dropped="好的，没有发。",
    lacks=lambda kept: kept["step"] == "text",
    words=lambda kept: FREE_WORDS if kept["step"] == "text" else None,
    hears=("image", "link", "file"),
    empty=lambda kept: kept["step"] == "text" and not kept["draft"]["pictures"],
    made=_name_made,
    done=_say_done,
)


def _ask_who(
    ask: Ask, several: SeveralCalled, said: str, draft: Draft | None = None
) -> str:
    """Ask which of those of one name is meant; said: what to hear again then."""
    ask.put_question(
        "broadcast.who",
        several.asked,
        said=said,
        name=several.name,
        people=[asdict(each) for each in several.people],
        draft=draft and draft.pack(),
    )
    return f"{several.asked}\n{_say_how(several)}"


def _say_how(several: SeveralCalled) -> str:
    if is_numbered([each.mark for each in several.people]):
        return "回数字就行，或者回账号。"
    marked = [each.marked for each in several.people if each.mark]
    return f"回姓名带标记，例：{marked[0]}，或者回账号。"


@answering("broadcast.who")
def hear_who(ask: Ask, question: Open) -> Reply | str | None:
    """Hear a number or an account, and take the notice up again with it."""
    details = question.details
    if says_no(ask.text):
        if details["draft"] is not None:
            return show(ask, Draft.unpack(details["draft"]))
        ask.close_question()
        return NOTICE.dropped
    people = [Namesake(**each) for each in details.get("people", ())]
    if (meant := pick(people, ask.text)) is None:
        return None
    ask.close_question()
    said = details["said"].replace(details["name"], meant.account, 1)
    again = replace(ask, message=replace(ask.message, text=said))
    try:
        if details["draft"] is None:
            return _draft(again)
    except SeveralCalled as several:
        return _ask_who(ask, several, said)
    draft = Draft.unpack(details["draft"])
    return change_whole(again, draft, again.said) or show(again, draft)


def _improve(ask: Ask, draft: Draft, edit: Edit) -> str:
    try:
        return _improved(ask, draft, edit)
    except SeveralCalled as several:
        return _ask_who(ask, several, ask.message.text, draft)


def _improved(ask: Ask, draft: Draft, edit: Edit) -> str:
    if edit.what == "trial":
        return _try_on_self(ask, draft)
    if edit.what == "text" and not edit.words:
        return _ask_text(ask, draft)
    if edit.what == "bare":
        return show(ask, draft.without_enclosed(draft.enclosed))
    if edit.what == "without" and (gone := _called(ask, draft, edit.words)):
        return show(ask, draft.without_enclosed(gone))
    return show(ask, replace(draft, **_change(ask, draft, edit)))


def _called(ask: Ask, draft: Draft, name: str) -> list[int]:
    """List the pictures and files of that name."""
    names = enclosures.name_each(ask.session, draft.enclosed)
    pairs = zip(draft.enclosed, names, strict=True)
    return [number for number, each in pairs if each == name]


def _change(ask: Ask, draft: Draft, edit: Edit) -> dict[str, Any]:
    """Turn an edit into the fields of the draft that it changes."""
    match edit.what:
        case "audience":
            return {"audience": _read_audience(ask, edit.words)}
        case "without":
            scope = Scope(ask.session, ask.standing.branch)
            audience = take_from_audience(scope, draft.audience, edit.words)
            return {"audience": audience}
        case "at_once":
            return {"goes_at": None, "urgent": True}
        case "robots":
            return {"robots": _robots(ask)}
        case "more_choices":
            return {"choices": read_choices("/".join([*draft.choices, edit.words]))}
        case "text":
            return {"text": ask.whole(edit.words)}
        case field:
            return {field: edit.value}


def _robots(ask: Ask) -> tuple[str, ...]:
    if not ask.config.robots:
        raise Refusal("还没有配置群机器人，发不到群里；请管理员配上。")
    return tuple(each.name for each in ask.config.robots)


def _ask_text(ask: Ask, draft: Draft) -> str:
    return previews.ask_text(ask.session, _sitting(ask), draft)


def show(ask: Ask, draft: Draft, marks: Sequence[str] = ()) -> str:
    return previews.show(ask.session, _sitting(ask), draft, _warn(ask, draft, marks))


def _warn(ask: Ask, draft: Draft, marks: Sequence[str]) -> list[str]:
    """Say what was changed, and what in the text will be read otherwise than meant."""
    lines = [changing.say_marks(marks)]
    lines += [f"请核对：{each}。" for each in find_clashes(draft.text, ask.now)]
    goes_at = sending.keep_quiet(ask.config, draft, ask.now).goes_at
    said = relative_days(draft.text)
    if said and goes_at and goes_at.date() != ask.now.date():
        when, words = say_day(goes_at.date()), "”“".join(said)
        lines.append(f"请核对：{when}才发出，里面的“{words}”到那时不是同一天。")
    return list(filter(None, lines))


def _sitting(ask: Ask) -> Sitting:
    thread, branch = ask.message.thread, ask.standing.branch
    answers = ask.answers or ask.find_empty(previews.QUESTION)
    return Sitting(thread, branch, ask.config, ask.now, answers)


def _send(ask: Ask, draft: Draft) -> Reply:
    branch = ask.standing.branch
    sent = sending.send(ask.session, ask.member, branch, draft, ask.config, ask.now)
    ask.close_question()
    ask.note_focus(FOCUS, notice=sent.notice.id)
    text = sent.say(ask.now)
    if not sent.approvers:
        text += WAITS if sent.notice.goes_at > ask.now else GOES
    return Reply(text, changed=True)


def _try_on_self(ask: Ask, draft: Draft) -> str:
    """Send the author a copy that counts for nothing."""
    for number, content in enumerate(notices.preview(draft, ask.standing.branch)):
        plan = Plan(
            key=f"trial:{ask.message.id}:{number}",
            kind="trial",
            content=content,
            window=Window(ask.now, ask.now.replace(hour=23, minute=59, second=59)),
            importance=Importance.ANSWER,
        )
        member = ask.member
        outbox.put_to(ask.session, plan, member.userid, member.id, now=ask.now)
    return "试发给您自己了，看看手机。可以就回“确认”，不行就“修改 …”或“取消”。"


def _attach(ask: Ask, draft: Draft) -> Draft:
    fields = ask.message.fields
    if ask.message.kind == "link":
        link = f"{fields.get('Title', '')} {fields.get('Url', '')}".strip()
        return replace(draft, text=f"{draft.text}\n{link}".strip())
    enclosures.check_room(draft.enclosed)
    if ask.message.kind == "file":
        if not is_handed(ask.message):
            raise Refusal(say_not_handed(ask, previews.tell_door(_sitting(ask), draft)))
        file = read_file(ask)
        taken = enclosures.take_upload(
            ask.session, file.name, file.content, f"chat:{ask.message.id}", ask.now
        )
        return draft.with_enclosed(taken.number, is_picture=taken.is_picture)
    name = f"通知图片{len(draft.pictures) + 1}.jpg"
    media_id = fields.get("MediaId", "")
    kept = enclosures.take_picture(ask.session, ask.member, name, media_id, ask.now)
    return draft.with_enclosed(kept, is_picture=True)


def correct_by(ask: Ask, notice: Notice, said: str) -> str | None:
    """Preview a correction: the notice's own text with what is said changed in it."""
    draft = correction_of(ask, notice, notice.text)
    draft = replace(draft, deadline=copy_of(ask, notice).deadline or draft.deadline)
    changed = changing.change(ask, draft, said)
    return show(ask, changed.draft, changed.marks) if changed else None


def _correct(ask: Ask) -> str:
    number, text = read_correction(ask.text)
    out = draft_rules.all_out(ask.session, ask.standing.branch, ask.now)
    first = next((each for each in out if number in (None, each.id)), None)
    if first is None:
        raise Refusal(f"没有发出过第 {number} 条通知。")
    last = corrections.standing(ask.session, first, ask.now)
    if patched := correct_by(ask, last, text):
        return patched
    draft = correction_of(ask, last, ask.whole(text))
    return _ask_text(ask, draft) if not text else show(ask, draft)


def copy_of(ask: Ask, notice: Notice) -> Draft:
    """Begin a notice that says and asks what another did, of whoever is named then."""
    still = notice.deadline and notice.deadline > ask.now
    return Draft(
        notice.text,
        Audience.unpack(notice.audience),
        choices=tuple(notice.choices["offered"]),
        deadline=notice.deadline.astimezone(ask.now.tzinfo)
        if notice.deadline and still
        else None,
    )


def _correct_said(ask: Ask) -> str | None:
    """Take 合影改到五点了，更正一下 as a correction of what it names, or of the last.

    A text that ends so is never a new notice. Raises Refusal where it is not clear
    which notice is to be corrected.
    """
    kept = ask.find_focus(FOCUS)
    last = notices.find(ask.session, kept["notice"]) if kept else None
    for notice in filter(None, (find_named(ask), last)):
        stands = corrections.standing(ask.session, notice, ask.now)
        out = corrections.is_out(stands, ask.now)
        if out and (corrected := correct_by(ask, stands, ask.text)):
            return corrected
    if ask.said.rstrip(SAYS_NOTHING).endswith(TO_CORRECT):
        newest = draft_rules.all_out(ask.session, ask.standing.branch, ask.now)[0]
        raise Refusal(NOT_CLEAR.format(n=newest.id))
    return None


def find_named(ask: Ask) -> Notice | None:
    """Find the newest notice that is out and that a change names: 合影改到五点."""
    if not changing.names_anything(ask.said, ask.now):
        return None
    latest = notices.latest(ask.session, ask.standing.branch)
    stand = [corrections.standing(ask.session, each, ask.now) for each in latest]
    return next(
        (
            each
            for each in stand
            if corrections.is_out(each, ask.now)
            and changing.names(ask.said, each.text, ask.now)
            and not calls.is_call(ask.session, each)
        ),
        None,
    )


def correction_of(ask: Ask, notice: Notice, text: str) -> Draft:
    """Begin a correction: it goes where the notice went, and asks what that asked.

    Raises Refusal for what calls to a meeting: that has one truth, the meeting's.
    """
    if meeting := calls.meeting_of(ask.session, notice):
        raise Refusal(OF_MEETING.format(title=meeting.title))
    told = corrections.groups_told(ask.session, notice)
    known = {each.name for each in ask.config.robots}
    copy = copy_of(ask, notice)
    return replace(
        copy,
        text=text,
        deadline=find_deadline(text, ask.now) or copy.deadline,
        robots=tuple(each for each in told if each in known),
        corrects=notice.matter,
        urgent=True,
    )


def _by_name(ask: Ask, words: str) -> str:
    """Put their names for 请假的. Raises Refusal where nobody answered so."""
    parts = words.split("、") if words else []
    named = [(each, who_answered(ask, each)) for each in parts]
    if lone := next((each for each, who in named if who == []), ""):
        raise Refusal(f"上一条要回执的通知，没有人是“{lone}”。没有发。")
    return "、".join("、".join(who) if who else each for each, who in named)


def _read_audience(ask: Ask, words: str, without: str = "") -> Audience:
    branch = ask.standing.branch
    scope = Scope(ask.session, branch)
    words, without = _by_name(ask, words), _by_name(ask, without)
    without = "" if words == without else without
    if draft_rules.means_silent(words):
        audience = draft_rules.silent_audience(ask.session, branch, ask.now)
    else:
        audience = read_audience(scope, words) if words else Audience(branch.id)
    return take_from_audience(scope, audience, without) if without else audience
