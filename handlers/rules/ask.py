"""问规定: questions that the rules of the Party answer."""

from pathlib import Path

from bot import outbox
from bot.branch.knowledge import knowledge, questions
from bot.branch.people import members
from bot.branch.people.referral import ABOVE
from bot.calendar.quiet_hours import next_loud
from bot.command import Ask, NotMeant, answering, command, hearing_late, name_of
from bot.inbox import open_questions
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.next_steps import send_on
from bot.rulebook.answer import answer_question
from bot.rulebook.money import names_money
from bot.understanding.drafts.replies import read_reply
from bot.understanding.sentences.forms import Forms

UNKNOWN = (
    "这个问题，我手上的规定里没有可靠的依据，不敢凭印象回答，免得说错，"
    "请以正式文件为准。"
)
SEND_ON = ("转", "要", "问书记", "转给书记", "问问书记", "问下书记", "问一下书记", "问")
OF_US = Forms(Path(__file__), "of_us")
"""What asks about the assistant: no rule of the Party answers it."""
NOT_OURS = "这件事我现在不会办，或者没听懂您要办什么。"
NEAR = (
    "规定里没有写这个。我能办的是“{name}”：{help}。\n"
    "别的用处发“帮助”看；要问书记，说“问书记”。"
)
SHOWN = 60
SURE = 0.7
NOT_PUT_DOWN = "这件事支部知识里还没有，不敢乱答。"
WHO_SEES_TO = ("找谁", "问谁", "交给谁", "归谁", "该由谁", "谁负责", "谁管")
LONGEST_OFFERED = 40
FOCUS = "question"


@command(
    "ask",
    public=True,
    help="问规定，例：支部大会多久开一次",
    private=True,
)
def answer_rule(ask: Ask) -> Reply | str:
    question = (ask.words or ask.text).strip()
    if not question:
        return _ask_what(ask)
    if answer := _answer(ask, question):
        return answer
    if OF_US.find(ask.text):
        return f"{NOT_OURS}\n{ask.commands.by_intent['help'].run(ask)}"
    if told := _tell_near(ask):
        return told
    return _offer_secretary(ask, question)


def _tell_near(ask: Ask) -> str:
    """Tell of a command that is named what it does; "" where none is.

    Raises NotMeant where it is like what we show: which is asked, and then shown.
    """
    near = [ask.commands.by_intent[each] for each in ask.near]
    if near and not near[0].acts:
        raise NotMeant
    named = (each for each in near if any(name in ask.text for name in each.names))
    if (first := next(named, None)) is None:
        return ""
    name = name_of(ask.commands.by_intent, first.intent)
    return NEAR.format(name=name, help=first.help)


@command(
    "ask.secretary",
    help="把问题转给书记，例：问书记 活动室怎么借",
    shown=False,
    private=True,
)
def ask_secretary(ask: Ask) -> str:
    """Offer to send the question on: the one that is said, or the one before."""
    question = ask.slots.get("rest", ask.words).strip()
    if not question and (before := ask.find_focus(FOCUS)):
        question = str(before["question"])
    return _offer_secretary(ask, question, "") if question else _ask_what(ask)


def _ask_what(ask: Ask) -> str:
    forward = send_on(ask, "，问书记 活动室怎么借", "")
    return f"想问什么？例：支部大会多久开一次{forward}。"


@hearing_late("ask")
def answer_from_knowledge(ask: Ask) -> Reply | str | None:
    """Answer what no command is about, where the branch itself knows it.

    Who sees to a matter is the branch's to know: what it has not put down is offered
    to the secretary, unless another question is open.
    """
    if quote := _quote(ask, ask.text, SURE):
        ask.close_question("ask.secretary")  # what was offered before is passed over
        return quote
    asks_who = any(each in ask.text for each in WHO_SEES_TO)
    if not asks_who or len(ask.text) > LONGEST_OFFERED:
        return None
    standing = open_questions.find(ask.session, ask.message.thread, ask.now)
    if standing and standing.kind != "ask.secretary" and not standing.passing:
        return None
    if not questions.secretaries(ask.session, ask.member):
        return NOT_PUT_DOWN
    return _offer_secretary(ask, ask.text.strip(), f"{NOT_PUT_DOWN}\n")


def _answer(ask: Ask, question: str) -> Reply | None:
    """Answer from the rules, and from what the branch adds to them."""
    rule = answer_question(question, ask.now.date())
    quote = _quote(ask, question, SURE if rule else knowledge.EVIDENCE)
    if rule is None:
        return quote
    passages = (rule.passage,) if rule.passage else ()
    if quote is None:
        return Reply(rule.text, passages=passages)
    both = f"{rule.text}\n\n本支部另有：{quote.text}"
    return Reply(both, passages=passages and passages + quote.passages)


def _quote(ask: Ask, question: str, at_least: float) -> Reply | None:
    home = members.party_branch(ask.session, ask.member)
    found = knowledge.search(ask.session, home, question)
    if not found or found[0].score < at_least:
        return None
    best = found[0]
    return Reply(best.cited(ask.now.tzinfo), passages=(best.text,))


@answering("ask.secretary")
def forward_question(ask: Ask, question: Open) -> Reply | str | None:
    """好 sends the question on, 不用 leaves it; other texts are other commands."""
    said = read_reply(ask.text, SEND_ON)
    if said.act == "no":
        ask.close_question()
        return "好的，没有转。"
    if said.act != "yes":
        return None
    ask.close_question()
    start = next_loud(ask.config.quiet, ask.now)
    window = outbox.Window(start, start + questions.WORTH_ANSWERING)
    words = question.details["question"]
    asked = questions.put(ask.session, ask.member, words, window, ask.now)
    if asked is None:
        return "现在没有可以转给的书记，没有转。"
    return Reply(f"已转给{_whom(ask)}，答复了我就发给您。", changed=True)


def _offer_secretary(ask: Ask, question: str, why: str = f"{UNKNOWN}\n") -> str:
    """Own up to not knowing; a question with an income in it goes to nobody."""
    nobody = not questions.secretaries(ask.session, ask.member)
    if names_money(question) or nobody:
        others = "" if nobody else "也可以问支部书记。"
        return UNKNOWN + send_on(ask, others, f"也可以{ABOVE}。")
    ask.note_focus(FOCUS, question=question)
    whom = _whom(ask)
    ask.put_question(
        "ask.secretary", f"要把问题转给{whom}吗？（好／不用）", question=question
    )
    return f"{why}要我把“{question[:SHOWN]}”转给{whom}吗？回“好”就转，回“不用”就不转。"


def _whom(ask: Ask) -> str:
    """Say who gets the question: a secretary's goes to another, here or above."""
    return send_on(ask, "支部书记", "另一位书记")
