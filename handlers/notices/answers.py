"""谁请假了, 谁能参加, 谁选了线上: who chose what of a notice that asked, and why."""

import re
from collections.abc import Sequence

from bot.branch.notices import corrections, notices, reach
from bot.branch.notices.notices import Notice
from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.command import Ask, overhearing
from handlers.notices.pick import pick

NAMES_SHOWN = 20
WHO = r"(?:谁|哪些?(?:几个)?(?:人|同志|党员|老师)?|哪几[个位](?:人|同志|党员)?)"
# 周五的会都谁请假了 · 第2条谁选了线上; 通知大家谁能参加 is an order.
WHO_FIRST = re.compile(
    rf"(?P<which>(?:[^，,：:谁哪]{{1,14}}(?:的|[会条]|通知))?)(?:都|还|现在|到底)*有?{WHO}"
    r"(?P<what>[^，,：:谁哪]{1,14}?)[了的呢啊呀吗]*"
)
# 请假的有谁 · 选线上的名单
WHO_LAST = re.compile(
    rf"(?P<which>)(?P<what>[^，,：:谁哪]{{1,14}}?)的?(?:都?(?:有|是){WHO}|名单)"
)
ORDER = re.compile(r"(?:请|帮我|再|先)*(?:通知|告诉|提醒|发|问|叫|让)")
# Asked so it means an answer, though the notice may offer it in other words.
ABOUT = re.compile(r"请[了的]?假|参加|报名|选|能[来去到]|[来去到]不了")
NOT = "不没未别无"


@overhearing("attendance")
def show_answers(ask: Ask) -> str | None:
    """Hear a question for those who chose something that a notice offers."""
    if ask.standing.role < Role.SECRETARY:
        return None
    said = ask.text.strip(" 。！!？?，,")
    asked = WHO_FIRST.fullmatch(said) or WHO_LAST.fullmatch(said)
    if asked is None or ORDER.match(said):
        return None
    found = notices.latest(ask.session, ask.standing.branch)
    out = [each for each in found if corrections.is_out(each, ask.now)]
    asking = [each for each in corrections.fold(out, ask.now) if each.asking]
    picked = pick(asking, asked["which"], ask.now)
    if not picked.found:
        return None
    notice = picked.found[0]
    choice = find_answer(notice.answers, asked["what"])
    if choice is None and not ABOUT.search(asked["what"]):
        return None
    return _tell(ask, notice, notice.answers if choice is None else (choice,))


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
