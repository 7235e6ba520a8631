"""xiangyang meetings: what was held, who was there, how often."""

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from bot.branch.meetings import attendees, frequency, turnout, year_plan
from bot.branch.meetings import meetings as book
from bot.branch.meetings.frequency import Line
from bot.branch.meetings.meetings import STAGES, Meeting
from bot.branch.meetings.outline import outline, outline_frequency
from bot.branch.meetings.papers import write_minutes
from bot.branch.meetings.plan_intake import read_plan
from bot.branch.people import audit
from server.cli.opening import find_home, open_assistant, writing
from server.cli.options import (
    branch_option,
    config_option,
    json_option,
    number_argument,
    print_json,
    trial_option,
    write_file,
)


@click.group()
def meetings() -> None:
    """会议：到会、记录、三会一课体检。"""


@meetings.command("list")
@json_option
@config_option
def list_meetings(*, as_json: bool, config_path: Path) -> None:
    """列出所有会议。"""
    assistant = open_assistant(config_path)
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        found = book.every(session)
        rows = [outline(session, each, now) for each in found]
        said = [_say(session, each, now) for each in found]
        people = {
            number for each in found for number in attendees.called(session, each)
        }
        audit.note(session, None, "meetings.view", now, subjects=sorted(people))
    if as_json:
        print_json(rows)
        return
    if not said:
        click.echo("还没有会议。")
    for line in said:
        click.echo(line)


@meetings.command("show")
@number_argument
@click.option(
    "--docx",
    type=click.Path(dir_okay=False, path_type=Path),
    help="把会议记录存成这个 Word 文件",
)
@json_option
@config_option
def show(*, number: int, docx: Path | None, as_json: bool, config_path: Path) -> None:
    """一次会议：谁到了、谁请假、表决了什么。"""
    assistant = open_assistant(config_path)
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        meeting = book.find(session, number)
        document = outline(session, meeting, now)
        said = _say(session, meeting, now)
        people = turnout.list_people(session, meeting, now)
        whose = [each.member_id for each in people]
        action = "meetings.export" if docx else "meetings.view"
        audit.note(session, None, action, now, subjects=whose)
        if docx:
            write_file(docx, write_minutes(session, meeting, now))
    if as_json:
        print_json(document)
        return
    click.echo(said)
    for each in people:
        word = turnout.STATES[each.state] if each.expected else "列席"
        click.echo(f"  {each.name}  {word}{'' if each.votes else '（无表决权）'}")


@meetings.command("frequency")
@click.option("--year", type=click.IntRange(2018, 2199), required=True, help="哪一年")
@branch_option
@json_option
@config_option
def tell_frequency(
    *, year: int, branch_name: str | None, as_json: bool, config_path: Path
) -> None:
    """三会一课体检：应开几次、开了几次、缺哪几个月。"""
    assistant = open_assistant(config_path)
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        branch = find_home(session, assistant, branch_name)
        lines = frequency.check_year(session, branch, year, now)
    if as_json:
        print_json(outline_frequency(lines))
        return
    for each in lines:
        click.echo(_say_line(each))


@meetings.command("plan")
@click.option("--year", type=click.IntRange(2018, 2199), required=True, help="哪一年")
@click.option(
    "--import",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="把这个表格（xlsx、xls、csv）里的各项加进计划；有一行不对就一行也不加",
)
@branch_option
@trial_option
@json_option
@config_option
def plan(  # noqa: PLR0913  # one for each option
    *,
    year: int,
    file: Path | None,
    branch_name: str | None,
    dry_run: bool,
    as_json: bool,
    config_path: Path,
) -> None:
    """一年的会议计划和完成情况，或者从表格导入。"""
    assistant = open_assistant(config_path)
    now = assistant.clock.now()
    with writing(assistant, dry_run=dry_run) as session:
        branch = find_home(session, assistant, branch_name)
        added = 0
        if file:
            lines = read_plan(file.read_bytes(), file.name, year)
            added = year_plan.add(session, branch, year, lines, None, now)
        rows = year_plan.outline(session, branch, year, now)
        found = year_plan.items(session, branch, year)
        said = [f"{each.month}月  {each.title}" for each in found]
    if as_json:
        print_json({"year": year, "added": added, "dry_run": dry_run, "items": rows})
        return
    trial = "试导入，没有改动：" if dry_run else ""
    click.echo(f"{trial}{year} 年度计划 {len(rows)} 项，新加 {added} 项。")
    for line in said:
        click.echo(line)


def _say_line(line: Line) -> str:
    if not line.applies:
        return f"{line.title}  不适用：{line.why}"
    months = "、".join(f"{each}月" for each in line.missing)
    lacking = f"；缺 {months}" if months else ""
    due = f"应 {line.due} 次" if line.due else "没有全国统一的次数"
    return f"{line.title}  {due}，已开 {line.held} 次{lacking}"


def _say(session: Session, meeting: Meeting, now: datetime) -> str:
    counted = turnout.figures(session, meeting, now)
    late = "  补录" if meeting.late_entry else ""
    return (
        f"{meeting.id}  {book.say(meeting, now)}  "
        f"{STAGES[book.stage(meeting, now)]}  应到 {counted.expected}"
        f" 实到 {counted.present}；有表决权 应到 {counted.voters}"
        f" 实到 {counted.voters_present}{late}"
    )
