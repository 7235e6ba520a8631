"""打印测评票: the paper ballot of 民主评议, and the sheet to count it on."""

from functools import partial

from bot.branch.ballots import appraisals, formal
from bot.branch.people.audience import Audience, count_heads
from bot.branch.people.members import Role
from bot.branch.people.send_file import send_file
from bot.command import Ask, command
from bot.errors import Refusal
from bot.files.print import PDF, must_have, print_pdf
from bot.message import Reply


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
    if not names:
        raise Refusal("名册里没有要评定等次的正式党员，排不出测评票。")
    year = ask.now.year
    papers = {
        f"民主评议测评票-{year}": formal.print_grading(branch.name, names, year),
        f"民主评议测评统计表-{year}": formal.print_graded(branch.name, names, year),
    }
    for name, values in papers.items():
        made = ask.made.get(name, partial(print_pdf, "sheet", values))
        content = must_have(made)
        send_file(ask.session, f"{name}.pdf", PDF, content, ask.member, ask.now)
    head = count_heads(ask.session, Audience(branch.id)).total
    limit = appraisals.limit_of(ask.session, branch.id, len(names))
    return Reply(
        f"测评票和统计表发到您手机上了：{len(names)} 位，请印 {head} 张，"
        f"不写号、不记名，当场发、当场收。\n{limit}",
        changed=True,
    )
