"""Stickers and emoji beside the words of a text: 收到[抱拳], 🙏收到, 确认👌.

They greet and thank and order nothing, so what is understood is the text without
them. What says something by itself stays: [疑问] asks, [狗头] takes back, 👎 objects.
"""

import re

# As WeCom writes its own stickers where they cannot be drawn.
CALLED = (
    "微笑 撇嘴 色 发呆 得意 流泪 害羞 闭嘴 睡 大哭 尴尬 发怒 调皮 呲牙 惊讶 难过"
    " 酷 冷汗 囧 抓狂 吐 偷笑 愉快 可爱 白眼 傲慢 饥饿 困 惊恐 流汗 憨笑 大兵"
    " 悠闲 奋斗 咒骂 嘘 晕 折磨 疯了 衰 骷髅 敲打 再见 擦汗 抠鼻 鼓掌 糗大了 坏笑"
    " 左哼哼 右哼哼 哈欠 委屈 快哭了 阴险 亲亲 吓 可怜 笑脸 生病 脸红"
    " 破涕为笑 恐惧 失望 无语 嘿哈 捂脸 奸笑 机智 皱眉 耶 吃瓜 加油 加油加油 汗"
    " 天啊 emm 社会社会 好的 打脸 哇 翻白眼 666 让我看看 叹气 苦涩 裂开 嘴唇 爱心"
    " 心碎 拥抱 强 赞 点赞 握手 胜利 抱拳 勾引 拳头 爱你 ok 合十 啤酒 咖啡"
    " 蛋糕 玫瑰 凋谢 菜刀 炸弹 便便 月亮 太阳 庆祝 礼物 红包 發 发 福 烟花 爆竹"
    " 猪头 跳跳 发抖 转圈 怄火 祈祷 鲜花 呲牙笑 微信红包 爱情 飞吻 磕头 回头 跳绳"
    " 投降 激动 乱舞 献吻 左太极 右太极 篮球 乒乓 足球 瓢虫 西瓜 饭 刀 闪电"
)
AGREEING = ("强", "赞", "点赞", "好的", "ok", *"👌👍🆗✅")
"""Those that say yes by themselves."""
OBJECTING = "👎❌❎✖⛔🚫🛑🙅"
"""Emoji that say no: no mere greeting, they stay in a text, and are read as [弱] is."""
AS_OBJECTING = str.maketrans(dict.fromkeys(OBJECTING, "[弱]"))
EMOJI = (
    rf"(?![{OBJECTING}])"
    "[\u231a\u231b\u23e9-\u23fa\u25fd\u25fe\u2600-\u2712\u2714-\u2752\u2756\u2758-\u2775"
    "\u2794-\u27bf\u2b05-\u2b55\u3030\u303d\u2713\U0001f000-\U0001faff]"
    "[\u200d\u2640\u2642\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
)
MAYBE = re.compile("[\\[\u200d\u231a-\u303d\ufe0f\U0001f000-\U0001faff]")
STICKER = rf"(?:\[(?:{'|'.join(CALLED.split())})\]|{EMOJI}|[\u200d\ufe0f])"
MARKS = r"[\s。.!！,，~～…、]*"
BEFORE = re.compile(rf"\s*(?:{STICKER}\s*)+", re.IGNORECASE)
AFTER = re.compile(rf"(?:\s*{STICKER})+(?={MARKS}$)", re.IGNORECASE)
DOUBTFUL = re.compile(rf"\[[^\[\]]{{1,8}}\]|[{OBJECTING}]")
"""What else may stand beside words, where the others are left out."""
ANY = re.compile(STICKER, re.IGNORECASE)
LONGEST = 200
"""Characters at either end that are looked at."""


def find_words(text: str) -> tuple[int, int]:
    """Find where the words begin and end; a text of stickers alone is its words."""
    if not MAYBE.search(text):
        return 0, len(text)
    before = BEFORE.match(text[:LONGEST])
    start = before.end() if before else 0
    at = max(start, len(text) - LONGEST)
    after = AFTER.search(text, at)
    end = after.start() if after else len(text)
    return (start, end) if text[start:end].strip() else (0, len(text))


def without_stickers(text: str) -> str:
    """Take the stickers off both ends."""
    start, end = find_words(text)
    return text if (start, end) == (0, len(text)) else text[start:end]


def replace_agreeing(text: str, agreed: str) -> str:
    """Put a word for each sticker that says yes, and leave the others out."""
    return ANY.sub(lambda hit: agreed if _agrees(hit[0]) else "", text)


def _agrees(sticker: str) -> bool:
    return sticker.strip("[]").lower() in AGREEING or sticker[0] in AGREEING
