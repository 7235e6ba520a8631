"""发展党员的材料: a paper of somebody's way into the Party, that it is there.

What stands in a paper is not kept: only that it was handed in, and on which day.
"""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records.fields import Choice, Day, People, options
from bot.branch.records.kind import Kind, Sees, Sum

PAPERS = options(
    "入党申请书 申请书",
    "申请人谈话记录 谈话记录",
    "推荐推优记录 推优记录 推荐记录 推优材料",
    "确定积极分子的支委会记录",
    "积极分子备案 备案",
    "培养考察登记表 考察登记表 培养登记表",
    "思想汇报",
    "听取意见记录 征求意见记录",
    "列为发展对象的支委会记录",
    "党委同意拟列的意见 党委同意",
    "公示结果 公示材料 公示",
    "政审结论 政审材料 政审",
    "培训证明 培训结业证 结业证 培训合格证",
    "支委会审查意见 审查意见",
    "预审通知 预审意见 预审",
    "入党志愿书 志愿书",
    "接收大会记录",
    "票数汇总表 表决票汇总表 票汇总",
    "总支审议意见 总支意见",
    "党委谈话记录",
    "接收批复 入党批复",
    "入党宣誓记录 宣誓记录",
    "预备党员教育考察登记表 预备党员考察表 教育考察登记表",
    "转正申请 转正申请书",
    "转正征求意见记录",
    "转正的支委会审查意见",
    "转正大会记录",
    "转正批复",
)
DEVELOPMENT = Kind(
    name="development",
    title="发展材料",
    intent="development",
    tells="paper",
    lists="papers",
    beside=Path(__file__),
    one="一份",
    word="发展材料",
    fields=(
        People(
            "people",
            "姓名",
            needed=True,
            ask="是谁的材料？",
            also=("谁",),
            outsiders=True,
            most=1,
        ),
        Choice(
            "paper",
            "材料",
            needed=True,
            ask="哪一份材料？",
            also=("材料名称",),
            options=PAPERS,
        ),
        Day("day", "收到日期", needed=True, today=True, also=("日期",)),
    ),
    columns=("no", "people", "paper", "day", "by"),
    sums=(Sum("份", "records"),),
    sees=Sees.PARTIES,
    seen_by=("组织",),
    same=("people", "paper"),
    told_by=Role.SECRETARY,
    example="登记发展材料 何雪 转正申请",
)
