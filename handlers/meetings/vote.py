"""投票: give one's vote in an open poll; what is open, and what came of it."""

from collections.abc import Sequence
from pathlib import Path

from bot.branch.ballots import boxes, polls, results, voting
from bot.branch.ballots.polls import Poll, State
from bot.branch.notices import replies
from bot.calendar.say import say_moment
from bot.command import (
    Answer,
    Ask,
    Kept,
    Referring,
    command,
    overhearing,
)
from bot.errors import Refusal
from bot.inbox import focus
from bot.inbox.focus import Spoken
from bot.message import Reply
from bot.pressed import answer_press
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.speech import listen
from bot.understanding.text import normalise
from bot.understanding.when.numbers import find_number
from handlers.meetings import which
from handlers.meetings.question import read_question

GIVES, CHOOSES = (Lexicon(Path(__file__), name) for name in ("gives", "chooses"))
LETTERS = "ABCDEFGHIJKLMNOPQRST"
AROUND = set(
    "我投票第个号项位选给了一张方案和与跟及就那这吧啊呀是要想表决的、,，。.!！:：;；- "
)
"""What may stand around a choice and says nothing against it."""
FEW = 2  # choices, of which one is a question
FORMAL = "正式的表决和选举在会上进行，不在手机上投。"
NO_CHANGE = "不记名的票投出去就认不出来，不能改，也不能撤回重投。"
NO_PROXY = "票只能本人投，不能代投；选举时因故没到会的，也不能委托别人代投。"
GIVEN = "投好了。只记您投过了；投了什么，助手里没有记录，所以也不能改。"


@command("vote", help="在正在进行的无记名投票里投一票，例：投票 1")
def vote(ask: Ask) -> Answer:
    if ask.message.kind == "event" and ":" in ask.words:
        return _pressed(ask)
    asked = polls.asked_of(ask.session, ask.member.id, ask.now)
    waiting = [poll for poll, spent in asked if not spent]
    if begun := _begin(ask):
        return begun
    if ask.is_command_name or listen(normalise(ask.text).text).asks:
        return _tell(ask, asked)
    if not ask.meant:
        return _tell(ask, asked)
    if not waiting:
        return _none_waiting(asked)
    poll, said = _which(waiting, ask.text)
    picks = read_picks(poll, said)
    if not picks:
        return f"没听出您投哪一个，没有投。\n{_say(ask, poll)}"
    return _cast(ask, poll, picks)


@command("vote.rules", help="票能不能改、能不能代投", shown=False)
def say_rules(ask: Ask) -> str:
    """Say that no vote is changed, and none given for another."""
    return f"{NO_CHANGE}{NO_PROXY}"


@overhearing("vote")
def hear_vote(ask: Ask) -> Reply | str | None:
    """Take 投B, 我投敬老院 before anybody else looks at it, where a poll waits.

    What is not understood is kept until it is: a vote must not be.
    """
    gives, chooses = GIVES.stands_first(ask.said), CHOOSES.stands_first(ask.said)
    if not (gives or chooses) or listen(normalise(ask.text).text).asks:
        return None
    asked = polls.asked_of(ask.session, ask.member.id, ask.now)
    waiting = [poll for poll, spent in asked if not spent]
    if not waiting:
        return None
    poll, said = _which(waiting, ask.text)
    picks = read_picks(poll, CHOOSES.cut_start(said) if chooses else said)
    if picks and (gives or all(each in said for each in picks)):
        return _cast(ask, poll, picks)
    if chooses or "投票" in ask.text:
        return None
    return f"没听出您投哪一个，没有投。\n{_say(ask, poll)}"


def _begin(ask: Ask) -> Answer | None:
    """Preview a poll where the secretary asks something and lists what to choose."""
    said = normalise(ask.words).text
    if not which.is_secretary(ask) or ":" not in said:
        return None
    if len(read_question(ask, ask.words).choices) < FEW:
        return None
    return ask.commands.by_intent["ballot"].run(ask)


def _none_waiting(asked: Sequence[tuple[Poll, bool]]) -> str:
    if asked:
        return "您都投过了。不记名的票投出去就认不出来，不能改，也不能再投。"
    return f"现在没有请您投的票，什么也没有记。{FORMAL}"


def _pressed(ask: Ask) -> Answer:
    number, _, at = ask.words.partition(":")
    if not (number.isdecimal() and at.isdecimal()):
        raise Refusal("这个按钮已经没有用了。")
    poll = polls.find(ask.session, int(number))
    picks = poll.offered[int(at) - 1 : int(at)]
    return answer_press(ask, lambda: _cast(ask, poll, picks))


