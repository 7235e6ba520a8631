"""What a text says of an order besides giving it, so that it is none.

It was a joke (…，开玩笑的), somebody else's (…的是周强, …这事交给王芳了, …，办了),
or is weighed (…好还是…好, …，你觉得呢). What a colon sets apart is the speaker's
content: of that only the last words may speak of the order.
"""

import re
from functools import lru_cache

from bot.understanding.words.masks import mask
from bot.understanding.words.people import NAME, SOMEBODY, TITLES

BODY = (
    "财务|办公室|系统|手机|闹钟|机器人|助手|平台|工会|总支|党委|支部|小组|班子|后勤|物业"
    "|学院|学校|宣传部|组织部"
)
WHO = (
    rf"(?:P|{SOMEBODY}|(?:第?.{{1,2}})?党?小组|[一-龥]{{2,4}}(?:{TITLES})|{BODY}"
    "|我们?|你们?|您|谁|哪[个位些])"
)
SOFTLY = (
    r"(?:就|都|也|又|可|不就|应该|好像|大概|可能|一直|全|已经?|早就?|刚才|刚刚?|会|先"
    "|[那这][边里儿]|在?[^,]{0,3}(?:群|会|电话|微信|当面)[里上中]?|T|我){0,6}"
)
TASK = r"(?:事|活|任务|工作|差事)(?:儿|情)?"
DO = "(?:办|弄|做|搞|发|通知|提醒|催|登记|安排|处理|取消|撤|叫)"
CLAUSE = re.compile(r"[,。;!~…?—-]+")
SET_APART = re.compile(r"(?<!\d):|:(?!\d)")

CLEFT = re.compile(rf"的(?:人|同志|那[个位])?{SOFTLY}(?:不是|是){SOFTLY}{WHO}")
HANDED_ON = re.compile(
    rf"(?:[这那][个件项]?{TASK}|的{TASK}){SOFTLY}(?:交|归|轮|派|由|给|让|是|{WHO})"
)
DONE_BY_SOMEBODY = re.compile(
    rf"(?:[这那][个件]?(?:{TASK})?)?(?:{WHO}{SOFTLY}(?:自己|去|帮忙)?{SOFTLY}"
    rf"(?:{DO}(?:[好完妥定掉回])?(?:过|了)+|[说讲]过了?)"
    rf"|{WHO}说?(?:他|她|我)?(?:自己)?(?:会|来)来?{DO}的?)"
)
OF_THE_TOOL = re.compile("[这那]个?(?:功能|口令|命令|用法|操作|按钮|招)")
DONE_ALREADY = re.compile(
    r"(?:我|已经?|都|刚刚?|早){0,6}(?:通知|告诉|告知|提醒|催)过?"
    rf"(?:{NAME}|{SOMEBODY})(?:过|了)+[。!]*"
)
MADE_BY_SOMEBODY = re.compile(rf"(?<!就)(?<!不)是{WHO}(?:自己)?[^,的]{{1,5}}的$")
SET_BY_SOMEBODY = re.compile(
    rf"是{WHO}(?:自己)?(?:改|发|登记|定|办|弄|取消|撤|设|填|删|关|安排|通知)?的"
)
"""Also 是李伟的: of 是李伟改的 the mask makes a name of three characters."""
OF_SOMEBODY = re.compile(
    rf"(?:可|又|并|都)?不是{WHO}(?:的)?"
    rf"|[那这](?:都|就)?是(?:替|给|帮|代)?{WHO}.{{0,2}}的"
    r"|[跟和与]我(?:没|无)(?:什么)?关系"
)
BY_OTHERS = (DONE_BY_SOMEBODY, OF_SOMEBODY)
JOKE = re.compile(
    r"(?:我|就|只是|都|刚才|跟|和|你们?|您|大家|是|在|哈|嘿){0,8}"
    r"(?:开个?玩笑|逗你?们?玩?|逗(?:您|大家)玩?|骗(?:你|您|大家)们?|瞎[说编写]|胡说|乱[说写]|吓唬(?:你|您|大家)们?|说笑|闹着玩|说着玩"
    r"|吹牛|别当真|不当真|当不得真)(?:的|呢|啦|了|哈|嘿|呵|玩|哟)*"
)
ASKED_OF_US = re.compile(
    r"(?:你|您)(?:说|觉得|看|认为|想)(?:呢|怎么样|如何|好不好|行不行|要不要)?"
)
ASKING_US = re.compile(
    r"[你您](?:说|看|觉得|认为)(?:怎|哪|谁|什么|几|该|要不要|可不可|行不行|好不好|是不是)"
)
REMEMBERED = re.compile(
    r"我(?:记得|印象中|好像|以为).{0,8}[过了]"
    r"|(?:去年|上次|上回|以前|往年|之前|T)(?:都|也|就)?是?(?:这么|那么|这样|那样).{1,4}[的了]"
)
TAG = re.compile(r"(?:是[^,的]{1,8}|[是对的])吧$")
BETTER = "(?:好|好看|行|合适|大气|精神|方便|妥当|快|强|对)(?:一?点|一?些)?"
EITHER = re.compile(
    rf"{BETTER}还是|还是[^,]{{1,12}}(?:比较|更)?{BETTER}(?:啊|呢|吧)?$"
    r"|([TPN])[^,]{0,4}还是\1|([一-龥])[^,]{1,8}还是\2|是[^,]{1,8}还是[^,]{1,8}$"
)
CALLED_OFF = re.compile(
    r"(?:的事(?:儿|情)?|的(?:通知|消息)|[这那]个?事儿?)"
    r"(?:先|就|还是|暂时|暂且)*(?:别|不要|不用|甭|不)(?:急着|忙着|再)?"
    r"(?:发|通知|说|告诉)(?:出去|大家|他们|了|吧)*$"
)
"""What calls the matter itself off: 通知大家开会的事先别发."""
MOST_CLAUSES = 12


