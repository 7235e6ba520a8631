"""任期: when the branch elects its committee anew, for whoever asks."""

from bot.branch.duties import deadlines
from bot.branch.people.members import Role, party_branch
from bot.command import Answer, Ask, command
from bot.next_steps import send_on
from bot.rulebook.load import find_rule


@command(
    "development.term",
    help="支部什么时候换届",
    shown=False,
)
def show_term(ask: Ask) -> Answer:
    branch, today = ask.standing.branch, ask.now.date()
    if ask.standing.role < Role.SECRETARY:
        branch = party_branch(ask.session, ask.member)
    survey = deadlines.survey(ask.session, today, branch)
    terms = [each for each in survey.deadlines if each.kind == "term"]
    if terms:
        others = ask.standing.role < Role.SECRETARY
        return "\n".join(deadlines.say(terms, today, to_others=others))
    rule = find_rule("term.branch", today)
    who = send_on(ask, "书记登记了", "您说“换届日期 2024年6月20日”")
    return (
        f"{branch.name}上次换届的日期还没有登记，算不出哪天届满。{who}就能算。\n"
        f"{rule.citation}"
    )
