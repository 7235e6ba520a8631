"""What a page of the console is: a noun, what may be asked of it, and by whom.

A file in `pages/` describes its page and decorates what shows and does it:

    NOTICES = Page("notices", "通知", order=20)

    @NOTICES.get("/")
    def list_notices(desk: Desk) -> str: ...

    @NOTICES.post("/<int:number>/nudge", again=show_notice)
    def nudge(desk: Desk, number: int) -> Response: ...

Nothing else is edited: the menu and the addresses come from these. What shows is
given a session that reads, or writes where the look is to be written down
(`looks=True`). What does is given one that writes; a Refusal undoes all of it, and
`again` shows the form anew with the reason and what was typed (`desk.fault`,
`desk.typed`). An address that takes a file ends in /upload.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from flask.typing import ResponseReturnValue

from bot.branch.people.members import Role

View: TypeAlias = Callable[..., ResponseReturnValue]
V = TypeVar("V", bound=Callable[..., Any])
GET, POST = "GET", "POST"
TEXTS = 1024 * 1024
"""Bytes of a form: a long paste comes back with a sentence, it is not cut off."""


@dataclass(frozen=True)
class Route:
    """One address of a page.

    writes: its session does. again: shows the form anew where it was refused. most:
    bytes of a file that comes with it; 0 for none. long: how it is called where it may
    take long, so that it is shown how far it is and can be stopped.
    """

    rule: str
    method: str
    view: View
    writes: bool
    role: Role
    again: View | None = None
    most: int = 0
    long: str = ""


@dataclass
class Page:
    """name: in addresses, "" for the first; title: in the menu. order: there.

    role: who may open it at least; a single address may ask for more. shown: False
    keeps it out of the menu.
    """

    name: str
    title: str
    order: int
    role: Role = Role.SECRETARY
    shown: bool = True
    routes: list[Route] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        return f"/{self.name}" if self.name else ""

    def get(
        self,
        rule: str,
        *,
        looks: bool = False,
        role: Role | None = None,
        long: str = "",
    ) -> Callable[[V], V]:
        """Describe what shows something; looks: at members' records, for the audit."""

        def describe(view: V) -> V:
            mine = role or self.role
            self.routes.append(Route(rule, GET, view, looks, mine, long=long))
            return view

        return describe

    def post(  # noqa: PLR0913  # a line for each thing that is said of an address
        self,
        rule: str,
        *,
        again: View | None = None,
        role: Role | None = None,
        most: int = 0,
        long: str = "",
        writes: bool = True,
    ) -> Callable[[V], V]:
        """Describe what does something; it ends with `desk.done(...)` or a page.

        writes: False for what is no matter of the books: it waits for nobody.
        """

        def describe(view: V) -> V:
            mine = role or self.role
            route = Route(rule, POST, view, writes, mine, again, most, long)
            self.routes.append(route)
            return view

        return describe

    def endpoint(self, route: Route) -> str:
        """Name an address for `url_for("console.…")`: page-function."""
        return f"{self.name or 'today'}-{route.view.__name__}"
