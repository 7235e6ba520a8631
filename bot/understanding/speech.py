"""What a text does: asks, denies, supposes, quotes, tells of others, of other days.

Each mark is one pattern over the normalised text; whoever has to explain a reading
shows the mark and the piece that it matched.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bot.understanding.text import normalise
from bot.understanding.when.beginnings import beginnings
from bot.understanding.words.people import NAME, SOMEBODY

OPENING = r"(?:^|[,。!;:、~…])"
SELF_OR_TIME = r"(?:T|的|[上下中]午|早上|晚上|刚才|刚刚|现在|最近|今|嗯|唉|哎|哈)*"
SAYS = (
    "说|(?<!主)讲|问|喊|催|叫|让|要求|提到|提议|建议|表示|告诉|告知|通知|提醒|参加|发|在|老|都"
    "|也|已|没|不|要|想|会|正|刚|今"
    "|昨|明|把|给|打|签|请假|请过|请了|收|回|投|去|来|到|又|就|还|能|可|总|建"
    "|安排|取消|撤|关|设|交|读|学"
    "|的(?!会)|有|T"
)
WHOEVER = rf"(?:{SOMEBODY}|P|{NAME})"
ALWAYS = (
    r"(?:天天|每[天日周月年次回晚早]|总是?|老是?|经常|常常?|一直|都|会|T"
    r"|早上|晚上|中午)+"
)

LONG_AGO = (
    "(?<![点半号日午晚末底初])(?<![今明后]天)(?<![周期拜][一二三四五六天])"
    "(?<![下这本][周月])(?<!班)(?<!会)(?:以前|之前)"
)
"""Not 周五之前: what stands after a day or an hour is a limit, and not past."""

MARKS: Mapping[str, re.Pattern[str]] = {
    "疑问": re.compile(
        r"\?|(?:吗|么|呢|没|没有|否|不|没得|不得|嘛"
        r"|[打签请投发收交办]了没有)[。!~…哈啊呀]*$"
        r"|什么|啥|怎|咋|如何|为何|多少|(?<![这前过十好那])(?<!的(?=几[个名人]))"
        r"(?<!(?:支委|委员|组长|班子|小组)(?=几[个位](?!人|[?]|$)))几(?!乎|位)"
        r"|哪(?!怕)|谁|何时|何处|多久|多长|多大"
        r"|是不是|是否|有没有|有木有|能不能|可不可以|会不会|该不该|用不用"
        r"|好不好|行不行|难道|凭啥"
        r"|干嘛|干吗|不知道|不清楚|不晓得|不确定|搞不懂|不会用|不懂"
        r"|([一-龥])(?:不|没)\1|可以吗|算不算|该不该"
    ),
    "询问": re.compile(
        rf"{OPENING}(?:你|您|请|帮|我|给|想|麻烦|忙|来|再|能|先|要)*"
        r"(?:看看|看下|看一下|瞧瞧|查|了解|告诉我|说说|讲讲|解释|介绍|教|问|演示)"
    ),
    "假设": re.compile(
        r"如果|要是|假如|假设|假使|倘若|倘使|万一|若是|^若|的话|一旦|就算|即使"
        r"|即便|哪怕|会怎|本来|原本"
        r"|早知道|幸好|差点|除非|比如|例如|譬如|假装|只要"
    ),
    "没定": re.compile(
        r"可能|也许|大概|估计|应该|应当|说不定|考虑|打算|犹豫|再说|看情况"
        r"|不一定|好像|似乎|想着"
        r"|到时候再|该.{1,4}了|快(?!递).{1,4}了|又要|必须|一定要|最好|有必要"
        r"|值得|计划着|准备去"
    ),
    "转述": re.compile(
        rf"{OPENING}{SELF_OR_TIME}(?:我|听|听到|看到|看见|昨天|记得)*{WHOEVER}.{{0,5}}?"
        r"(?:说|(?<!主)讲|问|喊|催|叫|让|要求|提到|建议|表示|告诉|发来|(?<!没)回复|提议)"
        r"|(?<![跟和给向对位条个发])(?:有人|别人|书记|老师|领导|群里|通知|上面"
        r"|上级)(?:说(?!一声|一下|明)|讲|问|要求|叫|让|写着|写的|上写)|说是|据说"
        r"|听说|说要"
    ),
    "说别人": re.compile(
        rf"{OPENING}{SELF_OR_TIME}(?:听说|看见|看到|我看|好像"
        rf"|原来)?(?:{WHOEVER})(?:们)?(?:{SAYS}|{ALWAYS}(?:提醒|叫|喊|催)我)"
    ),
    "代别人": re.compile(
        rf"(?:替|代|帮|给|(?<!因)为|叫|让|劝|喊)(?:(?:{SOMEBODY}|P|{NAME})(?!好"
        rf"|帮|帮忙)|别的)"
        r"|代(?:打卡|签|请假)"
    ),
    "评说": re.compile(
        r"真(?!的|相|题|理)|(?<!不)太(?!极|湖|平)|(?<!麻)烦(?!请|劳)|好累|很累|累死|无聊"
        r"|[很挺](?:好|棒|及时|方便|贴心|管用|有用)(?:的|了)?[。!~]*$"
        r"|没意思|有意思|形式主义|搞笑|讨厌|好玩|坏了"
        r"|崩|卡死|(?<![排修除])(?<!排查|设备|机床|产线|车间)故障(?!排|诊断)|没用|有用|有好处|没好处|意义|圣地|网红|有奖|厉害|开心"
        r"|难受|重要|麻烦(?![你您帮给把请再登记书打签发通撤取提设催投安告转跟])"
        r"|辛苦(?!了)|怪不得|难怪|居然|竟然|果然|终于|反正|干脆|哼|唉|强制|强迫"
    ),
    "玩笑": re.compile(
        r"哈哈|嘿嘿|呵呵|嘻嘻|开玩笑|逗你|骗你|吓你|h{3,}|(?<![0-9第])23{2,}(?![0-9天分页章节篇个条次])|狗头|试试|测试|test"
    ),
    "过去": re.compile(
        r"昨|前天|前几天|前两天|上周|上个|上月|上星期|上礼拜|上次|那天|那次"
        rf"|{LONG_AGO}|去年|曾|从前|当时"
        r"|早就|来着|前阵|上回|过去|小时候"
    ),
    "将来": re.compile(
        r"(?<![文证说声发聪表光])明(?![白清代确显]|朝[^上下中早晚去来要0-9一二两三四五六七八九十])|后天|下周|下个|下月|下星期|下礼拜|下次|待会|等会|等下|一会|呆会"
        r"|回头|改天|晚点|晚些|稍后|过会|以后|之后"
        r"|再[打签]|将来|等我|等到|再过|过几天|哪天|有空|有时间"
    ),
    "惯常": re.compile(
        r"(?<![今明后昨])天天|每天|每周|每月|每次|每个|经常|总是|老是|一直|常常|从来|往常"
        r"|平时|有时|偶尔|隔三差五|都会|一般|习惯"
    ),
    "忘记": re.compile(
        r"(?<![别勿不])(?<!不要)忘|漏(?![水雨电气油])|错过|来不及|没来得及|没顾上|记不得|想起"
    ),
    "已经": re.compile(
        r"已经|已(?=打|签|请|撤|发|催|取|设|安)|[打签请撤催投]完?[了过](?!半)"
        r"|(?:打卡|签到|请假|催办|撤回|撤销)(?:了|过|完)"
        r"|^我[把将].{1,12}(?:删[除掉]?|取消|[关停撤去]掉?|撤[销回])了[。!~]*$"
    ),
}
FEW = 1000  # characters; what may begin with more is in every text


def _beginnings(mark: re.Pattern[str]) -> frozenset[str]:
    """List the characters that a mark may begin with; none where those are many."""
    found = beginnings(mark.pattern)
    return found if found and len(found) < FEW else frozenset()


_TRIED = {name: (mark, _beginnings(mark)) for name, mark in MARKS.items()}
ALWAYS_BAD = ("疑问", "询问", "假设", "转述", "说别人", "评说", "玩笑", "忘记", "没定")
BY_EXAMPLE = ("过去", "将来", "惯常", "已经", "代别人")

PUT = re.compile(
    r"(?:我|你|您|他|她|那|请问|,)*(?:(?:能|可以|最多|要|该)?(?:写|发|送|说)?(?:了|过)?"
    r"(?:多少|几)(?:个?字|条|句|人|点|次)|是不是|是否|有没有|能不能|可不可以|要不要|会不会"
    r"|怎么|怎样|咋|为什么|为啥|什么时候|哪(?!怕)|谁(?:给|写|还|能|会|是|在|有|没))"
)
ENDED = re.compile(r"(?:\?|吗|么|没有?|[了过]不|多少|干嘛|干吗)[。!~…]*$")
FOUND_OUT = re.compile(
    r"[问查看想]|统计|确认|核对|了解|弄清|搞清|报(?:给|送|上)|[学读听讲][了过习]|懂得|[弄搞]懂|知道"
)
COUNTING = re.compile("几|多少|多[久长大]|吗|没|否")
REPORTED = re.compile(
    r"请|看|[跟向和给]我|报(?![销告刊纸])|联系|回[我复个话信]|说一?声|告诉|提前|自己|自行|尽快|抓紧|打电话|举手|登记|签|统计|核对|汇总|交一下"
)
WHOEVER_DOES = re.compile(r"[^,]{1,12}的[^,的]{2,}")
NEGATOR = re.compile(
    r"(?:不要|不用|不必|不想|不能|不是|不需要|不准|不许|不打算|不愿|不会|不再"
    r"|不该|不得(?!不)|别再|别|没有|没|甭|莫|勿"
    r"|无需|无须|拒绝|懒得|未|停止|免|先别|先不|暂不|暂时不|不)(.{0,2})"
)
HARMLESS = re.compile(
    r"不好意思|不错|不仅|不但|不断|不久|不同|对不起|不舒服|不适|不便|不在|特别"
    r"|级别|区别|性别|类别|分别|个别|告别|差别|识别|没事|没问题"
    r"|没关系|不少|不管|不忘|差不多|来不及|了不起|忍不住|不得不|免费|免疫|勿忘"
    r"|未来|周末|不然|要不|没课|没空|没时间|莫大|不见不散|不懂就问"
)
TAIL = re.compile(r"(.)(不了|不成|不到|不上|不过去|不来)")
QUOTED = re.compile(r"[“\"「『‘'](.{1,12}?)[”\"」』’']")


@dataclass(frozen=True)
class Speech:
    """marks: what the text does → the piece that shows it. denied: pieces denied."""

    marks: Mapping[str, str] = field(default_factory=dict)
    denied: tuple[str, ...] = ()

    def against(self, allowed: frozenset[str], own: frozenset[str]) -> str:
        """Name the first reason why this orders nothing; "" if there is none.

        allowed: marks that the command's examples have too. own: what they deny.
        """
        for mark in (*ALWAYS_BAD, *BY_EXAMPLE):
            if mark in self.marks and mark not in allowed:
                return f"{mark}（{self.marks[mark]}）"
        strange = [piece for piece in self.denied if not is_own(piece, own)]
        return f"否定（{strange[0]}）" if strange else ""

    @property
    def asks(self) -> bool:
        return "疑问" in self.marks or "询问" in self.marks


def is_question(text: str) -> bool:
    """Tell whether a text is put as a question: 是不是写过了, and not 谁言寸草心."""
    said = normalise(text).text
    return PUT.match(said) is not None or ENDED.search(said) is not None


def asks_of_us(content: str) -> bool:
    """Tell whether a content asks us, and does not tell what to find out or report.

    谁来不了跟我说 and 问问王芳能不能来 ask nothing of whoever hears them.
    """
    last = None
    for hit in MARKS["疑问"].finditer(content):
        last = hit
    if last is None:
        return False
    told = not COUNTING.match(last[0]) and FOUND_OUT.search(content[: last.start()])
    after = content[last.end() :]
    whoever = last[0] == "谁" and WHOEVER_DOES.match(after)
    return not (told or whoever or REPORTED.search(after))


def is_own(piece: str, own: frozenset[str]) -> bool:
    """Whether a command means what is denied: its examples deny so, and not itself.

    own: what its examples deny, their negators, and with "!" what it does.
    """
    if piece in own:
        return True
    negator = NEGATOR.match(piece)
    if negator is None or not negator[1]:
        return False
    return _negator(negator) in own and f"!{negator[1][0]}" not in own


def _negator(hit: re.Match[str]) -> str:
    """Return what denies; 没有, 未 and 没 are one."""
    said = hit[0][: hit.start(1)]
    return "没" if said in ("没有", "未") else said


def denials_of(orders: Iterable[Speech], names: Iterable[str]) -> frozenset[str]:
    """Gather what `is_own` wants to know of a command."""
    pieces = {piece for speech in orders for piece in speech.denied}
    hits = [hit for piece in pieces if (hit := NEGATOR.match(piece))]
    negators = set(map(_negator, hits))
    return frozenset(pieces | negators | {f"!{name[0]}" for name in names})


@lru_cache(maxsize=1024)  # most texts begin with one of few names
def listen(text: str) -> Speech:
    """Find the marks of a normalised text."""
    chars = frozenset(text)
    found = {
        name: hit[0]
        for name, (mark, first) in _TRIED.items()
        if not (first and first.isdisjoint(chars)) and (hit := mark.search(text))
    }
    return Speech(found, denials(text))


def says_more_than_names(text: str) -> bool:
    """Whether a word asks, denies or supposes; a character of a name does not."""
    hits = [hit[0] for mark in MARKS.values() for hit in mark.finditer(text)]
    hits += [hit[0][: hit.start(1) - hit.start()] for hit in NEGATOR.finditer(text)]
    return any(len(each) > 1 for each in hits)


def denials(text: str) -> tuple[str, ...]:
    """List what is denied: a negator with the two characters after it, or "去不了"."""
    kept = HARMLESS.sub(",", text)
    tails = tuple(hit[0] for hit in TAIL.finditer(kept))
    rest = TAIL.sub(",", kept)
    return tails + tuple(hit[0] for hit in NEGATOR.finditer(rest))
