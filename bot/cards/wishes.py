"""What a card says where the secretary wrote nothing: it differs with the years."""

USUAL = (
    "今天是您的政治生日。愿您常忆入党那天的庄严承诺，初心如磐，步履不停；"
    "在一线行动，在行动中出彩，像向日葵一样，始终朝着太阳生长。"
)
PROBATION = (
    "今天是您入党一周年的日子。预备期里的每一次学习、每一次担当，组织都看在眼里。"
    "愿您继续端正动机、严格要求自己，在一线的行动中写好入党后的第一份答卷。"
)
BY_YEARS = {
    0: (
        "今天，您光荣地站到了党旗下。从此多了一个生日，也多了一份责任。"
        "愿您记住今天的誓言，在一线行动，在行动中出彩。"
    ),
    1: (
        "今天是您的第一个政治生日。一年前的誓言还在耳边，这一年的脚步已经踏实有力。"
        "愿您带着这份热忱，把第一步走成一辈子。"
    ),
    5: (
        "入党五年，您在党旗下一步一步成长起来。"
        "愿您初心不改，本领更强，在一线的行动中绽放光彩。"
    ),
    10: (
        "十年同行，十年坚守。您用一个个平常的日子，兑现了入党那天的承诺。"
        "愿您永葆热忱，带着更多同志一起往前走。"
    ),
    20: (
        "二十年，青春和事业都写进了党的征程。您的担当与耐心，是支部宝贵的财富。"
        "愿您初心如磐，再启新程。"
    ),
    30: (
        "三十年如一日，您把责任扛在肩上，把群众放在心里。"
        "谢谢您为支部树起的标杆，愿您步履坚定，身体康健。"
    ),
    40: (
        "四十载风雨兼程，您见证了党的事业，也成了后来人学习的样子。"
        "愿您保重身体，常回支部看看，给年轻同志多讲一讲。"
    ),
    50: (
        "入党五十年，一颗赤子心。您把最好的年华献给了党和人民，"
        "支部的每一位同志都向您致敬。愿您健康长寿，常享安宁。"
    ),
}
DECADES = {60: "六十", 70: "七十", 80: "八十", 90: "九十", 100: "一百"}


def choose_wishes(years: int, party_age: int | None) -> str:
    """Choose the words for an anniversary; years: since joining, 0 the day itself.

    party_age: None of who is not a full member yet, or of whom it is not on file.
    """
    if years == 1 and party_age is None:
        return PROBATION
    if years in DECADES:
        return (
            f"{DECADES[years]}年，您始终与党同心、与时代同行。"
            "这份忠诚与坚守，是支部最珍贵的传家宝。向您致敬，愿您健康长寿。"
        )
    return BY_YEARS.get(years, USUAL)
