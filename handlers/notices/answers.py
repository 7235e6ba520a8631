"""谁请假了, 谁能参加, 谁选了线上: who chose what of a notice that asked, and why."""

from collections.abc import Sequence

from bot.branch.notices import corrections, notices, reach
from bot.branch.notices.notices import Notice
from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.command import Ask, NotMeant, command
from bot.errors import Refusal
from bot.understanding.slots.choice import find_choices
from handlers.notices.pick import pick

NAMES_SHOWN = 20
WHO = ("人", "同志", "老师", "党员")
# Asked so it means an answer, though the notice may offer it in other words.
ABOUT = (
    *("请假", "请了假", "参加", "报名", "选"),
    *("能来", "能去", "能到", "来不了", "去不了", "到不了"),
)
NOT = "不没未别无"


def _asks_about(ask: Ask, what: str) -> bool:
    return any(_meant(each, what) for each in _asking(ask))


@command(
    "attendance.answers",
    help="通知问了什么，谁选了什么",
    role=Role.SECRETARY,
    shown=False,
    shows=("通知的送达和回复",),
    knows=_asks_about,
)
def show_answers(ask: Ask) -> str:
    """Tell who chose what a notice offers, where one offers that."""
    asking, what = _asking(ask), ask.slots.get("what")
    which = ask.slots.get("which", "") + ask.slots.get("thing", "")
    picked = pick(asking, which, ask.now)
    if what is None and not asking:
        raise Refusal("最近没有请大家选的通知。")
    if what is None and picked.found:
        return _tell(ask, picked.found[0], picked.found[0].answers)
    meant = what and picked.found and _meant(picked.found[0], what)
    if not meant:
        raise NotMeant
    return _tell(ask, picked.found[0], meant)


def _asking(ask: Ask) -> Sequence[Notice]:
    found = notices.latest(ask.session, ask.standing.branch)
    out = [each for each in found if corrections.is_out(each, ask.now)]
    return [each for each in corrections.fold(out, ask.now) if each.asking]


def who_answered(ask: Ask, words: str) -> Sequence[str] | None:
    """Name those who are meant by what they answered: 请假的, 不能参加的同志.

    None where words mean nobody so; the last notice that asked counts.
    """
    said = words.strip().removesuffix("们")
    for kind in WHO:
        said = said.removesuffix(kind)
    if not said.endswith("的"):
        return None
    asking = _asking(ask)
    chosen = find_choices(asking[0].answers, said[:-1]) if asking else ()
    if len(chosen) != 1:
        return None
    rows = reach.who_chose(ask.session, asking[0], chosen[0])
    return [name for name, _, number in rows if number is not None]


def _meant(notice: Notice, said: str) -> Sequence[str]:
    """List the answers that words mean: one, or all where they are about answers."""
    choice = find_answer(notice.answers, said)
    if choice is not None:
        return (choice,)
    if named := find_choices(notice.answers, said):
        return named
    return notice.answers if any(each in said for each in ABOUT) else ()


def find_answer(answers: Sequence[str], said: str) -> str | None:
    """Find the answer that words name; 不能参加 does not name 能参加."""
    for each in sorted(answers, key=len, reverse=True):
        at = said.find(each)
        if at >= 0 and said[at - 1 : at] not in tuple(NOT):
            return each
    return None


def _tell(ask: Ask, notice: Notice, choices: Sequence[str]) -> str:
    lines, named = [f"“{notice.title}”"], set[int]()
    for choice in choices:
        people = reach.who_chose(ask.session, notice, choice)
        named |= {number for *_, number in people if number is not None}
        shown = "、".join(f"{who}（{why}）" if why else who for who, why, _ in people)
        lines.append(f"{choice} {len(people)} 人{'：' if people else ''}{shown}")
    silent = reach.silent(ask.session, notice, NAMES_SHOWN)
    named |= set(silent.people)
    if silent.number:
        lines.append(f"还没回复（{silent.number}）：{silent}")
    audit.note(ask.session, ask.member, "notices.view", ask.now, subjects=sorted(named))
    return "\n".join(lines)
