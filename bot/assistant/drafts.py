"""The one dialogue about drafts: yes, no, wait, back, show it, a change.

What each of them does for a kind of draft, its `Drafting` says (bot/command.py).
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.assistant import changing, free_words, past_drafts
from bot.assistant.outcome import Outcome, guard
from bot.command import Answer, Ask, Commands, Drafting, FreeWords, whole_of
from bot.errors import Never, Refusal
from bot.inbox import open_questions
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.drafts.again import find_again
from bot.understanding.drafts.changes import told_changes
from bot.understanding.drafts.cues import leads_away
from bot.understanding.drafts.parting import Parted, part_reply
from bot.understanding.drafts.replies import (
    Answered,
    read_reply,
    takes_back_on_yes,
)
from bot.understanding.learnt.gists import TO_DRAFTS
from bot.understanding.learnt.tags import INSTEAD
from bot.understanding.reading import Reading
from bot.understanding.speech import listen
from bot.understanding.text import normalise

HELD = "好的，先放着，什么也没动，三个小时里都在。\n（还等您回答：{asked}）"
WAITS = "还没有办，等您一句话：{asked}回“确认”或“取消”，要改就直接说改什么。"
FIRST = "没有更早的一稿了，现在的就是第一稿。"
UNHEARD = "这句我没听懂，什么也没动。要改刚才的，请把改什么、改成什么说全。"
NOT_YET = "（“{said}”里没有听出要改什么，还没有办。就这样办请回“确认”。）"
NOT_DONE_YET = "（还没有办，现在就是上面这样。）"
NO_SUCH = "没有听出要改的是哪一件，什么也没动。请连那件事一起再说一遍。"
ONE_BY_ONE = (
    "眼前这个还等您一句话：{asked}先回“确认”或“取消”，再说要另外来一个什么样的。"
)
SENDING = ("发", "送", "通知")
PERSONAL = ("profile", "my_data", "mute", "receipt")
"""What a reply that is only like them is never taken for."""
NEAR = 16  # characters; a longer text is no reply


def hear(ask: Ask, question: Open, drafting: Drafting) -> Outcome | None:
    """Hear a text, or a picture, as said to a draft; None where it is none of it."""
    run = partial(_hear, ask, question, drafting)
    return guard(run, question.kind)


def _hear(ask: Ask, question: Open, drafting: Drafting) -> Answer | None:
    if ask.message.kind != "text":
        return drafting.change(ask, question.kept)
    words = drafting.words(question.kept)
    if words is not None:
        return _hear_words(ask, question, drafting, words)
    return _hear_text(ask, question, drafting)


def _hear_text(ask: Ask, question: Open, drafting: Drafting) -> Answer | None:
    said = read_reply(ask.text, drafting.verbs)
    if said.act == "no":
        return _decline(ask, question, drafting)
    if said.act == "hold":
        return hold(ask, question)
    if said.act == "back":
        return _step_back(ask, question, drafting)
    if said.act != "none" and not drafting.lacks(question.kept):
        return _hear_of_whole(ask, question, drafting, said)
    if find_again(ask.said) is not None and not drafting.lacks(question.kept):
        return ONE_BY_ONE.format(asked=question.asked)
    if _names_another(ask, drafting) and not drafting.lacks(question.kept):
        return None  # 到会情况 is no place to go to
    return _hear_freely(ask, question, drafting)


def _hear_freely(ask: Ask, question: Open, drafting: Drafting) -> Answer | None:
    """Hear a reply that is no plain answer: by grammar first, then as it was learnt."""
    try:
        heard = _hear_in_clauses(ask, question, drafting)
    except Never:
        raise
    except Refusal:
        heard = changing.change_restated(ask, question, drafting, INSTEAD)
        if heard is None:
            raise
    if heard is None or changing.is_unchanged(ask, question):
        heard = _hear_gist(ask, question, drafting) or heard
    if heard is None:
        heard = changing.change_restated(ask, question, drafting)
    return heard


def _hear_gist(ask: Ask, question: Open, drafting: Drafting) -> Answer | None:
    """Hear what is put together of no known words, and yet is clear: 看过了，没错.

    Where what is done on yes takes something back, nobody knows what a no is to.
    """
    if takes_back_on_yes(drafting.verbs) or drafting.lacks(question.kept):
        return None
    meant = "" if ask.is_command_name else TO_DRAFTS.find(ask.said)
    if (
        meant in ("", "ask", "change")
        or told_changes(ask.said, ask.now)
        or ask.orders()
    ):
        return None
    if meant in ("yes", "no") and _names_other_deed(ask.said, drafting.verbs):
        return None
    match meant:
        case "no":
            return _decline(ask, question, drafting)
        case "hold":
            return hold(ask, question)
        case "unchange":
            earlier = open_questions.step_back(question)
            return _step_back(ask, question, drafting) if earlier else None
    said = Answered("yes", sure=True)
    return _hear_of_whole(ask, question, drafting, said)


def _names_other_deed(said: str, verbs: Sequence[str]) -> bool:
    """Whether a text names a deed that is not this draft's: 发吧 registers nobody."""
    done = "".join(verbs)
    if any(each in done for each in SENDING):
        done += "".join(SENDING)
    return any(deed in said and deed not in done for deed in past_drafts.DEEDS)


