"""What is said of the training recorded last: 刚记的撤掉; 写错了，是四个半小时."""

from bot.branch.people.audience import Audience
from bot.branch.people.members import Role
from bot.branch.study import trainings
from bot.branch.study.hours import Lesson
from bot.branch.study.trainings import Training
from bot.calendar.say import say_day
from bot.command import Answer, Ask, Drafting, Kept, Referring
from bot.errors import Refusal
from bot.inbox import focus
from bot.inbox.focus import Spoken
from bot.message import Reply
from bot.understanding.drafts.changes import told_changes
from bot.understanding.drafts.cues import speaks_of_last
from bot.understanding.slots.audience import names_people
from bot.understanding.slots.instead import read_instead
from bot.understanding.slots.scope import Scope
from handlers.study.training import (
    ask_undo,
    change_lesson,
    pack,
    record,
    show_lesson,
    unpack,
)

FOCUS, CORRECTING = "training", "study.correct_training"
HOW = "回“确认”改好（原来的撤销、照这样重记），不改回“取消”。"


def _find_last(ask: Ask) -> Spoken | None:
    if ask.standing.role < Role.SECRETARY:
        return None
    last = trainings.last_by(ask.session, ask.member, ask.standing.branch)
    age = ask.now - last.recorded_at if last else focus.LASTS
    if last is None or age >= focus.LASTS:
        return None
    return Spoken(FOCUS, {"training": last.id}, age)


def _get(ask: Ask, kept: Kept) -> Training:
    return trainings.get(ask.session, kept["training"])


def _title(ask: Ask, kept: Kept) -> str:
    training = _get(ask, kept)
    return f"{say_day(training.day)}的培训“{training.title}”"


def _cue(text: str) -> bool:
    return speaks_of_last(text) or read_instead(text) is not None


def _now(ask: Ask, training: Training) -> tuple[Lesson, Audience]:
    """Return what is recorded of a training: what it was, and who was there."""
    people = tuple(trainings.people_of(ask.session, training))
    audience = Audience(training.branch_id, members=people, only_named=True)
    return Lesson(training.title, training.day, training.hours), audience


def _changed(ask: Ask, kept: Kept) -> tuple[Lesson, Audience] | None:
    """Read what was otherwise: how long, on which day, who; None for other texts."""
    held, audience = _now(ask, _get(ask, kept))
    if instead := read_instead(ask.said):
        return _swapped(ask, held, audience, instead)
    if not told_changes(ask.said, ask.now):
        return None
    changed = change_lesson(ask, held, audience)
    return changed if changed and changed != (held, audience) else None


def _swapped(
    ask: Ask, held: Lesson, audience: Audience, instead: tuple[str, str]
) -> tuple[Lesson, Audience] | None:
    """Put one person in the place of another who was noted: 不是李伟是何雪."""
    scope = Scope(ask.session, ask.standing.branch)
    if not all(names_people(scope, each) for each in instead):
        return None
    old, new = (scope.find_member(each).id for each in instead)
    if old not in audience.members:
        return None
    people = tuple(new if each == old else each for each in audience.members)
    named = Audience(audience.scope, members=people, only_named=True)
    return held, named


def _show(ask: Ask, kept: Kept) -> str:
    held, audience = unpack(kept)
    asked = f"把“{held.title}”改成这样？"
    told = show_lesson(ask, held, audience)
    more = {"training": kept["training"]}
    ask.put_draft(CORRECTING, asked, **pack(held, audience), **more)
    return f"【预览】更正培训登记：{told}\n{HOW}"


def _preview(ask: Ask, kept: Kept) -> str:
    changed = _changed(ask, kept)
    assert changed is not None  # it fits
    return _show(ask, {**pack(*changed), "training": kept["training"]})


def _change(ask: Ask, kept: Kept) -> str | None:
    changed = change_lesson(ask, *unpack(kept))
    if changed is None:
        return None
    return _show(ask, {**pack(*changed), "training": kept["training"]})


def _confirm(ask: Ask, kept: Kept) -> Answer:
    training = _get(ask, kept)
    if training.undone_at:
        raise Refusal(f"“{training.title}”已经撤销过了，没有再改。")
    trainings.undo(ask.session, training, ask.now)
    done = record(ask, *unpack(kept))
    return Reply(f"改好了。{done.text}", changed=True)


CORRECTION = Drafting(
    CORRECTING,
    show=_show,
    confirm=_confirm,
    change=_change,
    verbs=("改", "改好", "更正", "登记", "记"),
    dropped="好的，没有改。",
)
LAST = Referring(
    FOCUS,
    cue=_cue,
    title=_title,
    fits=lambda ask, kept: _changed(ask, kept) is not None,
    hear=_preview,
    find=_find_last,
    undo=lambda ask, kept: ask_undo(ask, _get(ask, kept)),
    verbs=("记", "记下", "登记", "补记", "填", "写", "弄", "加"),
    called=("培训", "学时", "学习", "党课", "课"),
    of=("study.training", CORRECTING),
)
