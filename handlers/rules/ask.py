"""问规定: questions that the rules of the Party answer."""

import re

from bot import outbox
from bot.branch.knowledge import knowledge, questions
from bot.branch.people import members
from bot.branch.people.referral import ABOVE
from bot.calendar.quiet_hours import next_loud
from bot.command import Ask, answering, command, hearing_late
from bot.inbox import open_questions
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.next_steps import send_on
from bot.rulebook.answer import answer_question
from bot.rulebook.money import names_money

UNKNOWN = (
    "这个问题，我手上的规定里没有可靠的依据，不敢凭印象回答，免得说错，"
    "请以正式文件为准。"
)
YES = ("好", "好的", "要", "是", "可以", "转", "转吧", "确认", "行", "问书记")
NO = ("不用", "不用了", "不要", "不转", "不", "取消", "算了", "否")
SHOWN = 60
SURE = 0.7
NOT_PUT_DOWN = "这件事支部知识里还没有，不敢乱答。"
WHO_SEES_TO = re.compile("(?:找|问|交给|归|该由)谁|谁负责|谁管")
LONGEST_OFFERED = 40
TO_SECRETARY = re.compile(r"\s*问(?:一下)?书记")


@command(
    "ask",
    names=("问规定", "规定", "查规定", "问书记"),
    examples=(
        "支部大会几个月开一次",
        "主题党日多久一次",
        "光荣在党50年纪念章什么条件",
        "在党50年纪念章怎么领",
        "党支部多少人以上要设支委会",
        "支部党员大会多久召开一次",
        "支委会一般多久开一次",
        "支部委员会多长时间开一次会",
        "党小组会一个月开几次",
        "主题党日一个月几次",
        "组织生活会什么时候开",
        "组织生活会一年几次",
        "党课一年要上几次",
        "书记一年讲几次党课",
        "民主评议一年几次",
        "民主评议什么时候做",
        "转正要交什么材料",
        "转正手续怎么办",
        "申请书交了多久要谈话",
        "公示从哪天算到哪天",
        "民主评议党员分几个等次",
        "优秀党员的比例是多少",
        "谈心谈话一年要几次",
        "谈心谈话有什么要求",
        "三会一课是什么意思",
        "三会一课包括哪些",
        "什么是三会一课",
        "什么是民主集中制",
        "什么叫政治生日",
        "政治生日怎么算",
        "党龄从什么时候算起",
        "入党时间怎么认定",
        "预备期是多久",
        "预备期有多长时间",
        "预备期可以延长吗",
        "预备党员多久转正",
        "预备党员有选举权吗",
        "预备党员能不能参加表决",
        "转正需要什么手续",
        "转正要交哪些材料",
        "入党的流程是什么",
        "入党需要哪些步骤",
        "入党有什么条件",
        "入党申请书怎么写",
        "积极分子多久考察一次",
        "积极分子的培养期是多长",
        "发展对象要培训几天",
        "发展对象培训要几天",
        "发展对象公示多长时间",
        "入党宣誓有什么要求",
        "支部委员会几年换届",
        "支部任期是几年",
        "总支多久换届",
        "几个人可以成立党支部",
        "党支部最多多少人",
        "支委会设几个人",
        "支委会要多少人到会才有效",
        "支部大会多少人到会有效",
        "表决要多少人赞成才通过",
        "会议记录要记哪些内容",
        "党费的标准是什么",
        "党费按什么比例交",
        "党费是怎么算的",
        "党费按税前还是税后算",
        "不交党费会有什么后果",
        "多久不交党费算自行脱党",
        "长期不参加组织生活会怎么样",
        "党员每年学习多少学时",
        "党员每年要学多少小时",
        "培训一天算几个学时",
        "党员有哪些权利",
        "党员有哪些义务",
        "党员受处分有哪几种",
        "组织关系怎么转",
        "转组织关系要什么手续",
        "流动党员怎么管理",
        "光荣在党50年纪念章的条件",
        "打卡有什么用处",
        "打卡是必须的吗",
        "打卡会不会算考核",
        "打卡有什么规定",
        "不打卡有什么后果",
        "不打卡行不行",
        "不签到会有什么后果",
        "不请假就缺席会怎么样",
        "没请假算不算缺席",
        "请假要提前几天",
        "请假需要谁批准",
        "请假有次数限制吗",
        "为什么要签到",
        "为什么要学习",
        "能不能替别人签到",
        "能代别人请假吗",
        "通知可以撤回吗",
        "发通知需要批准吗",
        "投票是不是匿名的",
        "不投票可以吗",
        "党章第七条是什么",
        "条例里是怎么规定的",
        "有没有相关规定",
        "发展党员有哪些程序",
        "发展党员的流程",
        "发展党员要多长时间",
        "发展党员要公示多久",
        "公示期是几天",
        "公示要几个工作日",
        "预备党员可以投票吗",
        "预备党员有没有选举权和被选举权",
        "预备党员和正式党员有什么区别",
        "正式党员有哪些权利",
        "党员大会和支委会有什么区别",
        "换届选举怎么进行",
        "支部委员怎么分工",
        "党费什么时候交",
        "补交党费有什么规定",
        "政治生日是什么",
        "党龄怎么算",
        "什么是党员先锋岗",
        "入党积极分子培养考察多长时间",
        "积极分子要培养几年",
        "发展对象要考察多久",
        "党员一年要学多少学时",
        "集中培训一年多少学时",
        "书记一年要培训多少学时",
        "党费按税后工资算吗",
        "党费要按税后算吗",
        "党费按什么工资算",
        "奖金要交党费吗",
        "党费可以补交吗",
        "打卡能补吗",
        "签到能补吗",
        "请假会不会扣分",
        "请假影响评优吗",
        "不参加会议有什么后果",
        "不参加活动会怎么样",
        "不签到算不算缺席",
        "请假条交给谁",
        "请假条怎么写",
        "签到要带什么",
        "收到要回复吗",
        "打卡有时间限制吗",
        "打卡几点之前",
        "一天能打几次卡",
        "打卡的意义是什么",
        "打卡的目的",
        "谁规定要打卡",
        "书记任期几年",
        "支委任期几年",
        "书记怎么选举",
        "党员大会有什么程序",
        "入党申请人条件",
        "多大可以入党",
        "入党要多久",
        "从申请入党到转正要多长时间",
        "组织生活包括什么",
        "组织生活会有什么程序",
        "民主生活会和组织生活会的区别",
        "四个意识是什么",
        "两个确立是什么",
        "八项规定是哪八项",
        "入党誓词是什么",
        "缺席会怎么处理",
        "自行脱党是什么意思",
        "怎么退党",
        "党员证明怎么开",
        "民主评议分哪几个等次",
        "民主评议分几等",
        "谈心谈话每年不少于几次",
        "预备党员什么时候能转正",
        "党费比例是多少",
        "五千以上党费比例是多少",
        "组织生活会在第几季度开",
        "预备期满了怎么办理转正",
        "怎么转正",
        "表决要过多少票",
        "入党的流程怎么走",
        "组织生活会一般几月开",
        "每年什么时候开组织生活会",
        "党费交百分之几",
        "介绍人有处分行吗",
        "入党介绍人有什么条件限制",
        "受过处分还能当介绍人不",
        "外校转来的能缓半年转正不",
        "从外单位转来的转正能推迟多久",
        "快毕业的还办得了入党不",
        "六月毕业的还能发展吗",
        "转正票能举手吗",
        "总支能批预备党员吗",
        "志愿书什么时候填",
        "接收预备党员的书面意见算不算票",
        "选举多少票才当选",
    ),
    help="问规定，例：支部大会多久开一次",
    private=True,
)
def answer_rule(ask: Ask) -> Reply | str:
    question = (ask.words or ask.text).strip()
    if not question:
        forward = send_on(ask, "，问书记 活动室怎么借", "")
        return f"想问什么？例：支部大会多久开一次{forward}。"
    if TO_SECRETARY.match(ask.text):
        return _offer_secretary(ask, question, "")
    return _answer(ask, question) or _offer_secretary(ask, question)


