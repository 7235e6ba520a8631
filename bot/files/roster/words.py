"""What the words in a roster's cells mean: names, accounts, categories, states."""

import re
import unicodedata
from typing import Literal

from bot.files.roster.cells import Cell, squeeze, text_of
from bot.files.roster.faults import Unreadable
from bot.text.accounts import RULE, is_account

Category = Literal["正式党员", "预备党员", "入党积极分子", "发展对象"]
State = Literal["active", "left", "deceased", "expelled", "suspended"]

CATEGORY_WORDS: dict[Category, str] = {
    "正式党员": "正式党员 正式 党员 中共党员 中共正式党员 中国共产党党员"
    " 中国共产党正式党员 中共党员(正式) 党员(正式) 中共党员(正式党员)",
    "预备党员": "预备党员 预备 中共预备党员 中国共产党预备党员 中共党员(预备)"
    " 党员(预备) 中共党员(预备党员)",
    "入党积极分子": "入党积极分子 积极分子",
    "发展对象": "发展对象 党员发展对象",
}
STATE_WORDS: dict[State, str] = {
    "active": "正常 党籍正常 正常党籍 在册 在籍 有党籍",
    "left": "转出 已转出 组织关系转出 组织关系已转出 党员转出 调出 已调出",
    "deceased": "去世 已去世 死亡 已死亡 已故 病故 逝世",
    "expelled": "出党 已出党 开除 开除党籍 已开除 已开除党籍 退党 已退党 自行脱党 除名"
    " 已除名 劝退 取消预备党员资格",
    "suspended": "停止党籍 已停止党籍 停止",
}
STATE_TITLES: dict[str, str] = {
    one: words.split()[0] for one, words in STATE_WORDS.items()
}
"""What a state is called."""
CATEGORIES = {
    word: one for one, words in CATEGORY_WORDS.items() for word in words.split()
}
STATES = {word: one for one, words in STATE_WORDS.items() for word in words.split()}

TEXT_LENGTH = 60
IDENTITY = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?!\d)|\d[eE]\+1[4-9]")
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
MIDDLE_DOT = re.compile(r"(?<=\w)[·•・‧∙⋅●.](?=\w)")
WESTERN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ .'’·-]*")
NAME_HINT = re.compile(r"\((?:[男女][,、]?)?(?:\w{1,6}族)?\)$")
PRIVATE_USE = "Co"


def read_name(cell: Cell) -> str:
    """张　三 → 张三; 买买提•依明 → 买买提·依明; John  Smith keeps one space."""
    plain = unicodedata.normalize("NFKC", text_of(cell)).strip()
    refuse_private_number(plain)
    plain = NAME_HINT.sub("", plain)
    if WESTERN.fullmatch(plain):
        name = " ".join(plain.split())
    else:
        name = MIDDLE_DOT.sub("·", squeeze(plain))
    if len(name) < 2 or len(name) > 50 or not all(map(belongs_to_name, name)):
        raise Unreadable("不像姓名：只写姓名本身，至少两个字，不带数字和符号。")
    return name


def belongs_to_name(character: str) -> bool:
    """Allow letters of any script, 〇, and rare characters in the private area."""
    return (
        character.isalpha()
        or character in "·-' ’.〇"
        or unicodedata.category(character) == PRIVATE_USE
    )


def read_userid(cell: Cell) -> str:
    """Keep the account as typed; WeCom compares it without regard to case."""
    plain = unicodedata.normalize("NFKC", text_of(cell)).strip()
    if IDENTITY.search(plain):
        raise Unreadable("像身份证号；这里要填企业微信账号。")
    if not is_account(plain):
        raise Unreadable(f"不像企业微信账号：{RULE}。")
    return plain


def read_category(cell: Cell) -> Category:
    plain = plain_word(cell)
    if category := CATEGORIES.get(plain):
        return category
    raise Unreadable(
        "不认识的人员类别，请写正式党员、预备党员、发展对象或入党积极分子。"
    )


def read_state(cell: Cell) -> State:
    if state := STATES.get(plain_word(cell)):
        return state
    raise Unreadable("不认识的党籍状态，请写正常、停止党籍、已转出、已去世或已出党。")


def read_words(cell: Cell) -> str:
    """Keep a branch, a group or a position as written, without spaces."""
    text = squeeze(text_of(cell))
    refuse_private_number(text)
    if len(text) > TEXT_LENGTH:
        raise Unreadable(f"太长了，最多 {TEXT_LENGTH} 个字。")
    return text


def refuse_private_number(text: str) -> None:
    """Columns shifted by one must not carry private numbers into the book."""
    joined = re.sub(r"[\s-]", "", text)
    if IDENTITY.search(joined):
        raise Unreadable("像身份证号；是不是和别的列错位了？")
    if PHONE.search(joined):
        raise Unreadable("像手机号；是不是和别的列错位了？")


def read_phone(cell: Cell) -> str:
    """138 1234 5678, +86-13812345678 → 13812345678; a landline keeps its area code."""
    plain = unicodedata.normalize("NFKC", text_of(cell))
    digits = re.sub(r"^(?:\+|00)86|[\s()-]", "", plain.strip())
    if not re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}|[2-8]\d{6,7}", digits):
        raise Unreadable("不像电话号码。")
    return digits


def plain_word(cell: Cell) -> str:
    return squeeze(unicodedata.normalize("NFKC", text_of(cell)))
