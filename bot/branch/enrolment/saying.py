"""What an import of a roster did, or would do, in words."""

from collections.abc import Sequence

from bot.branch.enrolment.enrolment import Summary
from bot.files.roster.entry import Roster


def say_import(
    roster: Roster, summary: Summary, lacking: str = "", *, dry_run: bool
) -> str:
    """lacking: what the roster leaves open, in a sentence."""
    lines = [
        f"{'试导入，没有改动：' if dry_run else ''}新增 {len(summary.added)} 人，"
        f"更新 {len(summary.updated)} 人，没有变化 {summary.unchanged} 人。"
    ]
    if summary.branches:
        lines.append(f"新建：{'、'.join(summary.branches)}")
    lines += [f"  {change}" for change in summary.changes]
    if summary.granted:
        lines.append(_listed(f"给权限 {len(summary.granted)} 项：", summary.granted))
    if summary.revoked:
        lines.append(_listed(f"收回权限 {len(summary.revoked)} 项：", summary.revoked))
    lines += [f"注意 {each}" for each in (*summary.kept, *summary.asked)]
    if summary.unnamed:
        lines.append(f"名册里另有 {summary.unnamed} 人不在这个文件里，没有改动。")
    warnings = [*map(str, roster.warnings), *filter(None, [lacking])]
    lines += [f"注意 {each}" for each in warnings]
    if roster.unused:
        lines.append(f"没有保存的列：{'、'.join(roster.unused)}")
    return "\n".join(lines)


def _listed(head: str, said: Sequence[str]) -> str:
    return "\n".join([head, *(f"  {each}" for each in said)])
