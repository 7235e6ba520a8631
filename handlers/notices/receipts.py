"""收到: a member acknowledges a notice, by button or by word."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.branch.meetings import calls, doors
from bot.branch.meetings.attendees import AWAY, COMING
from bot.branch.meetings.kinds import find_kind
from bot.branch.notices import notices, replies
from bot.branch.notices.notices import Notice
from bot.branch.notices.receipts import Receipt
from bot.command import Ask, NotMeant, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.pressed import answer_press
from bot.text.parts import part_at
from bot.understanding.drafts.asked_words import read_asked
from bot.understanding.drafts.replies import read_reply
from bot.understanding.sentences.forms import Forms
from bot.understanding.slots.choice import (
    find_choices,
    says_all_arrived,
    says_arrived,
    says_nothing_more,
)
from bot.understanding.slots.person import find_named
from bot.understanding.slots.reason import read_reason
from bot.understanding.slots.scope import Scope
from bot.understanding.speech import listen
from bot.understanding.text import normalise
from bot.understanding.when import find_period
from bot.understanding.words.masks import mask
from bot.understanding.words.people import SOMEBODY
from handlers.notices.changing import speaks_of
from handlers.notices.which import ask_which, hear_which, times_of

LEAVE_ASKED = Forms(Path(__file__), "leave_asked")
WHICH_DAY = Forms(Path(__file__), "which_day")
EVERY_ONE = Forms(Path(__file__), "every_one")
BETWEEN = "，,。；;！! \t\n\u3000"
EDGES = " ，,。；;！!"
AT_ONCE = timedelta(days=1)
"""How far apart notices may have gone out that one bare 收到 is to."""
AGAIN = "又"
"""Before what is answered: it was answered otherwise, and a leave ends."""
LEAST_ASKED = 3  # characters
HINT = "都看到了，就说“都收到了”。"
ABOUT = "关于“{question}”："
ASK_AGAIN = "（“{question}”这一问，等记好了请再问一次。）"
CLOSED = "已截止"
DOUBTED = ("没定", "假设", "转述", "玩笑")
UNSETTLED = (*DOUBTED, "疑问")
DENIED = ("不是", "不会", "没说", "并非")
NOT_SAID = ("没说", "没讲", "没想过", "没打算", "没要", "并非")
STAYS_AWAY = ("请假", "不", "无法", "没法", "缺席")
WHY = "想写原因就回一句，不写也没关系。"
NO_REASON = ("没有", "没原因", "没有原因", "不写了", "不写")
LONGEST_REASON = 40  # characters
AGREED = ("是", "是的", "对", "对的", "嗯是的", "就是这条", "是这条")
"""What says that the one notice asked about is meant; 好的 may still be a good-bye."""
OTHERS = re.compile(f"(?:P|{SOMEBODY})$")


def _is_offered(ask: Ask, said: str) -> bool:
    """Tell whether a notice asks for what is said; at an open door, 我到了 signs in."""
    if says_all_arrived(said):
        return False
    if says_arrived(said) and doors.open_to(ask.session, ask.member.id, ask.now):
        return False
    return bool(_fitting(ask, said))


@command(
    "receipt",
    help="回复最近的通知",
    acts=True,
    knows=_is_offered,
)
def acknowledge(ask: Ask) -> Reply | str:
    """Record a receipt: a button names its notice, a bare word means the latest.

    能来 and 请假，孩子发烧 answer the notice that asks just that.
    """
    if ask.message.kind == "event":
        number, _, answer = ask.words.partition(":")
        if not number.isdecimal():
            raise Refusal("这个按钮已经没有用了。")
        notice = notices.find(ask.session, int(number))
        return record(ask, notice, _choice(notice, answer), "button")
    if said := ask.slots.get("choice"):
        parts = (_reason(ask), ask.slots.get("after", ""))
        why, question = _part_question("，".join(filter(None, parts)))
        if question:
            return _answer_both(ask, why, question)
        if "after" in ask.slots:
            raise NotMeant
        return answer_said(ask, said, _note(ask, said, why))
    if ask.slots.get("every"):
        return _acknowledge_all(ask)
    return _acknowledge_bare(ask, ask.slots.get("coming", ""))


def _reason(ask: Ask) -> str:
    """Return what is said besides an answer, without which it is: 周四的会，有课."""
    note = ask.slots.get("note", "")
    found = WHICH_DAY.find(note)
    return note if found is None else found.slots.get("why", "")


def _acknowledge_bare(ask: Ask, said: str) -> Reply | str:
    """Take a word that names no notice for what came since the last answer.

    After an answer it may be a mere good-bye: it is for nothing that came before.
    Of several plain ones it is for those of one day, and each of them is told.
    """
    waiting, newest = _waiting(ask)
    if not waiting:
        return _acknowledge(ask, newest, said)
    if said and len(waiting) > 1:
        return _ask_which(ask, waiting, said, None)
    meant = replies.came_since(ask.session, ask.member, waiting)
    plain = [each for each in meant if not each.asking]
    meant = meant if said else plain or meant
    if len(waiting) == 1 and (said or newest.asking):
        meant = list(waiting)
    if not meant:
        return _ask_older(ask, waiting)
    if said or meant[0].asking:
        return _acknowledge(ask, meant[0], said)
    return _record_all(ask, _last_heard(ask, meant))


def _acknowledge_all(ask: Ask) -> Reply:
    """Take 都收到了 for all plain notices that are still to answer and have come."""
    waiting, newest = _waiting(ask)
    came = replies.reached(ask.session, ask.member, waiting)
    return _record_all(ask, came or [newest])


def _last_heard(ask: Ask, meant: Sequence[Notice]) -> Sequence[Notice]:
    """List what reached the speaker within a day of the newest, or that alone."""
    if len(meant) == 1:
        return meant
    of_one_day = meant[0].goes_at - AT_ONCE
    near = [each for each in meant if each.goes_at > of_one_day]
    return replies.reached(ask.session, ask.member, near) or meant[:1]


def _ask_older(ask: Ask, waiting: Sequence[Notice]) -> str:
    """Ask whether a bare word is to what came before she last answered."""
    if len(waiting) > 1:
        return _ask_which(ask, waiting, "", None)
    title = waiting[0].title
    asked = f"没有新的通知等您回复，您回的是之前的“{title}”吗？"
    ids = [waiting[0].id]
    ask.put_passing("which_receipt", asked, notices=ids, said="", note=None)
    return f"{asked}\n是就回“是的”；不是不用管。"


def _acknowledge(ask: Ask, notice: Notice, said: str, note: str | None = None) -> Reply:
    """Record that a notice was heard, or what was said besides where it asks that."""
    if said and find_choices(notice.answers, said):
        return _record_said(ask, notice, said, note)
    if notice.asking:
        offered = "、".join(f"“{each}”" for each in notice.answers)
        raise Refusal(f"“{notice.title}”请回复{offered}中的一个。")
    return record(ask, notice, None, "text")


def _fitting(ask: Ask, said: str) -> Sequence[Notice]:
    """List the notices that ask the speaker for what is said, one of each matter.

    Those still to answer are meant before those answered otherwise, these before
    those answered so, and what is past its deadline last.
    """
    fits: dict[int, dict[int, Notice]] = {}
    asked_of = partial(replies.asked_of, ask.session, ask.speaker, ask.now)
    for notice, receipt in ask.look_up("notices", asked_of):
        meant = find_choices(notice.answers, said)
        if not (meant and _is_named(ask, notice) and _is_held_then(ask, notice)):
            continue
        is_open = replies.is_open(ask.speaker, notice, receipt)
        so = receipt is not None and receipt.choice in meant
        late = replies.is_late(ask.session, notice, ask.now)
        rank = 3 if late else 0 if is_open else 1 + so
        fits.setdefault(rank, {}).setdefault(notice.matter, notice)
    return list(fits[min(fits)].values()) if fits else ()


def _is_named(ask: Ask, notice: Notice) -> bool:
    """Tell whether a notice is the one that is named beside the answer: 讲座我能去."""
    which = ask.slots.get("which", "")
    if not which or find_period(which, ask.now, "future"):
        return True
    meeting = calls.meeting_of(ask.session, notice)
    if meeting and (kind := find_kind(which)):
        return kind[0] == meeting.kind
    return speaks_of(notice.text, which)


def _is_held_then(ask: Ask, notice: Notice) -> bool:
    """Tell whether a notice is of the day said beside the answer: 周三的会来不了.

    A call is of its meeting's day, another notice of any that it names, or of all.
    """
    said = ask.text.replace(_reason(ask) or "\n", "")
    if (day := find_period(said, ask.now, "future")) is None:
        return True
    if meeting := calls.meeting_of(ask.session, notice):
        return day.start <= meeting.starts_at < day.end
    times = times_of(ask, notice)
    return not times or any(day.start <= each < day.end for each in times)


def answer_said(ask: Ask, said: str, note: str | None) -> Reply | str:
    """Record what is said with the notice that asks it; several are asked between.

    Raises NotMeant where none asks it, or it is said of somebody else.
    """
    fitting = _fitting(ask, said)
    if not fitting or tells_of_others(ask, ask.text.partition(said)[0]):
        raise NotMeant
    if _are_calls(ask, fitting, said, AWAY):
        return _ask_leave(ask)
    if AGAIN in said and _are_calls(ask, fitting, said, COMING):
        return ask.commands.by_intent["leave.back"].run(ask)
    late = all(replies.is_late(ask.session, each, ask.now) for each in fitting)
    if late and _are_calls(ask, fitting, said, COMING):
        return ask.commands.by_intent["leave.back"].run(ask)
    if len(fitting) > 1:
        return _ask_which(ask, fitting, said, note)
    return _record_said(ask, fitting[0], said, note)


def _note(ask: Ask, said: str, words: str) -> str | None:
    """Return why somebody stays away, or what was said besides as it stands."""
    if says_nothing_more(words):
        return None
    coming = bool(find_choices([COMING], said))
    return (words if coming else read_reason(words, ask.now)) or None


def _answer_both(ask: Ask, why: str, question: str) -> Reply | str:
    """Record what is said with its reason, and answer what is asked besides."""
    said, asked = ask.slots["choice"], ask.text.rpartition(question)
    alone = replace(ask.message, text=asked[0].rstrip(EDGES))
    first = replace(ask, message=alone, slots={"choice": said, "note": why})
    done = answer_said(first, said, _note(ask, said, why))
    if not isinstance(done, Reply):
        return f"{done}\n{ASK_AGAIN.format(question=question)}"
    second = replace(ask, message=replace(ask.message, text=question), words=question)
    answer = ask.commands.by_intent["ask"].run(second)
    told = answer.text if isinstance(answer, Reply) else answer
    return replace(done, text=f"{done.text}\n\n{ABOUT.format(question=question)}{told}")


def _part_question(words: str) -> tuple[str, str]:
    """Part a reason from the question that ends it: 要监考，能补课不.

    Raises NotMeant where the question is whether, or how, one may stay away.
    """
    pieces = part_at(words, BETWEEN)
    question = pieces[-1] if pieces else ""
    if not listen(normalise(question).text).asks:
        return words, ""
    unsure = any(mark in listen(normalise(words).text).marks for mark in DOUBTED)
    if unsure or len(question) < LEAST_ASKED or LEAVE_ASKED.find(question):
        raise NotMeant
    return "，".join(pieces[:-1]), question


def tells_of_others(ask: Ask, before: str) -> bool:
    """Tell whether what stands before an answer makes it another's, or no answer.

    王芳病了，来不了 tells of 王芳, 我爱人来不了 of no member; 可能来不了 is open.
    """
    words = normalise(before).text.rstrip(",。、:")
    heard = listen(words).marks
    if any(mark in heard for mark in UNSETTLED) or words.endswith(DENIED):
        return True
    if any(each in words for each in NOT_SAID):
        return True  # 我可没说我要请假
    if "我" in before[-2:]:
        return False
    scope = Scope(ask.session, ask.standing.branch)
    return bool(find_named(scope, before) or OTHERS.search(mask(words)))


def _are_calls(ask: Ask, fitting: Sequence[Notice], said: str, meant: str) -> bool:
    """Tell whether calls to meetings are answered just so: they have their own book."""
    so = all(find_choices(each.answers, said) == [meant] for each in fitting)
    return so and all(calls.is_call(ask.session, each) for each in fitting)


def _ask_leave(ask: Ask) -> Reply | str:
    if AWAY in ask.text:
        raise NotMeant
    return ask.commands.by_intent["leave"].run(ask)


def _record_said(ask: Ask, notice: Notice, said: str, note: str | None) -> Reply:
    meant = find_choices(notice.answers, said)
    if len(meant) > 1:
        offered = "还是".join(f"“{each}”" for each in meant)
        raise Refusal(f"“{notice.title}”您选{offered}？请回复其中一个。")
    return record(ask, notice, meant[0], "text", note)


def _ask_which(ask: Ask, found: Sequence[Notice], said: str, note: str | None) -> str:
    asked = "您回的是哪一条通知？"
    which = ask_which(ask, "which_receipt", asked, found, said=said, note=note)
    return which if said else f"{which}{HINT}"


@answering("which_receipt")
def answer_that(ask: Ask, question: Open) -> Reply | str | None:
    if EVERY_ONE.find(ask.text) and not question.details["said"]:
        ask.close_question()
        every = [
            notices.find(ask.session, each) for each in question.details["notices"]
        ]
        return _record_all(ask, every)
    meant, offered = hear_which(ask, question), question.details["notices"]
    if meant is None and len(offered) == 1 and ask.text in AGREED:
        ask.close_question()
        meant = notices.find(ask.session, offered[0])
    if not isinstance(meant, Notice):
        return meant
    return _acknowledge(ask, meant, question.details["said"], question.details["note"])


def _record_all(ask: Ask, every: Sequence[Notice]) -> Reply:
    """Record that each of some plain notices was heard, and name each.

    What asks for a choice, or takes no answer any more, is left out, unless it is all.
    """
    plain = [each for each in every if not each.asking] or every[:1]
    open_still = [
        each for each in plain if not replies.is_late(ask.session, each, ask.now)
    ]
    if len(open_still) < 2:
        return _acknowledge(ask, (open_still or plain)[0], "")
    for each in open_still:
        record(ask, each, None, "text")
    told = "、".join(f"“{each.title}”" for each in open_still)
    return Reply(f"已记下：您收到了{told}。", changed=True)


def record(
    ask: Ask, notice: Notice, choice: str | None, how: str, note: str | None = None
) -> Reply:
    """Record what the speaker answers, and say so; a press greys its card out."""
    receipt = Receipt(
        notice_id=notice.matter,
        member_id=ask.member.id,
        at=ask.now,
        how=how,
        choice=choice,
        note=note,
    )
    return answer_press(ask, lambda: _keep(ask, notice, receipt), CLOSED)


def _keep(ask: Ask, notice: Notice, receipt: Receipt) -> Reply:
    new = replies.acknowledge(ask.session, notice, receipt)
    choice, note = receipt.choice, receipt.note
    if ask.message.ticket:
        words = f"已选{choice}" if choice else "已收到"
        replies.grey_out(ask.session, ask.member, ask.message.ticket, words, ask.now)
    if not new:
        return Reply(f"“{notice.title}”您已经回复过了。")
    choice = receipt.choice
    if choice:
        why = f"（{note}）" if note else ""
        more = "" if note else _ask_why(ask, notice, choice)
        said = f"已记下：“{notice.title}”您选了{choice}{why}。{more}"
        return Reply(said, changed=True)
    return Reply(f"已记下：您收到了“{notice.title}”。", changed=True)


def _ask_why(ask: Ask, notice: Notice, choice: str) -> str:
    """Offer to take a reason with an answer that says that somebody stays away."""
    if not any(each in choice for each in STAYS_AWAY) or ask.message.ticket:
        return ""
    kept = {"notice": notice.matter, "choice": choice}
    return f"\n{WHY}" if ask.offer("receipt.why", WHY, **kept) else ""


@answering("receipt.why", offer=True)
def take_reason(ask: Ask, question: Open) -> Reply | str | None:
    """Keep with an answer why it was given, in a text that means nothing else."""
    kept = question.details
    said = read_asked(ask.said, ask.now)
    if read_reply(ask.text).act == "no" or ask.text in NO_REASON:
        ask.close_question()
        return "好的，原因不写也行，已经记下了。"
    if said != "words" or ask.means or len(ask.said) > LONGEST_REASON:
        return None
    notice = notices.find(ask.session, kept["notice"])
    last = part_at(ask.said, BETWEEN)[-1]
    if set(find_choices(notice.answers, last)) - {kept["choice"]}:
        return None  # another answer is no reason for this one
    ask.close_question()
    return record(ask, notice, kept["choice"], "text", ask.said.strip(" ，,。"))


def _choice(notice: Notice, answer: str) -> str | None:
    """Read which of the offered answers a button stands for."""
    if not notice.asking:
        return None
    at = int(answer) if answer.isdecimal() else len(notice.answers)
    if at >= len(notice.answers):
        raise Refusal("这个按钮已经没有用了。")
    return notice.answers[at]


def _waiting(ask: Ask) -> tuple[Sequence[Notice], Notice]:
    """List what the speaker has still to answer, and the newest notice in any case.

    Of each matter it is the last version, the newest first.
    """
    mine = replies.sent_to(ask.session, ask.member, ask.now)
    if not mine:
        raise Refusal("最近没有发给您的通知，不用回复。")
    matters: dict[int, Notice] = {}
    for notice, answered in mine:
        if replies.is_open(ask.member, notice, answered):
            matters.setdefault(notice.matter, notice)
    waiting = list(matters.values())
    newest, receipt = mine[0]
    if not waiting and newest.author_id == ask.member.id and receipt is None:
        raise Refusal(f"“{newest.title}”是您自己发的，不用回复。")
    return waiting, newest
