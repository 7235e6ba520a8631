"""No form loses what was typed: each comes back with it, where it is refused."""

import pytest

from tests.server.browser import ADDRESS
from tests.server.console import lived, walking
from tests.server.console.forms import WRITTEN, Form, forms_of
from tests.server.console.visitor import Visitor
from tests.stage import Stage

pytestmark = pytest.mark.thorough

USED = "used"
"""The key of a form that was sent before: whatever else has it is refused."""


def test_what_was_typed_is_still_there(secretary: Visitor, stage: Stage) -> None:
    lived.live(stage, secretary)
    paths = walking.one_of_each(secretary)
    _use_up(secretary)
    for path in paths:
        for form in forms_of(secretary.get(path).text):
            if form.fits:
                _send_and_compare(secretary, form)


def _use_up(visitor: Visitor) -> None:
    visitor.get("/console/people/1")
    answer = visitor.post("/console/people/1", name="赵敏", once=USED)
    assert answer.status_code == 303


def _send_and_compare(visitor: Visitor, form: Form) -> None:
    """Send a form that is not taken; see that it holds what was typed, and no other."""
    sent = {**form.kept, **form.fits}
    if "once" in sent:
        sent["once"] = USED
    answer = visitor.client.post(form.action, base_url=ADDRESS, data=sent)
    assert answer.status_code in (200, 409), (form.action, answer.text)
    if answer.mimetype != "text/html":
        return  # a file to keep: the browser stays on the page with what was typed
    found = forms_of(answer.text)
    own = [each.held for each in found if each.action == form.action]
    assert form.fits in own, form.action
    typed = {each for each in form.fits.items() if each[1].startswith(WRITTEN)}
    for other in found:
        spilled = other.action != form.action and typed & set(other.held.items())
        assert answer.status_code == 200 or not spilled, (form.action, other.action)
