"""决议票数记错了: figures of a resolution in a draft, told anew."""

from bot.branch.meetings import minutes, resolutions
from bot.branch.meetings.meetings import Meeting
from bot.command import Answer, Ask, command
from bot.errors import Refusal
from bot.understanding.slots.votes import read_votes
from handlers.meetings import which
from handlers.meetings.clauses import EDGES
from handlers.meetings.recording import resolve


@command("minutes.recount", help="改决议的票数", acts=True, shown=False)
def recount(ask: Ask) -> Answer:
    """Strike a resolution out of the draft, and write it again with other figures.

    What was struck out stays with its day; signed minutes are sent back first.
    """
    meeting = which.to_write(ask)
    text = _text_of(ask, meeting)
    _, votes = read_votes(ask.slots.get("said", ""))
    if votes is None:
        return f"“{text}”改成多少票？例：决议票数记错了，改成赞成9反对0弃权1。"
    minutes.drop(ask.session, meeting, text, ask.now)
    return resolve(ask, meeting, text, votes)


def _text_of(ask: Ask, meeting: Meeting) -> str:
    """Find which resolution is meant: the one named, or the last. Raises Refusal."""
    rows = resolutions.of_meeting(ask.session, meeting)
    named = ask.slots.get("what", "").strip(f'{EDGES}“”"')
    found = [each for each in rows if named in each.text]
    if not found:
        raise Refusal(f"“{meeting.title}”还没有记过这样的决议。发“会议记录”看看。")
    return found[-1].text
