"""xiangyang members: import a roster, list, link the address book's accounts."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from bot import progress
from bot.assistant.answering import Assistant
from bot.branch.birthdays import ungreeted
from bot.branch.enrolment import addressbook, enrolment, identity
from bot.branch.enrolment.addressbook import Colleague
from bot.branch.enrolment.enrolment import Summary
from bot.branch.enrolment.saying import say_import
from bot.branch.people import audit, offices
from bot.branch.people import members as book
from bot.branch.people.members import Member
from bot.branch.personal_data import removal
from bot.channels.wecom import WeCom
from bot.errors import ConfigError, Refusal
from bot.files.roster.entry import Roster
from bot.files.roster.faults import RosterError
from bot.files.roster.marks import write_marked
from bot.files.roster.read import read_roster
from bot.files.roster.words import STATE_TITLES
from server.cli.member_code import give_code
from server.cli.opening import find_home, open_assistant, writing
from server.cli.options import (
    branch_option,
    config_option,
    file_argument,
    json_option,
    print_json,
    trial_option,
)
from server.cli.progress import long_work


@click.group()
def members() -> None:
    """党员名册。"""


@members.command("import")
@file_argument
@branch_option
@click.option(
    "--same",
    multiple=True,
    metavar="账号",
    help="确认这个账号还是同一个人，姓名、入党日期以表里的为准（可以写多次）",
)
@trial_option
@json_option
@config_option
@long_work
def import_file(  # noqa: PLR0913  # one for each option
    *,
    file: Path,
    branch_name: str | None,
    same: tuple[str, ...],
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
            summary = enrolment.enrol(
                session,
                roster.entries,
                root,
                now,
                settings=offices.settings_of(session, assistant.config.branch),
                same=same,
            )
            details = f"收回 {len(summary.revoked)} 项" if summary.revoked else ""
            lacking = ungreeted.say(ungreeted.count(session, root))
            if summary.granted or summary.revoked:
                audit.note(session, None, "members.import", now, details=details)
    except RosterError as error:
        if as_json:
            print_json({"errors": [_plain(fault) for fault in error.faults]})
        raise
    if as_json:
        print_json(_document(roster, summary, lacking, dry_run=dry_run))
    else:
        click.echo(say_import(roster, summary, lacking, dry_run=dry_run))


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
    here = [row for row in rows if row["state"] == "active"]
    away = [row for row in rows if row["state"] != "active"]
    for row in here:
        told = (row["userid"] or "（未关联）", _name(row), row["branch"])
        click.echo("  ".join([*told, row["category"] or "", row["joined"] or ""]))
    if away:
        click.echo(f"已不在支部 {len(away)} 人：")
    for row in away:
        click.echo("  ".join([_name(row), row["branch"], STATE_TITLES[row["state"]]]))


@members.command("sync")
@click.option("--add", is_flag=True, help="把名册里没有的人也加成党员")
@json_option
@config_option
@long_work
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
        refused, added = done.refused, []
        if add:
            added = addressbook.add_unknown(session, people, root, now)
            refused = refused + addressbook.say_left_out(session, people)
        progress.settle()
    if as_json:
        print_json(
            {
                "people": len(people),
                "added": added,
                "linked": done.linked,
                "unknown": done.unknown,
                "refused": refused,
            }
        )
        return
    names = f"：{'、'.join(done.linked)}" if done.linked else ""
    click.echo(f"通讯录里有 {len(people)} 人，新关联 {len(done.linked)} 人{names}。")
    if added:
        click.echo(f"新加入名册：{'、'.join(added)}")
    elif done.unknown:
        click.echo(f"不在名册里：{'、'.join(done.unknown)}（要加入，用 --add）")
    for each in refused:
        click.echo(f"注意 {each}")


@members.command("revoke")
@click.argument("userid")
@json_option
@config_option
def revoke(*, userid: str, as_json: bool, config_path: Path) -> None:
    """收回一个人的全部权限（书记、支委、组长）；人还在名册里。"""
    assistant = open_assistant(config_path)
    with assistant.storage.write() as session:
        member = _find(session, userid, assistant)
        revoked = offices.revoke_all(session, member)
        now, whose = assistant.clock.now(), [member.id]
        audit.note(session, None, "members.revoke", now, subjects=whose)
        name = member.marked
    if as_json:
        print_json({"name": name, "revoked": revoked})
    elif revoked:
        click.echo(_listed("已收回权限：", revoked))
        click.echo(
            "名册里的职务没有改：下次导入时表里还写着书记、委员，权限会再给。"
            "请把表里的职务也改掉。"
        )
    else:
        click.echo(f"{name}没有权限可收回。")


@members.command("remove")
@click.argument("userid")
@click.option("--why", default="", help="原因，记在查看记录里")
@json_option
@config_option
def remove(*, userid: str, why: str, as_json: bool, config_path: Path) -> None:
    """把不该在名册里的人移出去；他的记录留着，账号可以给别人用。"""
    assistant = open_assistant(config_path)
    with assistant.storage.write() as session:
        member = _find(session, userid, assistant)
        done = removal.remove(session, member, why, assistant.clock.now())
    if as_json:
        print_json(asdict(done))
        return
    days = assistant.config.retention.departed.days
    click.echo(
        f"已把{done.name}移出名册，账号 {userid} 可以给别人用了。"
        f"原来的记录不归新人，{days} 天后清除。"
    )
    if done.revoked:
        click.echo(_listed("收回权限：", done.revoked))
    if done.stopped:
        click.echo(f"还没发出的 {done.stopped} 条消息不发了。")


members.add_command(give_code)


def _find(session: Session, userid: str, assistant: Assistant) -> Member:
    """Find who has an account, also who left. Raises Refusal for whom settings name."""
    member = identity.by_account(session, userid)
    if member is None:
        raise Refusal(f"名册里没有账号是“{userid}”的人。")
    if member.account in offices.settings_of(session, assistant.config.branch).accounts:
        raise Refusal(
            f"设置文件 [branch] 的 secretaries 里写着 {userid}，下次启动又会是书记。"
            "请先从那里去掉，再运行一次。"
        )
    return member


def _listed(head: str, said: Sequence[str]) -> str:
    return "\n".join([head, *(f"  {each}" for each in said)])


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


def _document(
    roster: Roster, summary: Summary, lacking: str, *, dry_run: bool
) -> dict[str, Any]:
    return asdict(summary) | {
        "dry_run": dry_run,
        "ignored": [{"row": each.row, "why": each.why} for each in roster.ignored],
        "warnings": [*map(str, roster.warnings), *filter(None, [lacking])],
        "unused_columns": list(roster.unused),
    }


def _name(row: dict[str, Any]) -> str:
    return write_marked(row["name"], row["mark"])


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
        "mark": member.mark,
        "branch": book.party_branch(session, member).name,
        "group": book.group_name(session, member),
        "category": member.category,
        "joined": member.joined and member.joined.isoformat(),
        "full_member_since": member.full_member_since
        and member.full_member_since.isoformat(),
        "position": member.position,
        "roles": [role.name.lower() for role in book.roles(session, member)]
        or ["member"],
        "state": member.state,
    }
