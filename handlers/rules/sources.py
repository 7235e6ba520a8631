"""依据: in full, where that stands written of which an answer named only the first."""

from bot.branch.duties import deadlines
from bot.branch.people.members import Role, party_branch
from bot.command import Answer, Ask, command
from bot.rulebook.answer import answer_question
from bot.rulebook.citing import cite_all

NONE = (
    "现在没有要到期的事，没有可列的依据。想知道哪条规定，直接问，例：支部大会多久开一次"
)


@command(
    "ask.sources",
    help="期限是照哪些条文算的",
    shown=False,
)
def show_sources(ask: Ask) -> Answer:
    """List what the open deadlines stand on: the branch's, or one's own.

    Asked of something else that the rules know, it is theirs to cite.
    """
    today, asks_more = ask.now.date(), not ask.is_command_name
    rules = ask.commands.by_intent["ask"]
    if asks_more and answer_question(ask.text, today):
        return rules.run(ask)
    if ask.standing.role >= Role.SECRETARY:
        found = deadlines.survey(ask.session, today, ask.standing.branch).deadlines
    else:
        home = party_branch(ask.session, ask.member)
        survey = deadlines.survey(ask.session, today, home)
        found = [each for each in survey.deadlines if each.member_id == ask.member.id]
    lines = list(cite_all(rule for each in found for rule in each.rules))
    if lines:
        return "\n".join(("期限是照这些算的：", *lines))
    return rules.run(ask) if asks_more else NONE
