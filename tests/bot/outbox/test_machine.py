"""Any order of puts, claims, settlements, failures, deaths and clock moves adds up.

A simple model says who should be where; the outbox must agree after every step.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from sqlalchemy import select

from bot import outbox
from bot.message import Content
from bot.outbox import ADDRESS_UNKNOWN, Claim, Recipient
from bot.outbox.claims import CLAIM_LASTS, RESEND_WITHIN, UNCERTAIN
from bot.outbox.settlement import BACKOFF, STALE
from bot.storage.database import Storage
from tests.bot.outbox.post import Post, create_tables, plan

pytestmark = pytest.mark.thorough

Fate = tuple[str, str | None]
Who = tuple[int, str | None, int | None]
PENDING: Fate = ("pending", None)
USERS = st.sampled_from([["a"], ["a", "B"], ["c", "B", "a"], []])
KEYS = "klmnopqrst"
SECONDS = st.sampled_from([1, 5, 60, 180, 3600, 3 * 3600])


@dataclass
class Sheaf:
    """What the model knows of a batch."""

    letter: int
    users: tuple[str, ...]
    owner: str
    bytes: tuple[str, Content]
    next_try: datetime
    attempts: int = 1
    uncertain: datetime | None = None
    done: bool = False


@dataclass
class Model:
    fates: dict[Who, Fate] = field(default_factory=dict)
    windows: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)
    sheaves: dict[int, Sheaf] = field(default_factory=dict)

    def close(self, sheaf: Sheaf, fate: Fate, refused: Mapping[str, str]) -> None:
        sheaf.done = True
        for user in sheaf.users:
            why = refused.get(user.casefold())
            self._set(sheaf.letter, user, ("refused", why) if why else fate)

    def waiting(self, letter: int) -> list[str]:
        taken = {
            user
            for sheaf in self.sheaves.values()
            if sheaf.letter == letter
            for user in sheaf.users
        }
        return [
            user
            for (number, user, _), fate in self.fates.items()
            if number == letter and fate == PENDING and user and user not in taken
        ]

    def _set(self, letter: int, user: str, fate: Fate) -> None:
        (key,) = [key for key in self.fates if key[:2] == (letter, user)]
        assert self.fates[key] == PENDING, "a settled recipient never changes"
        self.fates[key] = fate

    def drop(self, letter: int) -> int:
        late = self.waiting(letter)
        for user in late:
            self._set(letter, user, ("refused", STALE))
        return len(late)


class Outbox(RuleBasedStateMachine):
    claims = Bundle("claims")

    @initialize()
    def open(self) -> None:
        self.folder = TemporaryDirectory()
        storage = Storage(f"sqlite:///{Path(self.folder.name) / 'outbox.db'}")
        create_tables(storage)
        self.post, self.model = Post(storage), Model()
        self.unsure: list[tuple[Sheaf, str]] = []
        for key in "abc":
            self.put(key, ["a", "B", "c"], nowhere=1, opens=0, lasts=86400)

    def teardown(self) -> None:
        if hasattr(self, "post"):
            self.post.storage.close()
            self.folder.cleanup()

    @rule(
        key=st.sampled_from(KEYS),
        users=USERS,
        nowhere=st.integers(0, 2),
        opens=st.sampled_from([0, 0, 0, 60]),
        lasts=st.sampled_from([86400, 86400, 300, 0]),
    )
    def put(
        self, key: str, users: list[str], nowhere: int, opens: int, lasts: int
    ) -> None:
        known = self._keys()
        passed = (self.post.now - plan().window.not_before).total_seconds()
        everybody = [*users, *[None] * nowhere]
        letter = self.post.put(
            *everybody, key=key, opens=passed + opens, lasts=passed + opens + lasts
        )
        assert (letter is None) == (key in known)
        if letter is None:
            return
        self.model.windows[letter.id] = (letter.not_before, letter.not_after)
        for place, user in enumerate(everybody):
            fate = PENDING if user else ("refused", ADDRESS_UNKNOWN)
            self.model.fates[letter.id, user, place] = fate

    def _keys(self) -> set[str]:
        with self.post.storage.read() as session:
            return set(session.scalars(select(outbox.Letter.key)))

    @rule(target=claims, owner=st.sampled_from(["one", "two"]))
    def claim(self, owner: str) -> object:
        due = self._expect_again()
        claim = self.post.claim(owner)
        if claim is None:
            assert not due
            assert not self._expect_new()
            return multiple()
        if claim.batch_id in self.model.sheaves:
            self._claimed_again(claim, due)
        else:
            assert not due, "what was begun goes first"
            self._claimed_anew(claim)
        return claim

    def _expect_again(self) -> list[int]:
        """Give up what is too late, as a claim will; name what may be sent again."""
        now, may = self.post.now, []
        late = []
        for number, sheaf in self.model.sheaves.items():
            if sheaf.done or sheaf.next_try > now:
                continue
            unsure = sheaf.uncertain
            if unsure and unsure + RESEND_WITHIN <= now:
                late.append((sheaf, UNCERTAIN))
            elif self.model.windows[sheaf.letter][1] <= now:
                late.append((sheaf, UNCERTAIN if unsure else STALE))
            else:
                may.append(number)
        first = min((self.model.sheaves[each].next_try for each in may), default=None)
        for sheaf, reason in late:
            if first is None or sheaf.next_try < first:
                self.model.close(sheaf, ("refused", reason), {})
            elif sheaf.next_try == first:
                self.unsure.append((sheaf, reason))  # either may come first: ask
        return may

    def _expect_new(self) -> list[int]:
        return [
            letter
            for letter, (opens, ends) in self.model.windows.items()
            if opens <= self.post.now < ends and self.model.waiting(letter)
        ]

    def _claimed_again(self, claim: Claim, due: list[int]) -> None:
        assert claim.batch_id in due
        sheaf = self.model.sheaves[claim.batch_id]
        assert claim.users == sheaf.users
        assert claim.letter_id == sheaf.letter
        assert (claim.reference, claim.content) == sheaf.bytes
        assert claim.uncertain_since == sheaf.uncertain
        sheaf.owner, sheaf.attempts = claim.owner, sheaf.attempts + 1
        sheaf.next_try = self.post.now + CLAIM_LASTS
        sheaf.uncertain = sheaf.uncertain or self.post.now

    def _claimed_anew(self, claim: Claim) -> None:
        assert claim.letter_id in self._expect_new()
        assert list(claim.users) == self.model.waiting(claim.letter_id)
        self.model.sheaves[claim.batch_id] = Sheaf(
            claim.letter_id,
            claim.users,
            claim.owner,
            (claim.reference, claim.content),
            self.post.now + CLAIM_LASTS,
            uncertain=self.post.now,
        )

    @rule(claim=claims, refused=USERS)
    def settle(self, claim: Claim, refused: list[str]) -> None:
        self.post.settle(claim, **{user.swapcase(): "gone" for user in refused})
        if sheaf := self._mine(claim):
            why = {user.casefold(): "gone" for user in refused}
            self.model.close(sheaf, ("delivered", None), why)

    @rule(claim=claims)
    def refuse(self, claim: Claim) -> None:
        self.post.refuse(claim, "never")
        if sheaf := self._mine(claim):
            self.model.close(sheaf, ("refused", "never"), {})

    @rule(claim=claims, uncertain=st.booleans(), wait=st.sampled_from([None, 5, 65]))
    def postpone(self, claim: Claim, *, uncertain: bool, wait: float | None) -> None:
        self.post.postpone(claim, uncertain=uncertain, wait=wait)
        if sheaf := self._mine(claim):
            pause = BACKOFF[min(claim.attempts, len(BACKOFF)) - 1]
            pause = max(pause, timedelta(seconds=wait or 0))
            sheaf.next_try = self.post.now + pause
            if not uncertain:
                sheaf.uncertain = claim.uncertain_since

    def _mine(self, claim: Claim) -> Sheaf | None:
        sheaf = self.model.sheaves[claim.batch_id]
        return None if sheaf.done or sheaf.owner != claim.owner else sheaf

    @rule()
    def drop_stale(self) -> None:
        late = [
            letter
            for letter, (_, ends) in self.model.windows.items()
            if ends <= self.post.now
        ]
        assert self.post.drop_stale() == sum(self.model.drop(each) for each in late)

    @rule(
        target=claims,
        owner=st.sampled_from(["one", "two"]),
        end=st.sampled_from(["settled", "refused", "unsure", "failed", "died"]),
        seconds=SECONDS,
    )
    def work(self, owner: str, end: str, seconds: int) -> object:
        """Claim something, bring it to an end, and let time pass."""
        claim = self.claim(owner)
        if isinstance(claim, Claim):
            match end:
                case "settled":
                    self.settle(claim, ["a"])
                case "refused":
                    self.refuse(claim)
                case "unsure" | "failed":
                    self.postpone(claim, uncertain=end == "unsure", wait=None)
        self.post.wait(seconds=seconds)
        return claim

    @rule(seconds=SECONDS)
    def time_passes(self, seconds: int) -> None:
        self.post.wait(seconds=seconds)

    @rule(seconds=st.sampled_from([1, 60, 3600]))
    def the_clock_is_set_back(self, seconds: int) -> None:
        self.post.wait(seconds=-seconds)

    @invariant()
    def the_outbox_agrees(self) -> None:
        if not hasattr(self, "post"):
            return
        with self.post.storage.read() as session:
            rows = session.execute(
                select(
                    Recipient.letter_id,
                    Recipient.user,
                    Recipient.member_id,
                    Recipient.state,
                    Recipient.reason,
                    Recipient.batch_id,
                )
            ).all()
        found = {(row[0], row[1], row[2]): (row[3], row[4]) for row in rows}
        self._ask_what_was_given_up(found)
        assert found == self.model.fates
        assert len(rows) == len(found), "nobody is there twice"
        for letter in self.model.windows:
            self.post.figures(letter)

    def _ask_what_was_given_up(self, found: Mapping[Who, Fate]) -> None:
        for sheaf, reason in self.unsure:
            fates = {fate for key, fate in found.items() if key[:2] in _pairs(sheaf)}
            if fates == {("refused", reason)} and not sheaf.done:
                self.model.close(sheaf, ("refused", reason), {})
        self.unsure = []


def _pairs(sheaf: Sheaf) -> set[tuple[int, str | None]]:
    return {(sheaf.letter, user) for user in sheaf.users}


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