def say_unheard(ask: Ask, question: Open, reading: Reading) -> Outcome:
    """Say that nothing was heard; a question about the draft is answered by it."""
    unheard = Outcome(Reply(UNHEARD), "none", explain=reading.explain)
    drafting = ask.commands.drafts[question.kind]
    if drafting.lacks(question.kept) or TO_DRAFTS.find(ask.said) != "ask":
        return unheard
    show = partial(drafting.show, replace(ask, answers=question), question.kept)
    heard = guard(show, question.kind)
    return heard.with_line(NOT_DONE_YET) if heard else unheard


def _hear_words(
    ask: Ask, question: Open, drafting: Drafting, words: FreeWords
) -> Answer | None:
    """Hear the free words that a draft asks for, or what is said in their place."""
    heard = free_words.judge(ask, question, words, drafting.verbs)
    match heard.act:
        case "words":
            return _hear_in_clauses(heard.ask, question, drafting)
        case "hold":
            return hold(ask, question)
        case "thanks" if read_reply(ask.text).act == "back":
            return _step_back(ask, question, drafting)
        case "thanks":
            return free_words.say_no_answer(ask, question)
        case "no":
            return _decline(ask, question, drafting)
    return None


def _decline(ask: Ask, question: Open, drafting: Drafting) -> Answer:
    declined = drafting.declined(ask, question.kept)
    return declined or _drop(ask, question, drafting)


def _hear_in_clauses(ask: Ask, question: Open, drafting: Drafting) -> Answer | None:
    """Hear a change, or an answer that has a reason beside it: 还没定，不发了.

    A yes that more is said beside shows it again, unless that only says that it may go.
    """
    there = str(question.kept)
    parted = part_reply(ask.said, ask.now, drafting.verbs, lambda of: of in there)
    heard = changing.change(ask, question, drafting, parted)
    if heard is not None or len(parted.clauses) < 2 or ask.orders():
        return heard
    match parted.act:
        case "no":
            return _decline(ask, question, drafting)
        case "hold":
            return hold(ask, question)
        case "yes" if not drafting.lacks(question.kept):
            return _hear_yes_with_more(ask, question, drafting, parted)
    return None


def _hear_yes_with_more(
    ask: Ask, question: Open, drafting: Drafting, parted: Parted
) -> Answer | None:
    """Hear a yes beside other words; 对了，咱们支部多少人 is a question, and none.

    Nor is 对了，先帮我记一笔 a yes: it leads to another matter.
    """
    is_aside = leads_away(parted.clauses[0].words) and not parted.is_approved
    if is_aside or listen(normalise(ask.said).text).asks:
        return None
    if parted.is_approved:
        said = Answered("yes", sure=True)
        return _hear_of_whole(ask, question, drafting, said)
    heard = _hear_gist(ask, question, drafting)
    if heard is None:
        heard = changing.change_restated(ask, question, drafting)
    if heard is None:
        shown = drafting.show(ask, question.kept)
        heard = changing.add_line(shown, NOT_YET.format(said=ask.said))
    return heard


def _names_another(ask: Ask, drafting: Drafting) -> bool:
    """Whether a text is the bare name of a command that is not of the draft's topic."""
    named = ask.commands.names.get(ask.said) if ask.is_command_name else None
    return named is not None and whole_of(named) != whole_of(drafting.kind)


def _hear_of_whole(
    ask: Ask, question: Open, drafting: Drafting, said: Answered
) -> Answer:
    """Hear what is said to a draft that lacks nothing: do it, or show it again."""
    if said.act == "heard":
        return WAITS.format(asked=question.asked)
    # what came between may be what a yes is to: 好的 after a line that named the draft,
    # any yes after anything else
    near = 0
    if said.sure:
        twice = past_drafts.is_just_done(ask)
        near = open_questions.REFUSED if twice else open_questions.NAMED
    if said.act == "yes" and question.stale <= near:
        return _confirm(ask, question, drafting)
    return drafting.show(ask, question.kept)


def _confirm(ask: Ask, question: Open, drafting: Drafting) -> Answer:
    """Do it, and keep for a while what was done: the yes may come twice."""
    answer = drafting.confirm(ask, question.kept)
    if isinstance(answer, Reply) and answer.changed:
        past_drafts.note_done(ask, question, drafting.made(ask))
    return answer


def hold(ask: Ask, question: Open) -> str:
    """Let a question wait longer."""
    open_questions.hold(ask.session, ask.message.thread, ask.now)
    return HELD.format(asked=question.asked)


def _drop(ask: Ask, question: Open, drafting: Drafting) -> str:
    past_drafts.note_dropped(ask, question)
    ask.close_question()
    return drafting.dropped


def _step_back(ask: Ask, question: Open, drafting: Drafting) -> Answer:
    earlier = open_questions.step_back(question)
    if earlier is None:
        return FIRST
    return drafting.show(replace(ask, answers=earlier), earlier.kept)


def is_beside(ask: Ask, reading: Reading, commands: Commands) -> bool:
    """Whether a text is only like an act or a record of somebody: no answer is that."""
    command = commands.by_intent.get(reading.intent)
    if command is None or reading.line is not None or len(ask.text) > NEAR:
        return False
    personal = whole_of(reading.intent) in PERSONAL
    named = any(each in ask.text for each in command.names)
    guessed = command.acts and not reading.meant
    return (guessed or personal) and not named
