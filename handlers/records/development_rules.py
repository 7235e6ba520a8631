"""发展材料, as it is told: of whom the roster does not know yet, by name."""

from dataclasses import replace

from bot.command import Ask
from bot.understanding.slots.people_named import may_be_name
from handlers.records.drafts import Draft
from handlers.records.special import Apart


def settle(ask: Ask, draft: Draft) -> Draft:
    """Take who is named for an applicant where nobody of the roster is."""
    name = ask.slots.get("name", "").strip()
    if draft.values.get("people") or not may_be_name(name):
        return draft
    return replace(draft, values={**draft.values, "people": [[None, name]]})


APART = Apart(settle=settle)
