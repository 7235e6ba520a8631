"""What is said of the notice last spoken of: 时间变了，改成三点; 同样的再发一份."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.branch.meetings import calls
from bot.branch.notices import corrections, notices
from bot.branch.notices.notices import Notice, State
from bot.branch.people.members import Role
from bot.command import Answer, Ask, Kept, NotMeant, Referring, command
from bot.errors import Refusal
from bot.inbox.focus import Spoken
from bot.understanding.drafts.again import find_again
from bot.understanding.drafts.changes import told_changes
from bot.understanding.drafts.cues import speaks_of_last
from bot.understanding.drafts.patching import patch_time
from bot.understanding.drafts.replies import denies
from bot.understanding.sentences.forms import Forms
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.audience import (
    find_people_said,
    names_people,
    read_audience,
)
from bot.understanding.slots.scope import Scope
from bot.understanding.when.numbers import find_number
from handlers.notices import changing, compose, recall
from handlers.notices.compose import FOCUS
from handlers.notices.pick import pick
from handlers.notices.which import ask_which

FORMS = Forms(Path(__file__), "off")
NAMED = "notice.named"
NTH = Forms(Path(__file__), "nth")
BUT, SAME_ELSE = (Lexicon(Path(__file__), name) for name in ("but", "same_else"))
VERBS = ("发", "发送", "发出", "通知")
OF_TEXT = (*changing.OF_WORDS, "text")
"""Changes of what a notice says."""
WAITS = "“{title}”还没有发出，改不了一半。说“撤回第{n}条”取消它，再重新写一条。"
NOTHING = "没有听出要改什么，没有动。例：时间改成周四。"
UNHEARD = "\n（“{more}”没有听出是改什么，还没有改；要改请直接说改成什么。）"
NONE = "最近没有发过通知，没有可以照着再发的。"


@command(
    "broadcast.same",
    help="把刚才的通知再发给别人，例：同样的再给第二小组发一份",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def send_same(ask: Ask) -> str:
    """Preview the notice last spoken of for others; what it asked goes with it."""
    scope = Scope(ask.session, ask.standing.branch)
    who = ask.slots.get("who", "")
    if not names_people(scope, who):
        raise NotMeant
    notice = _named(ask, ask.slots["which"]) if "which" in ask.slots else _last(ask)
    if notice is None:
        raise Refusal(NONE)
    draft = compose.copy_of(ask, notice)
    draft = replace(draft, audience=read_audience(scope, who))
    more = BUT.cut_start(ask.slots.get("more", ""))
    if not more:
        return compose.show(ask, draft)
    try:
        changed = compose.change_whole(ask, draft, more)
    except Refusal as refusal:
        return f"{compose.show(ask, draft)}\n（{refusal}）"
    if changed is None:
        same = SAME_ELSE.is_all_of(more)
        return compose.show(ask, draft) + ("" if same else UNHEARD.format(more=more))
    return changed


def _named(ask: Ask, which: str) -> Notice:
    """Find the one notice that words name. Raises NotMeant where that is not clear."""
    latest = notices.latest(ask.session, ask.standing.branch)
    picked = pick(corrections.fold(latest, ask.now), which, ask.now)
    if not picked.said or len(picked.found) != 1:
        raise NotMeant
    return picked.found[0]


def _last(ask: Ask) -> Notice | None:
    """Find the notice last spoken of, or the newest of the branch."""
    if kept := ask.find_focus(FOCUS):
        return notices.find(ask.session, kept["notice"])
    return next(iter(notices.latest(ask.session, ask.standing.branch)), None)


def _title(ask: Ask, kept: Kept) -> str:
    if ask.standing.role < Role.SECRETARY:
        return ""
    notice = notices.find(ask.session, kept["notice"])
    if notice.branch_id != ask.standing.branch.id or notice.state == State.WITHDRAWN:
        return ""
    if calls.is_call(ask.session, notice):
        return ""  # the meeting is spoken of, and its notice follows
    return f"通知“{notice.title}”"


def _fits(ask: Ask, kept: Kept) -> bool:
    """Whether a text calls the notice off, or changes what it says."""
    notice = notices.find(ask.session, kept["notice"])
    if _calls_off(ask, notice.text) or find_again(ask.said, "通知") is not None:
        return True
    if _also_for(ask):
        return True
    text = corrections.standing(ask.session, notice, ask.now).text
    told = told_changes(ask.said, ask.now, partial(changing.speaks_of, text))
    there = all(each.old in text for each in told if each.what == "words")
    return bool(told) and there and all(each.what in OF_TEXT for each in told)


def _also_for(ask: Ask) -> str:
    """Name who is to get it as well: 刘洋也叫上; "" where nobody of ours is."""
    told = told_changes(ask.said, ask.now)
    if len(told) != 1 or told[0].what != "with":
        return ""
    scope = Scope(ask.session, ask.standing.branch)
    return find_people_said(scope, told[0].words) or ""


def _calls_off(ask: Ask, text: str) -> bool:
    """Whether the notice is called off; text: its own, which may be named."""
    if denies(ask.text, VERBS):
        return True
    found = FORMS.find(ask.text)
    of = found.slots.get("of", "") if found else ""
    return found is not None and (not of or changing.speaks_of(text, of))


def _hear(ask: Ask, kept: Kept) -> Answer:
    notice = notices.find(ask.session, kept["notice"])
    if (when := find_again(ask.said, "通知")) is not None:
        draft = compose.copy_of(ask, notice)
        if not when:
            return compose.show(ask, draft)
        patched = patch_time(draft.text, when, ask.now)
        return compose.show(ask, replace(draft, text=patched.text), [patched.mark])
    if _calls_off(ask, notice.text):
        return _take_back(ask, kept)
    if who := _also_for(ask):
        scope = Scope(ask.session, ask.standing.branch)
        stands = corrections.standing(ask.session, notice, ask.now)
        draft = replace(compose.copy_of(ask, notice), text=stands.text)
        audience = read_audience(scope, who)
        return compose.show(ask, replace(draft, audience=audience))
    if not corrections.is_out(notice, ask.now):
        raise Refusal(WAITS.format(title=notice.title, n=notice.id))
    last = corrections.standing(ask.session, notice, ask.now)
    return compose.correct_by(ask, last, ask.text) or NOTHING


def _take_back(ask: Ask, kept: Kept) -> str:
    return recall.ask_sure(ask, notices.find(ask.session, kept["notice"]))


def _find_named(ask: Ask) -> Spoken | None:
    """Find what a change names that was not spoken of last: 把合影那条改到五点."""
    if ask.standing.role < Role.SECRETARY:
        return None
    notice = compose.find_named(ask) or _find_called_off(ask)
    if notice is None:
        return None
    kept = ask.find_focus(FOCUS)
    if kept and notices.find(ask.session, kept["notice"]).matter == notice.matter:
        return None
    return Spoken(NAMED, {"notice": notice.id}, ask.now - notice.goes_at)


def _find_called_off(ask: Ask) -> Notice | None:
    """Find what is called off by its name: 那条大扫除的先别发了."""
    found = FORMS.find(ask.text)
    if found is None or not (of := found.slots.get("of", "")):
        return None
    latest = notices.latest(ask.session, ask.standing.branch)
    standing = (each for each in latest if each.state != State.WITHDRAWN)
    return next((each for each in standing if changing.speaks_of(each.text, of)), None)


def _fits_list(ask: Ask, kept: Kept) -> bool:
    return ask.standing.role >= Role.SECRETARY and bool(_numbered(ask, kept))


def _numbered(ask: Ask, kept: Kept) -> list[Notice]:
    """Find which is called off: the one so numbered, and the one that stands there.

    第一条 is a notice's number, as it is told; 第一个 may be its place.
    """
    found = NTH.find(ask.text)
    at = find_number(found.slots["n"]) if found else None
    if at is None:
        return []
    numbers = kept["numbers"]
    meant = [each for each in numbers if each == at]
    if not meant or "个" in ask.text:
        meant += [numbers[at - 1]] if 1 <= at <= len(numbers) else []
    return [notices.find(ask.session, each) for each in dict.fromkeys(meant)]


def _call_off_listed(ask: Ask, kept: Kept) -> str:
    meant = _numbered(ask, kept)
    if len(meant) > 1:
        return ask_which(ask, "which_recall", "撤回哪一条通知？", meant)
    return recall.ask_sure(ask, meant[0])


LISTED = Referring(
    "list.notices",
    cue=speaks_of_last,
    title=lambda ask, kept: "刚才列出的通知",
    fits=_fits_list,
    hear=_call_off_listed,
)
REFERRING = Referring(
    FOCUS,
    cue=speaks_of_last,
    title=_title,
    fits=_fits,
    hear=_hear,
    undo=_take_back,
    verbs=("发", "发出", "发出去", "群发", "写", "说", "弄", "发布"),
    called=("通知", "消息", "公告"),
    of=("broadcast", "broadcast.hurry"),
)
BY_NAME = Referring(
    NAMED, cue=speaks_of_last, title=_title, fits=_fits, hear=_hear, find=_find_named
)
