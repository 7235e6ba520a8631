"""打印测评票: the paper ballot of 民主评议, and the sheet to count it on."""

from bot.branch.ballots import appraisals, formal
from bot.branch.people.audience import Audience, count_heads
from bot.branch.people.members import Role
from bot.command import Ask, command
from bot.message import Reply
from handlers.meetings.formal import send_printed


@command(
    "ballot.grading",
    help="打印民主评议的测评票和统计表，不写号",
    role=Role.SECRETARY,
    shown=False,
)
def send_paper(ask: Ask) -> Reply:
    """Send the ballot paper with a row for everybody who is graded, and the count.

    No paper has a number or a name of who fills it in; 预备党员 are not graded.
    """
    branch = ask.standing.branch
    names = [x.called for x in appraisals.graded(ask.session, branch, ask.now)]
    for paper in formal.list_grading(branch.name, names, ask.now.year):
        send_printed(ask, paper)
    head = count_heads(ask.session, Audience(branch.id)).total
    limit = appraisals.limit_of(ask.session, branch.id, len(names))
    return Reply(
        f"测评票和统计表发到您手机上了：{len(names)} 位，请印 {head} 张，"
        f"不写号、不记名，当场发、当场收。\n{limit}",
        changed=True,
    )
