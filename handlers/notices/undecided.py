"""看情况吧, 那天有课: neither yes nor no to a notice that asks whether one comes.

What leaves it open is recorded as nothing; what is but a reason is asked about.
"""

from pathlib import Path

from bot.branch.notices import notices, replies
from bot.branch.notices.notices import Notice
from bot.calendar.say import say_time
from bot.command import Ask, NotMeant, answering, hearing_late
from bot.inbox import open_questions
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.drafts.changes import without_sighs
from bot.understanding.drafts.replies import read_reply
from bot.understanding.learnt.gists import TO_NOTICES
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.choice import asks_whether_one_comes, find_choices
from bot.understanding.slots.reason import read_reason
from bot.understanding.speech import OF_NOTHING_NOW, listen
from bot.understanding.text import normalise
from handlers.notices import receipts
from handlers.notices.which import times_of

HERE = Path(__file__)
UNDECIDED, WHY = Lexicon(HERE, "undecided"), Lexicon(HERE, "why")
COMES_AFTER_ALL = Lexicon(HERE, "comes_after_all")
GOES = Lexicon(HERE, "goes")
LONGEST = 30  # characters; who says more says something of its own
OPEN = "还没定的话先不记。“{title}”定了回{answers}就行{by}。"
BY = "，截止 {by}"
WHETHER = "“{title}”要记成“{answer}”{why}吗？"
HINT = "是就回“是”；不是不用管，要回别的就直接说{answers}。"
GIVEN = "好的，没有记。"
KIND = "receipt.unsaid"
GISTS = {"come": "能参加", "away": "去不了"}
LEAST, SURE = 0.45, 0.8
"""Shares of one from which it is asked about, and recorded."""


@hearing_late("receipt")
def hear_undecided(ask: Ask) -> Reply | str | None:
    """Answer what nothing else understood, while a notice asks whether one comes."""
    asks = listen(normalise(ask.text).text).asks
    if len(ask.said) > LONGEST or asks or _is_asked_otherwise(ask):
        return None
    open_still, why = UNDECIDED.stands_in(ask.said), WHY.stands_in(ask.said)
    says_so = not why or GOES.stands_in(ask.said)
    if not open_still and says_so and (heard := _hear_gist(ask)):
        return heard
    if not (open_still or why) or (notice := _asking_now(ask)) is None:
        return None
    if open_still:
        return _say_open(ask, notice)
    if _is_no_reason(ask.said):
        return None
    stays = find_choices(notice.answers, "去不了")
    because = read_reason(without_sighs(ask.said), ask.now) or ask.said
    return _ask_whether(ask, notice, stays[0], because) if len(stays) == 1 else None


def _hear_gist(ask: Ask) -> Reply | str | None:
    """Hear whether one comes, in words that no list has: 中，我准到; 娃儿发烧去不成了.

    What is clear is recorded, and taken back in a word; else it is asked about.
    """
    meant, share = TO_NOTICES.guess(ask.said)
    said = GISTS.get(meant)
    if said is None or share < LEAST or (notice := _asking_now(ask)) is None:
        return None
    answers = find_choices(notice.answers, said)
    if len(answers) != 1 or _is_of_another(ask):
        return None
    why = read_reason(without_sighs(ask.said), ask.now) if meant == "away" else ""
    if share < SURE:
        return _ask_whether(ask, notice, answers[0], why)
    try:
        return receipts.answer_said(ask, said, why or None)
    except NotMeant:
        return None


def _is_of_another(ask: Ask) -> bool:
    """Tell whether another comes or stays away, or nobody: 我爱人来不了."""
    said = [ask.said[: hit.start()] for hit in GOES.find_all(ask.said)]
    return any(receipts.tells_of_others(ask, each) for each in said or [ask.said])


def _is_no_reason(said: str) -> bool:
    """Tell whether what looks like a reason is none: it is denied, or another's."""
    marks = listen(normalise(said).text).marks
    told = any(each in marks for each in OF_NOTHING_NOW)
    return told or COMES_AFTER_ALL.stands_in(said)


def _is_asked_otherwise(ask: Ask) -> bool:
    standing = open_questions.find(ask.session, ask.message.thread, ask.now)
    return standing is not None and not standing.passing


def _asking_now(ask: Ask) -> Notice | None:
    """Find the newest that asks the speaker whether she comes, first of those owed."""
    asked = [
        (notice, receipt)
        for notice, receipt in replies.asked_of(ask.session, ask.speaker, ask.now)
        if asks_whether_one_comes(notice.answers)
        and notice.author_id != ask.speaker.id
        and not notices.leaves_out(notice, ask.speaker.id)
        and not replies.is_late(ask.session, notice, ask.now)
        and not _is_over(ask, notice)
    ]
    owed = [one for one, receipt in asked if replies.is_open(ask.speaker, one, receipt)]
    return next(iter([*owed, *(one for one, _ in asked)]), None)


def _is_over(ask: Ask, notice: Notice) -> bool:
    """Tell whether every time that a notice names has gone by."""
    times = times_of(ask, notice)
    return bool(times) and max(times) < ask.now


def _say_open(ask: Ask, notice: Notice) -> str:
    by = notice.deadline and say_time(
        notice.deadline.astimezone(ask.now.tzinfo), ask.now
    )
    return OPEN.format(
        title=notice.title, answers=_say(notice), by=BY.format(by=by) if by else ""
    )


def _say(notice: Notice) -> str:
    return "或".join(f"“{each}”" for each in notice.answers)


def _ask_whether(ask: Ask, notice: Notice, answer: str, why: str) -> str:
    because = f"（{why}）" if why else ""
    asked = WHETHER.format(title=notice.title, answer=answer, why=because)
    ask.put_passing(KIND, asked, notice=notice.id, answer=answer, why=why)
    return f"{asked}\n{HINT.format(answers=_say(notice))}"


@answering(KIND)
def take_answer(ask: Ask, question: Open) -> Reply | str | None:
    """Record the answer that was asked about; a no records nothing."""
    said, kept = read_reply(ask.text), question.details
    if said.act not in ("yes", "no"):
        return None
    ask.close_question()
    if said.act == "no":
        return GIVEN
    notice = notices.find(ask.session, kept["notice"])
    return receipts.record(ask, notice, kept["answer"], "text", kept["why"] or None)
