"""config.toml as people save it → its values, or each slip by its line, in Chinese.

No sentence shows a line of the file: it may hold a secret.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from bot.errors import ConfigError
from bot.text.encodings import decode

# What is between plain quotes, and what follows a #, may hold anything.
SAID = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')
CHINESE = re.compile("[“”‘’＂＇「」『』＝：；，。【】［］｛｝（）＃]")
WIDE_BLANK = re.compile("[\u3000\u00a0\u2000-\u200f\ufeff]")
PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
SLIPS = {
    "Invalid value": "等号后面写得不对：文字要加英文双引号",
    "Unescaped '\\'": "反斜杠 \\ 要写成 \\\\，路径里可以写 /",
    "Unterminated string": "引号没有成对",
    "Illegal character": "引号没有成对，或有看不见的字符",
    "Expected '='": "缺等号，或名字写得不对",
    "Expected newline": "值后面多了东西：一行只写一项",
    "Expected ']": "方括号没有成对",
    "Unclosed array": "方括号没有成对",
    "Cannot": "这一节或这一项写了两遍",
    "Duplicate": "这一节或这一项写了两遍",
    "Invalid statement": "这一行不是设置",
    "Invalid initial character": "名字写得不对",
}
"""By how tomllib's message begins."""


def read_toml(path: Path) -> dict[str, Any]:
    """Raise ConfigError for what is no TOML, in UTF-8, UTF-16 or GBK."""
    try:
        text = decode(path.read_bytes(), "=")
    except FileNotFoundError as error:
        raise ConfigError(f"找不到设置文件 {path}。") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"读不了设置文件 {path}：{reason}。") from error
    except UnicodeError as error:
        raise ConfigError(
            f"读不了设置文件 {path}：文字编码认不出来，请另存为 UTF-8。"
        ) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        slips = _find_slips(text) or [_in_chinese(str(error))]
        lines = "\n  ".join(slips)
        raise ConfigError(f"{path} 不是正确的 TOML：\n  {lines}") from error


def _find_slips(text: str) -> list[str]:
    slips = []
    for number, line in enumerate(text.split("\n"), 1):
        bare = SAID.sub("", line)
        if found := "".join(dict.fromkeys(CHINESE.findall(bare))):
            slips.append(f"第 {number} 行：中文标点 {found} 要换成英文标点")
        elif WIDE_BLANK.search(bare):
            slips.append(f"第 {number} 行：有全角空格或看不见的字符，请删去")
    return slips


def _in_chinese(message: str) -> str:
    told = PLACE.search(message)
    said = next((SLIPS[each] for each in SLIPS if message.startswith(each)), "写法不对")
    if told is None or told[1] is None:
        return f"文件末尾：{said}"
    return f"第 {told[1]} 行第 {told[2]} 个字：{said}"