@hearing_late("ask")
def answer_from_knowledge(ask: Ask) -> Reply | str | None:
    """Answer what no command is about, where the branch itself knows it.

    Who sees to a matter is the branch's to know: what it has not put down is offered
    to the secretary, unless another question is open.
    """
    if quote := _quote(ask, ask.text, SURE):
        ask.close_question("ask.secretary")  # what was offered before is passed over
        return quote
    if not WHO_SEES_TO.search(ask.text) or len(ask.text) > LONGEST_OFFERED:
        return None
    standing = open_questions.find(ask.session, ask.message.thread, ask.now)
    if standing and standing.kind != "ask.secretary":
        return None
    if not questions.secretaries(ask.session, ask.member):
        return NOT_PUT_DOWN
    return _offer_secretary(ask, ask.text.strip(), f"{NOT_PUT_DOWN}\n")


def _answer(ask: Ask, question: str) -> Reply | None:
    """Answer from the rules, and from what the branch adds to them."""
    rule = answer_question(question, ask.now.date())
    quote = _quote(ask, question, SURE if rule else knowledge.EVIDENCE)
    if rule is None:
        return quote
    passages = (rule.passage,) if rule.passage else ()
    if quote is None:
        return Reply(rule.text, passages=passages)
    both = f"{rule.text}\n\n本支部另有：{quote.text}"
    return Reply(both, passages=passages and passages + quote.passages)


def _quote(ask: Ask, question: str, at_least: float) -> Reply | None:
    home = members.party_branch(ask.session, ask.member)
    found = knowledge.search(ask.session, home, question)
    if not found or found[0].score < at_least:
        return None
    best = found[0]
    return Reply(best.cited(ask.now.tzinfo), passages=(best.text,))


@answering("ask.secretary")
def forward_question(ask: Ask, question: Open) -> Reply | str | None:
    """好 sends the question on, 不用 leaves it; other texts are other commands."""
    said = ask.text.strip(" 。！!，,")
    if said in NO:
        ask.close_question()
        return "好的，没有转。"
    if said not in YES:
        return None
    ask.close_question()
    start = next_loud(ask.config.quiet, ask.now)
    window = outbox.Window(start, start + questions.WORTH_ANSWERING)
    words = question.details["question"]
    asked = questions.put(ask.session, ask.member, words, window, ask.now)
    if asked is None:
        return "现在没有可以转给的书记，没有转。"
    return Reply(f"已转给{_whom(ask)}，答复了我就发给您。", changed=True)


def _offer_secretary(ask: Ask, question: str, why: str = f"{UNKNOWN}\n") -> str:
    """Own up to not knowing; a question with an income in it goes to nobody."""
    nobody = not questions.secretaries(ask.session, ask.member)
    if names_money(question) or nobody:
        others = "" if nobody else "也可以问支部书记。"
        return UNKNOWN + send_on(ask, others, f"也可以{ABOVE}。")
    whom = _whom(ask)
    ask.put_question(
        "ask.secretary", f"要把问题转给{whom}吗？（好／不用）", question=question
    )
    return f"{why}要我把“{question[:SHOWN]}”转给{whom}吗？回“好”就转，回“不用”就不转。"


def _whom(ask: Ask) -> str:
    """Say who gets the question: a secretary's goes to another, here or above."""
    return send_on(ask, "支部书记", "另一位书记")
