"""荣誉, as it is told: who gave it may stand right behind what was given."""

import re
from dataclasses import replace

from bot.command import Ask
from handlers.records.drafts import Draft
from handlers.records.special import Apart

ISSUER = re.compile(
    r"(?P<what>.*?(?:奖|称号|优秀[一-龥]{2,8}|先进[一-龥]{2,8}|劳模|能手|标兵|团队))"
    r"[，,、 （(]*(?:由|是)?"
    r"(?P<issuer>(?:(?!奖)[一-龥]){0,18}?(?:厅|局|部|委|委员会|政府|总工会|工会|学会|协会|学院"
    r"|大学|学校|总支|集团|公司|研究会|中心))(?:颁发|颁|发|授予|评)?(?:的)?"
    r"(?:证书|奖状|文件|奖牌)?[）)]*"
)
"""A prize, and behind it a body that gives such."""


def settle(ask: Ask, draft: Draft) -> Draft:
    """Keep the issuer that is told behind a prize in its own field."""
    title = str(draft.values.get("title") or "")
    hit = ISSUER.fullmatch(title)
    if hit is None or draft.of is not None or draft.values.get("issuer"):
        return draft
    told = {"title": hit["what"].strip("，, "), "issuer": hit["issuer"]}
    return replace(draft, values={**draft.values, **told})


APART = Apart(settle=settle)