@lru_cache(maxsize=512)
def aside(text: str) -> str:
    """Say which words of a normalised text speak of the order; "" if none do."""
    if DONE_ALREADY.fullmatch(text):
        return text
    before, *told = SET_APART.split(text, maxsplit=1)
    ends = [each for each in CLAUSE.split(mask(told[0] if told else text)) if each]
    last = ends[-1] if ends else ""
    if len(ends) > 1 or told:
        for form in (JOKE, ASKED_OF_US):
            if form.fullmatch(last):
                return last
    if told:
        ends = [each for each in CLAUSE.split(mask(before)) if each]
    return _of_others(ends[:MOST_CLAUSES]) or _weighed(ends[-1] if ends else "")


def _of_others(clauses: list[str]) -> str:
    if not clauses:
        return ""
    first = CLEFT.search(clauses[0])
    if hit := first or next(filter(None, map(HANDED_ON.search, clauses)), None):
        return hit[0]
    for each in clauses[1:]:
        if any(form.fullmatch(each) for form in (*BY_OTHERS, REMEMBERED)):
            return each
    rest = clauses[1:]
    tool = next(filter(None, map(OF_THE_TOOL.match, rest)), None)
    about = [clauses[0], *(each for each in rest if each[0] in "这那")]
    about += [each for each in rest if SET_BY_SOMEBODY.fullmatch(each)]
    forms = (MADE_BY_SOMEBODY.search, SET_BY_SOMEBODY.fullmatch)
    made = next((hit for each in about for form in forms if (hit := form(each))), None)
    hit = tool or made
    return hit[0] if hit else ""


def _weighed(clause: str) -> str:
    forms = (TAG, EITHER, ASKING_US, CALLED_OFF)
    hit = next(filter(None, (form.search(clause) for form in forms)), None)
    return hit[0] if hit else ""
