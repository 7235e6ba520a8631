"""Which meeting is meant: by its kind, its day, or because there is only one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.branch.meetings import meetings
from bot.branch.meetings.kinds import TITLES, Kind, find_kind
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.notices.notices import Desk
from bot.branch.people.members import Member, Role, party_branch
from bot.branch.people.tree import Branch
from bot.command import Ask, NotMeant
from bot.errors import Denied, Refusal
from bot.understanding.when import Period, find_period

MOST = 5
CALLED = "meeting.called"
CHOSEN = "meeting"
"""The slot that holds a meeting's number, where it was chosen among several."""


class Several(Refusal):
    """More than one meeting is meant; see `which_one.run_or_ask`."""

    def __init__(self, found: Sequence[Meeting]) -> None:
        super().__init__(f"有 {len(found)} 个会，请说是哪天的哪个会。")
        self.found = found[:MOST]


def here(ask: Ask) -> Branch:
    """Return the branch that is spoken of: where an office is held, or one's own."""
    if ask.standing.role >= Role.COMMITTEE:
        return ask.standing.branch
    return party_branch(ask.session, ask.member)


def slot(ask: Ask, name: str) -> str:
    """Return what stands in a sentence's slot; NotMeant where nothing was said so."""
    if name not in ask.slots:
        raise NotMeant
    return ask.slots[name]


def is_secretary(ask: Ask) -> bool:
    return ask.standing.role >= Role.SECRETARY


def coming(ask: Ask) -> Sequence[Meeting]:
    """List what is ahead, or on."""
    return meetings.coming(ask.session, here(ask), ask.now)


def begun(ask: Ask) -> Sequence[Meeting]:
    """List what has begun, the latest first."""
    return meetings.begun(ask.session, here(ask), ask.now)


def pick(
    ask: Ask, found: Sequence[Meeting], words: str, tense: str = "future"
) -> Meeting | None:
    """Find the one meeting that words mean; None if there is none.

    Raises Several, with what there is, where several are meant.
    """
    left = of_words(ask, found, words, tense)
    if len(left) > 1:
        raise Several(left)
    return left[0] if left else None


def find_ahead(ask: Ask, words: str) -> Meeting | None:
    """Find what is ahead and meant; by the words before what it is changed to."""
    before = words.split(ask.slots["to"])[0] if ask.slots.get("to") else words
    found = coming(ask)
    if ask.slots.get("which"):
        return pick(ask, found, ask.slots["which"] + _kind_in(before))
    return pick(ask, found, _kind_in(before))


def _kind_in(words: str) -> str:
    """Keep of words only what kind they name."""
    named = find_kind(words)
    return TITLES[named[0]] if named else ""


def desk_of(ask: Ask) -> Desk:
    return Desk(ask.member, ask.standing.branch, ask.config.server.public_url)


def latest(ask: Ask, words: str) -> Meeting | None:
    """Find what began last of those that words mean."""
    return next(iter(list_past(ask, words)), None)


def list_past(ask: Ask, words: str) -> list[Meeting]:
    """List what has begun of those that words mean, the latest first."""
    return of_words(ask, begun(ask), words, "past")


def to_write(ask: Ask, words: str = "") -> Meeting:
    """Find the meeting whose minutes the speaker writes. Raises Refusal, Denied.

    The one that the sentence names, else the one that is on, or else the last whose
    minutes are not signed yet.
    """
    words = words or named_in(ask)
    found = list_past(ask, words)
    found = [
        each for each in found if each.starts_at > ask.now - meetings.RECENT
    ] or found
    mine = [each for each in found if may_lead(ask, each)]
    if not mine:
        if found:
            raise Denied("会议记录由书记、主持人和记录人来写。")
        raise Refusal(nothing_held(ask))
    on = [each for each in mine if each.starts_at <= ask.now <= each.ends]
    still = [each for each in mine if each.state in (State.CALLED, State.HELD)]
    if words:
        return (still or mine)[0]
    return (spoken_of(ask, still) or on or still or mine)[0]


def named_in(ask: Ask) -> str:
    """Return the words of a sentence that say which meeting: 周三的支委会."""
    return ask.slots.get("which", "") + ask.slots.get("of", "")


def speak_of(ask: Ask, meeting: Meeting) -> None:
    """Remember which meeting is written of, where another one is on too."""
    ask.note_focus("meeting", number=meeting.id)


def note_called(ask: Ask, meeting: Meeting) -> None:
    """Remember that a meeting was just called, moved or entered: 刚才那个不算."""
    speak_of(ask, meeting)
    ask.note_focus(CALLED, number=meeting.id)


def spoken_of(ask: Ask, found: Sequence[Meeting]) -> list[Meeting]:
    """Return the meeting that was written of last, if it is among these."""
    kept = ask.find_focus("meeting")
    return [each for each in found if kept and each.id == kept["number"]]


def nothing_held(ask: Ask) -> str:
    """Say that there are no minutes, and to the secretary how to enter late ones."""
    more = (
        "开过的会要补记，说“补录 11月5日下午两点支委会”。" if is_secretary(ask) else ""
    )
    return f"最近没有开过的会，没有会议记录。{more}"


def may_lead(ask: Ask, meeting: Meeting) -> bool:
    """Tell whether the speaker is the secretary, or leads or records the meeting.

    The secretary of a body above has its figures (`is_own`), and does not write in it.
    """
    leads = ask.member.id in (meeting.host_id, meeting.recorder_id)
    return leads or (is_secretary(ask) and is_own(ask, meeting))


def is_own(ask: Ask, meeting: Meeting) -> bool:
    """Tell whether a meeting is of the branch spoken of, or of a group of it."""
    return meetings.is_own(ask.session, meeting, here(ask))


def year_of(ask: Ask) -> int:
    """Tell which year a text asks about: the one it names, else this one."""
    period = find_period(ask.text, ask.now, "past")
    return period.start.year if period else ask.now.year


def name_of(ask: Ask, number: int | None) -> str:
    return "" if number is None else ask.session.get_one(Member, number).called


def fits(meeting: Meeting, words: str, now: datetime, tense: str) -> bool:
    """Tell whether words, as far as they name a kind or a day, mean a meeting."""
    return Meant.read(words, now, tense).fits(meeting)


def of_words(
    ask: Ask, found: Iterable[Meeting], words: str, tense: str
) -> list[Meeting]:
    """Keep of meetings those that words mean; the words are read once."""
    if chosen := ask.slots.get(CHOSEN):
        return [each for each in found if str(each.id) == chosen]
    meant = Meant.read(words, ask.now, tense)
    return [each for each in found if meant.fits(each)]


@dataclass(frozen=True)
class Meant:
    """What words say of which meeting: its kind, and the days or stretches named."""

    kind: Kind | None
    periods: Sequence[Period]

    @classmethod
    def read(cls, words: str, now: datetime, tense: str) -> "Meant":
        if not words.strip():
            return cls(None, ())
        named = find_kind(words)
        return cls(named[0] if named else None, list(_periods(words, now, tense)))

    def fits(self, meeting: Meeting) -> bool:
        if self.kind not in (None, meeting.kind):
            return False
        at = meeting.starts_at
        return not self.periods or any(x.start <= at < x.end for x in self.periods)


def _periods(words: str, now: datetime, tense: str) -> Iterator[Period]:
    """Find every day or stretch that words name: 昨晚住院，今天的会没去 names two."""
    at = 0
    while period := find_period(
        words[at:], now, "past" if tense == "past" else "future"
    ):
        yield period
        at += period.span[1]
