"""A text → the pieces it is found by: pairs of Chinese characters, and whole words."""

import re
import unicodedata

HAN = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[a-z0-9]+")
# What one asks with, and what says nothing of what is asked about.
ASKING = re.compile(
    r"请问一?下?|谁能|星期几|周几|能办|可以办|在哪|去哪|到哪|找谁|问谁|借用?|想问一?下?|问一下|麻烦|告诉我|知道|什么时候|什么时间|什么地方|是什么|有什么|什么|怎么办|怎么样|怎么"
    r"|怎样|如何|哪里|哪儿|哪些|哪个|哪天|多少钱|多少|多久|几点|几号|为什么|能不能|可不可以|可以|要不要"
    r"|是不是|有没有|需要|应该|咱们|我们|你们|支部里|一下|一般|吗|呢|吧|啊|呀|嘛|么|谁|的|了|是|在|请|要|得|我|你|您|咱"
)
LONGEST = 60


def grams_of(text: str) -> set[str]:
    """Cut a text that is to be found."""
    folded = unicodedata.normalize("NFKC", text).lower()
    found = set(WORD.findall(folded))
    for run in HAN.findall(folded):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
        if len(run) == 1:
            found.add(run)
    return {gram[:LONGEST] for gram in found}


def grams_asked(question: str) -> set[str]:
    """Cut a question; what it asks with is no part of it."""
    folded = unicodedata.normalize("NFKC", question).lower()
    found = grams_of(ASKING.sub(" ", folded)) or grams_of(folded)
    return {gram for gram in found if len(gram) > 1} or found
