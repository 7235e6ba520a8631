"""Times, figures and names as one sign each, so that one example stands for many."""

import re

from bot.understanding.words.people import PERSON

DIGIT = "0-9零〇一二两俩三仨四五六七八九十百千万"
TIME = re.compile(
    r"(?:今|明|后|昨|前|大后|大前)(?:天|日|儿|早|晚|晨|年)"
    rf"|[今明后]朝(?=[上下中]午|早|晚|傍晚|[去来要把]|记得|[{DIGIT}]{{1,3}}[点时:])"
    rf"|(?:这|本|下下|上上|下|上)(?:一?个)?(?:周|星期|礼拜|月|季度|学期)(?:末"
    rf"|[{DIGIT}日天](?!号|点))?"
    rf"|每(?:个)?(?:天|周|星期|礼拜|月|年|季度|工作日|晚"
    rf"|早)(?:[{DIGIT}日天末]+[号日]?)?"
    r"|(?:周|星期|礼拜)[一二三四五六日天末]"
    rf"|[{DIGIT}]{{1,3}}月(?:份|底|初|中旬)?(?:[{DIGIT}]{{1,3}}[号日]?)?"
    rf"|[{DIGIT}]{{1,3}}[号日](?!楼|方案|会|教)"
    rf"|[{DIGIT}]{{1,3}}(?:点|时)(?!建|方)(?:整|钟|半|一刻|三刻"
    rf"|[{DIGIT}]{{1,3}}分?)?|[0-9]{{1,2}}:[0-9]{{2}}"
    r"|早上|上午|中午|下午|晚上|傍晚|凌晨|清早|月底|月初|年底|年初|周末"
    rf"|[{DIGIT}半]{{1,12}}(?:个)?(?:半)?(?:分钟|小时|钟头|刻钟|天|周|个月|月|年)(?:后"
    rf"|之后|以后|前|内)"
    rf"|过[{DIGIT}半]{{1,12}}个?半?(?:分钟|小时|钟头|刻钟|天|周)"
)
FESTIVAL = re.compile(
    "七一|八一|五一|五四|九三|一二·?九|十一(?!月|点)|三八|五个一|七个一"
    "|三会一课|三室一岗|两学一做"
)
FIGURE = re.compile(rf"[0-9]+(?:\.[0-9]+)?|[{DIGIT}]{{2,}}(?![会课室岗])")
FACTS = "TNP"
"""Signs of a time, a figure and somebody, as `mask` writes them."""
RUN = re.compile(r"T(?:的?T)+")


def mask(text: str) -> str:
    """Write T for times, N for figures, P for people: capitals occur nowhere else."""
    if not text:
        return ""
    kept = FESTIVAL.findall(text)
    text = RUN.sub("T", TIME.sub("T", FESTIVAL.sub("F", text)))
    masked = FIGURE.sub("N", PERSON.sub("P", text))
    for festival in kept:
        masked = masked.replace("F", festival, 1)
    return masked
