"""Letters waiting to be delivered, and what became of each recipient.

A letter is put here in the same transaction as the fact it tells of, so neither
exists without the other. Of every letter, at every moment:
planned = delivered + refused + pending.
"""

from bot.outbox.changes import addresses, cancel, cancel_of, move, receipts
from bot.outbox.claims import await_turn, claim_batch, claim_new, claim_retry
from bot.outbox.courtesy import MUTED, WEEK_FULL, keep_quiet
from bot.outbox.digests import MERGED, merge, settle_merged
from bot.outbox.forgetting import (
    forget_before,
    forget_keyed,
    forget_of,
    replace_name,
    still_carried,
    strip_answers,
)
from bot.outbox.interruptions import (
    Interruptions,
    count_interruptions,
    select_interrupted,
)
from bot.outbox.lapses import tell_lapsed
from bot.outbox.letters import (
    ADDRESS_UNKNOWN,
    Batch,
    Importance,
    Letter,
    People,
    Plan,
    Recipient,
    Window,
    put,
    put_to,
)
from bot.outbox.mutes import EVERYTHING, Mute, QuietWish, mute, muted, unmute, wishes
from bot.outbox.own_hours import OWN_HOURS, drop_hours, hours_of, keep_hours
from bot.outbox.pauses import find_pause
from bot.outbox.releases import drop_held, let_go
from bot.outbox.report import (
    Tally,
    next_due,
    oldest_due,
    tally,
    tally_kinds,
    tally_topic,
    unbalanced,
)
from bot.outbox.settlement import (
    Claim,
    Outcome,
    drop_stale,
    postpone_batch,
    refuse_batch,
    settle_batch,
)
from bot.outbox.singles import claim_singles, settle_singles

__all__ = [
    "ADDRESS_UNKNOWN",
    "EVERYTHING",
    "MERGED",
    "MUTED",
    "OWN_HOURS",
    "WEEK_FULL",
    "Batch",
    "Claim",
    "Importance",
    "Interruptions",
    "Letter",
    "Mute",
    "Outcome",
    "People",
    "Plan",
    "QuietWish",
    "Recipient",
    "Tally",
    "Window",
    "addresses",
    "await_turn",
    "cancel",
    "cancel_of",
    "claim_batch",
    "claim_new",
    "claim_retry",
    "claim_singles",
    "count_interruptions",
    "drop_held",
    "drop_hours",
    "drop_stale",
    "find_pause",
    "forget_before",
    "forget_keyed",
    "forget_of",
    "hours_of",
    "keep_hours",
    "keep_quiet",
    "let_go",
    "merge",
    "move",
    "mute",
    "muted",
    "next_due",
    "oldest_due",
    "postpone_batch",
    "put",
    "put_to",
    "receipts",
    "refuse_batch",
    "replace_name",
    "select_interrupted",
    "settle_batch",
    "settle_merged",
    "settle_singles",
    "still_carried",
    "strip_answers",
    "tally",
    "tally_kinds",
    "tally_topic",
    "tell_lapsed",
    "unbalanced",
    "unmute",
    "wishes",
]
