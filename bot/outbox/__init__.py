"""Letters waiting to be delivered, and what became of each recipient.

A letter is put here in the same transaction as the fact it tells of, so neither
exists without the other. Of every letter, at every moment:
planned = delivered + refused + pending.
"""

from bot.outbox.awaited import tell_awaited
from bot.outbox.changes import addresses, cancel, cancel_of, move, receipts
from bot.outbox.claims import (
    await_turn,
    claim_batch,
    claim_new,
    claim_retry,
    is_sending,
)
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
    ASKED_FROM,
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
from bot.outbox.releases import drop_held, let_go, next_release
from bot.outbox.report import (
    Tally,
    count_planned,
    next_due,
    oldest_due,
    tally,
    tally_kinds,
    tally_topic,
    unbalanced,
)
from bot.outbox.routes import Routes, find_routes
from bot.outbox.settlement import (
    Claim,
    Outcome,
    drop_stale,
    hand_over,
    next_stale,
    postpone_batch,
    refuse_batch,
    settle_batch,
)
from bot.outbox.singles import claim_singles, settle_singles
from bot.outbox.ways import (
    CHANNELS,
    PEOPLE,
    Way,
    bind,
    come_back,
    count_ways,
    find_address,
    is_reachable,
    lose,
    note_heard,
    prefer,
    threads_of,
    unbind,
    unbind_all,
    ways_of,
)

__all__ = [
    "ADDRESS_UNKNOWN",
    "ASKED_FROM",
    "CHANNELS",
    "EVERYTHING",
    "MERGED",
    "MUTED",
    "OWN_HOURS",
    "PEOPLE",
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
    "Routes",
    "Tally",
    "Way",
    "Window",
    "addresses",
    "await_turn",
    "bind",
    "cancel",
    "cancel_of",
    "claim_batch",
    "claim_new",
    "claim_retry",
    "claim_singles",
    "come_back",
    "count_interruptions",
    "count_planned",
    "count_ways",
    "drop_held",
    "drop_hours",
    "drop_stale",
    "find_address",
    "find_pause",
    "find_routes",
    "forget_before",
    "forget_keyed",
    "forget_of",
    "hand_over",
    "hours_of",
    "is_reachable",
    "is_sending",
    "keep_hours",
    "keep_quiet",
    "let_go",
    "lose",
    "merge",
    "move",
    "mute",
    "muted",
    "next_due",
    "next_release",
    "next_stale",
    "note_heard",
    "oldest_due",
    "postpone_batch",
    "prefer",
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
    "tell_awaited",
    "tell_lapsed",
    "threads_of",
    "unbalanced",
    "unbind",
    "unbind_all",
    "unmute",
    "ways_of",
    "wishes",
]
