"""What is said of a draft that is over: it was done, it was dropped, it has lapsed.

A yes may come twice, and who dropped one may change her mind: 算了，明早八点再发吧.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.assistant.outcome import Outcome, guard
from bot.calendar.say import say_time
from bot.command import Answer, Ask, Drafting, Kept
from bot.inbox import focus, open_questions
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.drafts.changes import told_changes
from bot.understanding.drafts.cues import calls_off, speaks_of_last
from bot.understanding.drafts.replies import read_reply
from bot.understanding.speech import listen
from bot.understanding.text import normalise

LAPSED = "{asked}这一问等了半个小时，已经作废，没有办。要办请重新说一遍。"
NOTHING_OPEN = "现在没有等您确认的事，什么也没做。有事直接说就行。"
DONE_BEFORE = "{done}，没有再办一次。\n（{at}，您确认的是：{asked}）"
STILL_THERE = "（刚才没办的还在，说“恢复上一稿”再看。）"
DROPPED, DONE = "dropped", "done"
DONE_FOR = timedelta(minutes=5)
"""How long another 确认 is told what the last one did."""
DEEDS = ("发", "登记", "设", "存", "记", "撤", "改", "送", "办")
LONGEST_CHANGE = 24  # of what was dropped: a longer text says something of its own


def note_done(ask: Ask, question: Open, made: Kept) -> None:
    """Keep for a while what was carried out: the yes may come twice."""
    told = {"made": made, "asked": question.asked}
    ask.note_focus(DONE, **told, kind=question.kind, at=ask.now.isoformat())


def note_dropped(ask: Ask, question: Open) -> None:
    """Keep for a while what was dropped: it may be taken up again."""
    gone = {"kind": question.kind, "kept": question.kept, "office": question.office}
    ask.note_focus(DROPPED, **gone)
    focus.drop(ask.session, ask.message.thread, DONE)


def is_just_done(ask: Ask) -> bool:
    """Whether another was carried out just now: a yes may have come twice."""
    return _find_done(ask) is not None


def _find_done(ask: Ask) -> Kept | None:
    """Find what was carried out just now."""
    done = ask.find_focus(DONE)
    if done is None or ask.now - datetime.fromisoformat(done["at"]) >= DONE_FOR:
        return None
    return dict(done)


def say_over(ask: Ask, heard: Outcome) -> Outcome:
    """Say of a yes that answers nothing that what it was for is done, or is over."""
    if heard.refused and calls_off(ask.text) and read_reply(ask.text).act == "no":
        return replace(heard, reply=Reply(NOTHING_OPEN))
    if heard.intent != "none":
        return heard
    if done := _say_done(ask):
        return replace(heard, reply=Reply(done))
    said = read_reply(ask.text, DEEDS)
    if said.act in ("none", "heard"):
        return heard
    if said.act == "back" and (restored := _restore(ask)):
        return restored
    asked = open_questions.find_lapsed(ask.session, ask.message.thread, ask.now)
    if asked:
        return replace(heard, reply=Reply(LAPSED.format(asked=asked)))
    return replace(heard, reply=Reply(NOTHING_OPEN)) if said.act == "yes" else heard


def _say_done(ask: Ask) -> str:
    """Tell who says yes once more what the last one did; "" for any other text."""
    done = _find_done(ask)
    drafting = ask.commands.drafts.get(done["kind"]) if done else None
    if not done or not drafting or read_reply(ask.text, drafting.verbs).act != "yes":
        return ""
    at = say_time(datetime.fromisoformat(done["at"]), ask.now)
    said = drafting.done(ask, done.get("made", {}))
    return DONE_BEFORE.format(done=said, asked=done["asked"], at=at)


def _restore(ask: Ask) -> Outcome | None:
    """Show again what was dropped last."""
    if (dropped := _find_dropped(ask)) is None:
        return None
    drafting, kept, _ = dropped
    return guard(partial(drafting.show, ask, kept), drafting.kind)


def take_up_dropped(ask: Ask) -> Outcome | None:
    """Hear a change of mind about what was just dropped: 算了，明早八点再发吧.

    Where that is refused, nothing of it stays, and the text is heard as any other; but
    who cannot be added is told of.
    """
    if not _may_be_of_dropped(ask) or (dropped := _find_dropped(ask)) is None:
        return None
    drafting, kept, fresh = dropped
    if not fresh or drafting.lacks(kept):
        return None
    said = read_reply(ask.text, drafting.verbs)
    names_deed = any(each in ask.text for each in drafting.verbs)
    told = told_changes(ask.said, ask.now)
    hear: Callable[[Ask, Kept], Answer | None]
    if said.act == "yes" and names_deed:
        hear = drafting.show
    elif said.act == "none" and (names_deed or told):
        hear = drafting.change
    else:
        return None
    with open_questions.on_trial(ask.session) as tried:
        heard = guard(partial(hear, ask, kept), drafting.kind)
        if heard is None or heard.refused:
            adds = any(each.what == "with" for each in told)
            return _say_still_there(heard) if heard and adds else None
        tried.commit()
    focus.drop(ask.session, ask.message.thread, DROPPED)
    return heard


def _say_still_there(refused: Outcome) -> Outcome:
    """Say with a refusal that what was dropped can still be taken up."""
    if refused.reply is None:
        return refused
    text = f"{refused.reply.text}\n{STILL_THERE}"
    return replace(refused, reply=replace(refused.reply, text=text))


def _may_be_of_dropped(ask: Ask) -> bool:
    """Whether a text names a deed or speaks of something, and asks nothing.

    Only then is it looked up what was dropped: most texts are of nothing. A draft that
    waits beneath another question comes before what was dropped.
    """
    if len(ask.said) > LONGEST_CHANGE:
        return False
    verbs = (verb for each in ask.commands.drafts.values() for verb in each.verbs)
    speaks = speaks_of_last(ask.text) or any(each in ask.text for each in verbs)
    if not speaks or listen(normalise(ask.text).text).asks:
        return False
    beneath = open_questions.peek_aside(ask.session, ask.message.thread, ask.now)
    return beneath is None or not beneath.is_draft


def _find_dropped(ask: Ask) -> tuple[Drafting, Kept, bool] | None:
    """Find what was dropped last, for who still holds what it was shown for.

    With it goes whether nothing else was spoken of since, nor long ago.
    """
    spoken = focus.every(ask.session, ask.message.thread, ask.now)
    found = next((each for each in spoken if each.kind == DROPPED), None)
    drafting = ask.commands.drafts.get(found.kept["kind"]) if found else None
    if found is None or drafting is None:
        return None
    holds = ask.standing.includes(*found.kept["office"])
    last = all(each.age > found.age for each in spoken if each is not found)
    fresh = last and found.age <= open_questions.LASTS
    return (drafting, found.kept["kept"], fresh) if holds else None
