"""Words that say how a time is meant: 前, 截止, 从…起, 左右, 周末."""

from dataclasses import dataclass

from bot.understanding.when.numbers import NUMBER
from bot.understanding.when.scopes import WEEK
from bot.understanding.when.tokens import Rule


@dataclass(frozen=True)
class Deadline:
    """leads: it may also stand before its time. within: the scope is the limit.

    before: 前, which leaves open whether the day itself counts. until: a rule's end.
    """

    leads: bool = False
    before: bool = False
    within: bool = False
    until: bool = False


@dataclass(frozen=True)
class Since:
    """从…起: a rule's first day. leads: 从, which stands before it."""

    leads: bool


@dataclass(frozen=True)
class To:
    """From one time to another."""


@dataclass(frozen=True)
class Vague:
    """A time that is no day or hour; asks: what to ask back."""

    asks: str


@dataclass(frozen=True)
class Blur:
    """A word beside a time that takes its certainty; asks: what to ask back."""

    asks: str
    leads: bool = False


_ROUGH = "时间说得有点大概，请说准确的钟点。"
_WEEKEND = "周末是周六还是周日？请说具体哪天、几点。"
_PART_OF = "请说具体是几号、几点。"
_EITHER = "您给了不止一个时间，请选定一个再说。"
_EXCEPT = "有例外的日子我还排不了，请直接说要哪几天，例如“每周一三五”或“每个工作日”。"
_TIMES = "一天几次要分别说钟点，请一次定一个钟点。"
_BY_OR_ON = "是那天之前，还是那天去？请换个说法。"
_SAME_HOUR = "请直接说几点，例如“明天上午10点”。"
_AFTERWARDS = "“之后”是哪一天？请说具体的日期。"
_HOW_LONG = "从哪天到哪天？请说日期，例如“从12月1日起每天早上8点，到12月5日为止”。"
_WHICH_DAYS = "是每周的这几天吗？请说“每周一三五”。"
_SCHOOL = "“{}”是几月几日？请直接说日期。"
_BEFORE_EVENT = "那件事几点开始我不知道，请直接说提醒的钟点。"

EARLY_RULES = (
    Rule(
        rf"(?:接下来|未来|今后|往后|连续|接连|连着)的?{NUMBER}个?(?:天|周|星期|礼拜|月|工作日)",
        lambda found: Blur(_HOW_LONG, leads=True),
    ),
    Rule(
        r"(?<![周期拜第\d一二三四五六七八九十])(?:一三五|二四六|一、三、五|二、四、六)(?=[早上下中晚的每\d]|$)",
        lambda found: Blur(_WHICH_DAYS, leads=True),
    ),
    Rule(
        r"(?<!国庆)(?<!五一)(?<!元旦)(?<!春节)(?:放?[寒暑]假|放假|开学|开课|过完?年|学期结束)"
        r"(?:(?:之|以)?[前后](?=[每的第,，周星礼早上下中晚\d]|一)|(?=的?第一?个?(?:天|周|工作日)))",
        lambda found: Blur(_SCHOOL.format(found[0]), leads=True),
    ),
    Rule(
        r"(?:每个?|这个?|本|下+个?|上+个?)?(?:周|星期|礼拜)末|双休日?|非工作日|节假日|休息日",
        lambda found: Vague(
            _WEEKEND if "末" in found[0] or "双" in found[0] else _EXCEPT
        ),
    ),
    Rule(
        rf"(?:每个?|这个?|本|下+个?|上+个?|{NUMBER})?月(?:初(?![一二三四五六七八九十])|中旬|上旬|下旬|中(?![午国华秋]))",
        lambda found: Vague(_PART_OF),
    ),
    Rule(
        rf"(?<!每)第{NUMBER}个?{WEEK}(?![一二三四五六日天])|年[初中](?!级)|[上下]半年|学期[初末]",
        lambda found: Vague(_PART_OF),
    ),
    Rule(rf"差(?:{NUMBER}分钟?|[一1]刻钟?)", lambda found: Vague(_ROUGH + _SAME_HOUR)),
    Rule(r"这个?时候|这会儿?|此时|同一时间", lambda found: Blur(_SAME_HOUR)),
    Rule(r"再?过[两几]天|过段时间", lambda found: Vague(_PART_OF)),
    Rule(r"前后|前夕|左右|上下(?!班)|期间|附近", lambda found: Blur(_ROUGH)),
    Rule(
        r"(?<![消删解免清排开扫废根])除(?!夕)了?|不包括|不含",
        lambda found: Blur(_EXCEPT, leads=True),
    ),
    Rule(r"除外|以外|之外", lambda found: Blur(_EXCEPT)),
    Rule(r"或者?|还是", lambda found: Blur(_EITHER)),
    Rule(r"[两二三四五六七八九十\d]{1,9}[次回遍]", lambda found: Blur(_TIMES)),
    Rule(
        r"(?:截止|截至)(?:时间|日期)?(?:[是为到至:]|定在)?|最晚|最迟|不晚于|不迟于|赶在|直到",
        lambda found: Deadline(leads=True, until=found[0] == "直到"),
    ),
    Rule(r"为止|止(?!损|步|血)", lambda found: Deadline(until=True)),
)

LATE_RULES = (
    Rule(r"前[来去](?!年)", lambda found: Blur(_BY_OR_ON)),
    Rule(
        r"的?(?:之|以)?前(?![台往面线辈途言景列进沿夕期任端置])(?!提(?![交醒出供前]))|结束前",
        lambda found: Deadline(before=True),
    ),
    Rule(r"的?(?:之|以)?内(?![容部心涵在科外])", lambda found: Deadline(within=True)),
    Rule(r"[从自打]", lambda found: Since(leads=True)),
    Rule(r"起(?![草来床点立])|开始", lambda found: Since(leads=False)),
    Rule(
        r"(?:(?:之|以)后|后)(?![天日儿]|续|勤|面|来)", lambda found: Blur(_AFTERWARDS)
    ),
    Rule(
        r"[^，。,;；□\d]{0,4}?(?:开会|会议|会|上课|课|活动|学习|饭|考试|出发|放假|上班)(?:之|以)?[前后](?![台往天])",
        lambda found: Blur(_BEFORE_EVENT),
    ),
    Rule(r"[到至~-]", lambda found: To()),
    Rule(r"多(?=[，。提发通我]|$)|来钟", lambda found: Blur(_ROUGH)),
)

SOFT = (
    "改天", "过几天", "几天后", "近期", "尽快", "有空", "下次", "回头", "待会", "等会",
    "一会儿", "过会", "稍后", "晚点", "早点", "放假", "以后", "将来", "最近",
    "本周", "随时",
)  # fmt: skip
"""Words that speak of time without placing it."""