def _cast(ask: Ask, poll: Poll, picks: Sequence[str]) -> Reply:
    keys = boxes.keys_of(ask.config)
    voting.cast(ask.session, poll, ask.member.id, picks, keys, ask.now)
    if ticket := ask.message.ticket:
        replies.grey_out(ask.session, ask.member, ticket, "已投", ask.now)
        told = f"voted:{ask.message.id}"
        replies.tell(ask.session, ask.member, told, GIVEN, ask.now)
    return Reply(GIVEN, changed=True)


def _which(waiting: Sequence[Poll], text: str) -> tuple[Poll, str]:
    """Find the poll that is meant: the only one, or of the number before a dash."""
    said = normalise(text).text.removeprefix("投票").strip(" :：,，")
    number, dash, pick = said.partition("-")
    for each in waiting:
        if dash and number.strip() == str(each.id):
            return each, pick
    if len(waiting) > 1:
        listed = "；".join(f"{each.id}. {each.question}" for each in waiting)
        first = waiting[0].id
        raise Refusal(
            f"有 {len(waiting)} 个投票：{listed}。请说“投票 {first}-1”这样的话。"
        )
    return waiting[0], said


def read_picks(poll: Poll, said: str) -> tuple[str, ...]:
    """Read which choices are named, by name, number or letter; none where unsure.

    Whatever else is said makes it unsure: 不投李伟 is no vote for 李伟.
    """
    left, places = normalise(said).text, dict[str, int]()
    for each in sorted(poll.offered, key=len, reverse=True):
        if (form := normalise(each).text) in left:
            places[each] = left.index(form)
            left = left.replace(form, "，" * len(form))
    named = sorted(places, key=places.__getitem__)
    if poll.points and (not named or _tokens(_without(poll.offered, said))):
        return ()  # a figure may be a place, or a choice
    if not named:
        tokens = _tokens(left)
        at = [_number(each) for each in tokens]
        if any(not n or n > len(poll.offered) for n in at):
            return ()
        named = [poll.offered[n - 1] for n in at]
        for each in tokens:
            left = left.replace(each, "", 1)
    return () if set(left) - AROUND else tuple(dict.fromkeys(named))


def _without(names: Sequence[str], said: str) -> str:
    for each in sorted(names, key=len, reverse=True):
        said = said.replace(each, "，")
    return said


def _tokens(words: str) -> list[str]:
    """List figures, numerals and single letters of a text."""
    tokens, figure = [], ""
    for each in f"{words} ":
        if each.isdecimal():
            figure += each
            continue
        if figure:
            tokens.append(figure)
            figure = ""
        if find_number(each) or (each.isascii() and each.isalpha()):
            tokens.append(each)
    return tokens


def _number(token: str) -> int:
    return find_number(token) or LETTERS.find(token.upper()) + 1


def _tell(ask: Ask, asked: Sequence[tuple[Poll, bool]]) -> str:
    """Say what is open, whether one has voted, and what came of the last."""
    lines = [
        f"{_say(ask, poll)}\n{'您已经投过了。' if spent else '您还没有投。'}"
        for poll, spent in asked
    ]
    branch = which.here(ask)
    over = [
        each
        for each in polls.of_branch(ask.session, branch)
        if each.state == State.CLOSED
    ]
    if "结果" in ask.text or not lines:
        lines += [results.say_results(ask.session, each) for each in over[:1]]
    return "\n".join(lines) or f"现在没有正在进行的投票。{FORMAL}"


def _say(ask: Ask, poll: Poll) -> str:
    counted = results.turnout(ask.session, poll)
    listed = results.list_offered(poll, "；")
    ranked = f"按名次最多排 {len(poll.points)} 个。" if poll.points else ""
    until = say_moment(poll.closes_at, ask.now)
    return (
        f"【{poll.purpose}·不记名】{poll.question}：{listed}。"
        f"{ranked}{until}截止，已投 {counted.voted}/{counted.eligible} 人。"
    )


def _find_spent(ask: Ask) -> Spoken | None:
    """Find a vote given in what is still open; when it was is nobody's to know."""
    asked = polls.asked_of(ask.session, ask.member.id, ask.now)
    given = any(spent for _, spent in asked)
    return Spoken("vote.given", {}, focus.LASTS) if given else None


def _keep_vote(_ask: Ask, _kept: Kept) -> Answer:
    raise Refusal(NO_CHANGE)


VOTED = Referring(
    "vote.given",
    title=lambda ask, kept: "您投的票",
    find=_find_spent,
    undo=_keep_vote,
    verbs=("投", "投票", "选"),
    called=("票", "投票", "选票"),
)
