"""/m/me: what is mine on one page; /m/calendar/…: it in the phone's own calendar."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, g, render_template, request
from sqlalchemy.orm import Session

from bot.branch.birthdays import greetings
from bot.branch.meetings import attendees, meetings
from bot.branch.meetings.meetings import State
from bot.branch.notices import replies
from bot.branch.people import audit
from bot.branch.people.members import Member, party_branch
from bot.branch.personal_data import about
from bot.branch.records import checklists, search
from bot.branch.records.kinds.pledge import PLEDGE
from bot.branch.records.search import Query
from bot.branch.records.values import values_of_all
from bot.branch.study import hours, plans
from bot.branch.study.hours import Conversion
from bot.branch.subscriptions import addresses, contents
from bot.calendar.say import say_date, say_moment, say_whole_day
from bot.files.ics import MIME, write_calendar
from server.web.pages.answers import NOTHING, PageRefusal
from server.web.pages.identity import (
    TOO_FAST,
    check_form,
    public_url,
    the_assistant,
    the_moment,
    the_reader,
)
from server.web.rate_limit import address_of, share_of, the_gate

NOTICES, LOOKS = 10, 20
TWO_WEEKS, A_WEEK = timedelta(days=14), timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """One thing of mine. to: the notice that it is; open: it waits for me."""

    said: str
    to: str = ""
    open: bool = False


def show_mine() -> str:
    with the_assistant().storage.read() as session:
        return _show(session, the_reader(session))


def change_calendar() -> str:
    """Make a new address, which is shown this once, or take it away."""
    check_form()
    with the_assistant().storage.write() as session:
        reader = the_reader(session)
        if "revoke" in request.form:
            addresses.revoke(session, reader)
            return _show(session, reader)
        own_part = addresses.make(session, reader, the_moment())
        address = f"{public_url()}/m/calendar/{own_part}.ics"
        return _show(session, reader, address)


def send_calendar(own_part: str) -> Response:
    """Send a calendar to whatever phone has its address; who guesses waits."""
    trusted = the_assistant().config.server.trusted_proxies
    share = share_of(address_of(request.environ, trusted))
    if not the_gate().missed.take(share):
        raise PageRefusal(429, TOO_FAST)
    now = the_moment()
    with the_assistant().storage.read() as session:
        member = addresses.whose(session, own_part)
        if member is None:
            raise PageRefusal(404, NOTHING)
        name = f"{party_branch(session, member).name}（{member.name}）"
        entries = contents.entries_of(session, member, now)
    the_gate().missed.give_back(share)
    return Response(write_calendar(name, entries, now), content_type=MIME)


def _show(session: Session, reader: Member, address: str = "") -> str:
    now = the_moment()
    made = addresses.made_at(session, reader)
    return render_template(
        "m/me.html",
        name=reader.name,
        branch=party_branch(session, reader).name,
        parts=[
            ("通知", _notices(session, reader, now)),
            ("会议", _meetings(session, reader, now)),
            ("学习", _study(session, reader, now)),
            ("清单", _checklists(session, reader, now)),
            ("承诺", _pledges(session, reader)),
            ("政治生日", _birthday(session, reader, now)),
            ("我存了您的什么", _kept(session, reader)),
            ("谁看过我的信息", _looks(session, reader, now)),
        ],
        made=say_moment(made, now) if made else "",
        address=address,
        form=g.form,
    )


def _notices(session: Session, reader: Member, now: datetime) -> list[Line]:
    lines = []
    for notice, receipt in replies.sent_to(session, reader, now, NOTICES):
        is_open = replies.is_open(reader, notice, receipt)
        over = notice.deadline is not None and now > notice.deadline
        waits = is_open and not over
        word = "还没回复" if waits else (receipt.choice if receipt else "") or ""
        said = f"{say_moment(notice.goes_at, now)} {notice.title}"
        lines.append(
            Line(f"{said}（{word}）" if word else said, str(notice.id), open=waits)
        )
    return lines


def _meetings(session: Session, reader: Member, now: datetime) -> list[Line]:
    found = attendees.called_since(session, reader.id, now - A_WEEK)
    return [
        Line(
            meetings.say(each, now)
            + ("（取消了）" if each.state == State.CANCELLED else "")
        )
        for each in found
    ]


def _study(session: Session, reader: Member, now: datetime) -> list[Line]:
    conversion = Conversion.of(the_assistant().config.study)
    year = hours.year_of(session, reader, now.year, conversion)
    today = now.date()
    planned = plans.of_member(session, reader, today, today + TWO_WEEKS)
    return [
        Line(f"今年 {round(year.total, 1):g} 学时（只有您自己看得到）"),
        *(
            Line(f"{say_whole_day(day)} {text}")
            for day, text in sorted(planned.items())
        ),
    ]


def _checklists(session: Session, reader: Member, now: datetime) -> list[Line]:
    branch, today = party_branch(session, reader), now.date()
    lines = []
    for name in checklists.lists(session, branch, today):
        wanted = checklists.items(session, branch, name, today)
        for each in checklists.of_member(session, branch, wanted, reader.id):
            done = f"{each.confirmed}/{each.item.target}"
            word = "免做" if each.exempt else done
            lines.append(Line(f"{each.item.title}：{word}"))
    return lines


def _pledges(session: Session, reader: Member) -> list[Line]:
    query = Query(PLEDGE, party_branch(session, reader), member=reader.id)
    rows = search.find(session, query, 20)
    every = values_of_all(session, rows)
    return [
        Line(f"{values.get('title', '')}（{PLEDGE.state_title(row.state)}）")
        for row, values in zip(rows, every, strict=True)
    ]


def _birthday(session: Session, reader: Member, now: datetime) -> list[Line]:
    if not greetings.may_greet(reader):
        return []
    each = greetings.coming(session, reader, now.date())
    return [Line(f"{say_date(each.day)}，入党 {each.years} 周年")]


def _kept(session: Session, reader: Member) -> list[Line]:
    held = about.collect(session, reader)
    return [
        Line("、".join(f"{each.title} {len(each.rows)} 条" for each in held)),
        Line("要全部的记录，在聊天里说“导出我的数据”。"),
    ]


def _looks(session: Session, reader: Member, now: datetime) -> list[Line]:
    return [
        Line(
            f"{say_moment(each.at, now)} {each.who or audit.OPERATOR}："
            f"{audit.TITLES.get(each.action, each.action)}"
        )
        for each in audit.seen(session, reader, LOOKS)
    ]
