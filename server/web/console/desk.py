"""What a page of the console has at hand: who asks, what they may, what was typed."""

import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from flask import g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bot.assistant.answering import Assistant
from bot.branch.console import sendings
from bot.branch.people.members import Member, Role, Standing
from bot.branch.people.tree import Branch
from bot.config.settings import Config
from bot.errors import Refusal

CHANGED = (
    "这件事在您填的时候有了变化（可能是您开着两页，或别人改过）。"
    "下面是现在的样子，您填的还在，请核对以后再提交。"
)
ONCE, SEEN, DONE = "once", "seen", "done"


@dataclass
class Desk:
    """One request of somebody who is signed in.

    branch: where the office is held; nothing beyond it is shown. number: of the
    session. refusal: why a form was refused; typed: what was in it, else empty.
    """

    assistant: Assistant
    session: Session
    member: Member
    standing: Standing
    now: datetime
    number: int
    refusal: Refusal | None = None
    typed: "MultiDict[str, str]" = field(default_factory=MultiDict)

    @property
    def fault(self) -> str:
        """Why a form was refused, in words; "" where none was."""
        return str(self.refusal or "")

    @property
    def branch(self) -> Branch:
        return self.standing.branch

    @property
    def config(self) -> Config:
        return self.assistant.config

    @property
    def form(self) -> str:
        """What every form carries to show that it is one of ours."""
        return str(g.form)

    @property
    def sent(self) -> "MultiDict[str, str]":
        """The form that was sent."""
        return request.form

    def may(self, role: int) -> bool:
        return self.standing.role >= role

    def once(self) -> str:
        """Make a key for a form: it is done once, however often it is sent."""
        return token_urlsafe(16)

    def field(self, name: str, otherwise: Any = "", at: str = "") -> Any:
        """Return what was typed in a field, or what stands there otherwise.

        at: where its form is sent to, on a page with others whose fields are called so.
        """
        return self.typed.get(name, otherwise) if self._is_typed(at) else otherwise

    def is_refused(self, at: str) -> bool:
        """Tell whether it is the form sent to an address that is shown again."""
        return bool(self.fault) and request.script_root + request.path == at

    def chosen(self, name: str, otherwise: Any = (), at: str = "") -> Any:
        """Return all that was chosen under a name; at: as in `field`."""
        return self.typed.getlist(name) if self._is_typed(at) else otherwise

    def _is_typed(self, at: str) -> bool:
        return bool(self.typed) and (not at or self.is_refused(at))

    def mark(self, *state: Any) -> str:
        """Digest what a form was made from, for its field `seen`."""
        said = json.dumps(state, ensure_ascii=False, default=str, sort_keys=True)
        return sha256(said.encode()).hexdigest()[:32]

    def check_unchanged(self, *state: Any) -> None:
        """Raise Refusal where the state is another than the form was made from."""
        seen = self.sent.get(SEEN, "")
        if not hmac.compare_digest(seen.encode(), self.mark(*state).encode()):
            raise Refusal(CHANGED)

    def show(self, template: str, **shown: Any) -> str:
        return render_template(f"console/{template}", desk=self, **shown)

    def done(self, said: str, endpoint: str, **values: Any) -> Response:
        """Lead to the page that shows what came of a form, with one sentence."""
        key = self.sent.get(ONCE, "")
        where = url_for(f"console.{endpoint}", **values)
        kept = sendings.find(self.session, key, self.member)
        if kept is not None:
            kept.went_to, kept.said = where, said
        return redirect(with_key(where, key), 303)

    @property
    def told(self) -> str:
        """The sentence that the last form left for this page; "" for none."""
        kept = sendings.find(self.session, request.args.get(DONE, ""), self.member)
        here = request.script_root + request.path
        return kept.said if kept and urlsplit(kept.went_to).path == here else ""

    @property
    def is_secretary(self) -> bool:
        return self.standing.role >= Role.SECRETARY


def with_key(where: str, key: str) -> str:
    """Add a sending's key to an address, in front of its #part."""
    parts = urlsplit(where)
    query = "&".join(each for each in (parts.query, f"{DONE}={key}") if each)
    return parts._replace(query=query).geturl()
