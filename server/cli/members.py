"""xiangyang members: import a roster, list, link the address book's accounts."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from bot.branch import addressbook, audit, enrolment
from bot.branch import members as book
from bot.branch.addressbook import Colleague
from bot.branch.enrolment import Summary
from bot.branch.members import Member
from bot.channels.wecom import WeCom
from bot.errors import ConfigError
from bot.roster.entry import Roster
from bot.roster.faults import RosterError
from bot.roster.read import read_roster
from server.cli.opening import find_home, open_assistant, writing
from server.cli.options import (
    branch_option,
    config_option,
    file_argument,
    json_option,
    print_json,
    trial_option,
)


@click.group()
def members() -> None:
    """党员名册。"""


@members.command("import")
@file_argument
@branch_option
@trial_option
@json_option
@config_option
def import_file(
    *,
    file: Path,
    branch_name: str | None,
    dry_run: bool,
    as_json: bool,
    config_path: Path,
) -> None:
    """导入名册（xlsx、xls、csv）：有一行不对就一行也不导入；再次导入是更新。"""
    assistant = open_assistant(config_path)
    now = assistant.clock.now()
    try:
        phones = assistant.config.roster.phones
        content = file.read_bytes()
        roster = read_roster(content, file.name, now.date(), phones=phones)
        with writing(assistant, dry_run=dry_run) as session:
            root = find_home(session, assistant, branch_name)
            summary = enrolment.enrol(session, roster.entries, root, now)
    except RosterError as error:
        if as_json:
            print_json({"errors": [_plain(fault) for fault in error.faults]})
        raise
    if as_json:
        print_json(_document(roster, summary, dry_run=dry_run))
    else:
        click.echo(_in_words(roster, summary, dry_run=dry_run))


@members.command("list")
@json_option
@config_option
def list_members(*, as_json: bool, config_path: Path) -> None:
    """列出名册。"""
    assistant = open_assistant(config_path)
    with assistant.storage.write() as session:
        everyone = book.everyone(session)
        rows = [_row(session, each) for each in everyone]
        people = [each.id for each in everyone]
        now = assistant.clock.now()
        audit.note(session, None, "members.list", now, subjects=people)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        told = (row["userid"] or "（未关联）", row["name"], row["branch"])
        click.echo("  ".join([*told, row["category"] or "", row["joined"] or ""]))


@members.command("sync")
@click.option("--add", is_flag=True, help="把名册里没有的人也加成党员")
@json_option
@config_option
def sync(*, add: bool, as_json: bool, config_path: Path) -> None:
    """从企业微信通讯录关联账号（只取姓名和账号）。"""
    assistant = open_assistant(config_path)
    wecom = assistant.channels.get("wecom")
    if not isinstance(wecom, WeCom):
        raise ConfigError("还没有配置 [wecom]，不能同步通讯录。")
    people = _colleagues(wecom)
    with assistant.storage.write() as session:
        root = book.ensure_root(session, assistant.config.branch.name)
        done = addressbook.link_accounts(session, people, root)
        now = assistant.clock.now()
        added = addressbook.add_unknown(session, people, root, now) if add else []
    if as_json:
        print_json({"people": len(people), "added": added, **vars(done)})
        return
    click.echo(f"通讯录里有 {len(people)} 人，新关联 {len(done.linked)} 人。")
    if added:
        click.echo(f"新加入名册：{'、'.join(added)}")
    elif done.unknown:
        click.echo(f"不在名册里：{'、'.join(done.unknown)}（要加入，用 --add）")


def _colleagues(wecom: WeCom) -> list[Colleague]:
    names = {each.id: each.name for each in wecom.contacts.departments()}
    return [
        Colleague(
            each.userid,
            each.name,
            tuple(names[number] for number in each.departments if number in names),
        )
        for each in wecom.contacts.people()
    ]


def _document(roster: Roster, summary: Summary, *, dry_run: bool) -> dict[str, Any]:
    return asdict(summary) | {
        "dry_run": dry_run,
        "ignored": [{"row": each.row, "why": each.why} for each in roster.ignored],
        "warnings": [str(each) for each in roster.warnings],
        "unused_columns": list(roster.unused),
    }


def _in_words(roster: Roster, summary: Summary, *, dry_run: bool) -> str:
    lines = [
        f"{'试导入，没有改动：' if dry_run else ''}新增 {len(summary.added)} 人，"
        f"更新 {len(summary.updated)} 人，没有变化 {summary.unchanged} 人。"
    ]
    if summary.branches:
        lines.append(f"新建：{'、'.join(summary.branches)}")
    lines += [f"  {change}" for change in summary.changes]
    if summary.unnamed:
        lines.append(f"名册里另有 {summary.unnamed} 人不在这个文件里，没有改动。")
    lines += [f"注意 {each}" for each in roster.warnings]
    if roster.unused:
        lines.append(f"没有保存的列：{'、'.join(roster.unused)}")
    return "\n".join(lines)


def _plain(fault: Any) -> dict[str, Any]:
    return {
        "row": fault.row,
        "column": fault.column,
        "sheet": fault.sheet,
        "reason": fault.sentence,
    }


def _row(session: Session, member: Member) -> dict[str, Any]:
    return {
        "userid": member.userid,
        "name": member.name,
        "branch": book.party_branch(session, member).name,
        "group": book.group_name(session, member),
        "category": member.category,
        "joined": member.joined and member.joined.isoformat(),
        "full_member_since": member.full_member_since
        and member.full_member_since.isoformat(),
        "roles": [role.name.lower() for role in book.roles(session, member)]
        or ["member"],
        "state": member.state,
    }
