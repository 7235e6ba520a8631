"""What one value of the settings may be: each reader takes it or says what is wrong."""

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainSerializer,
    SecretStr,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.text.accounts import RULE, is_account
from bot.text.encodings import decode

BLANKS = " \t\r\n\v\f\0\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
PAIRS = ('""', "''", "“”", "””", "‘’", "’’", "＂＂", "``")
TEMPLATE_WORDS = ("标题", "内容", "时间", "支部")
SHORTEST, LONGEST = 0.1, 3.0
"""Seconds that a rephrasing may take."""


def _secret(value: object) -> object:
    """Resolve "env:NAME" and "file:PATH"; anything else is the secret itself."""
    if not isinstance(value, str):
        return value
    scheme, _, name = value.strip().partition(":")
    name = name.strip()
    if scheme == "env":
        if not os.environ.get(name):
            raise ValueError(f"环境变量 {name} 没有设置")
        return _bare(os.environ[name])
    if scheme == "file":
        return _bare(_read_secret(Path(name).expanduser()))
    return _bare(value)


def _read_secret(path: Path) -> str:
    if not path.is_file():
        raise ValueError(f"文件 {path} 不存在")
    try:
        return decode(path.read_bytes(), "")
    except OSError as error:
        raise ValueError(f"文件 {path} 读不了：{error.strerror}") from error
    except UnicodeError as error:
        raise ValueError(f"文件 {path} 里不是文字") from error


def _bare(value: str) -> str:
    """Drop what copying and shells leave around it: blanks, line ends, quotes."""
    kept = value.strip(BLANKS)
    if len(kept) > 1 and kept[0] + kept[-1] in PAIRS:
        kept = kept[1:-1].strip(BLANKS)
    return kept


def _not_empty(value: SecretStr) -> SecretStr:
    if not value.get_secret_value():
        raise ValueError("不能为空")
    return value


def _printable(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[!#-&(-_a-~]*", value.get_secret_value()):
        raise ValueError("里面有空白、引号或中文，请重新复制")
    return value


def read_corp_id(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        raise ValueError("只有字母和数字，在管理后台“我的企业 › 企业信息”最下面复制")
    return value


def read_app_id(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        raise ValueError("只有字母和数字，在公众平台“设置与开发 › 开发接口管理”里复制")
    return value


def read_template(value: dict[str, str]) -> dict[str, str]:
    """Take what stands in a template's keys. Raises ValueError for unknown names."""
    for key, words in value.items():
        for name in re.findall(r"[{]([^}]*)[}]", words):
            if name not in TEMPLATE_WORDS:
                known = "、".join(f"{{{each}}}" for each in TEMPLATE_WORDS)
                raise ValueError(f"{key} 里的 {{{name}}} 不认识，能用的有 {known}")
    return value


def _zone(value: object) -> object:
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"没有 {value} 这个时区（例：Asia/Shanghai）") from error


def _http(value: str) -> str:
    value = value.strip(BLANKS)
    if value and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise ValueError("要写成 http:// 或 https:// 开头的地址")
    return value.rstrip("/")


def read_token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9]{1,32}", value.get_secret_value()):
        raise ValueError("应是 1–32 个字母或数字")
    return value


def read_aes_key(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9]{43}", value.get_secret_value()):
        raise ValueError("应是 43 个字母或数字")
    return value


def _networks(value: object) -> object:
    if not isinstance(value, list | tuple):
        return value  # pydantic says what it should be
    try:
        return tuple(ip_network(str(each).strip(), strict=False) for each in value)
    except ValueError as error:
        raise ValueError(
            '每一项应是一个地址或网段，例如 "10.0.0.5" 或 "10.0.0.0/8"'
        ) from error


def read_robot_url(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"https?://[^\s?]+\?key=\S+", value.get_secret_value()):
        raise ValueError("应是群机器人的 webhook 地址，以 ?key=… 结尾")
    return value


def read_socket(value: str) -> str:
    """Take where a line is opened to; plainly only to this machine."""
    value = value.strip(BLANKS)
    parts = urlsplit(value)
    if parts.scheme not in ("ws", "wss") or not parts.hostname or "@" in value:
        raise ValueError("要写成 wss:// 开头的地址")
    if parts.scheme == "ws" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise ValueError("要以 wss:// 开头：ws:// 不加密，secret 会被看见")
    return value.rstrip("/")


def read_webhook(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value.get_secret_value()):
        raise ValueError("要写成 http:// 或 https:// 开头的地址")
    return value


def read_database(value: SecretStr) -> SecretStr:
    """Name the one driver that we have for PostgreSQL where none is named."""
    address = value.get_secret_value()
    if not re.match(r"(sqlite|postgresql(\+psycopg)?)://", address):
        raise ValueError("要以 sqlite:/// 或 postgresql+psycopg:// 开头")
    _take_apart(address)
    return SecretStr(re.sub(r"^postgresql:", "postgresql+psycopg:", address))


def read_endpoint(value: str) -> str:
    """Take the address as OpenAI's clients do, or with the path that they add."""
    if re.search(r"[@?#]", value):
        raise ValueError("地址里不要写密钥、参数，密钥写在 rephrase.api_key")
    return _http(_given(value)).removesuffix("/chat/completions")


def read_patience(value: float) -> float:
    if not SHORTEST <= value <= LONGEST:
        raise ValueError(
            f"应是 {SHORTEST}–{LONGEST} 秒（企业微信只等五秒，还要留时间记下来）"
        )
    return value


def read_queue(value: SecretStr) -> SecretStr:
    address = value.get_secret_value()
    if address and not re.match(r"(rediss?|postgresql(\+psycopg)?)://", address):
        raise ValueError("留空，或以 redis:// 或 postgresql:// 开头")
    _take_apart(address)
    return value


def _take_apart(address: str) -> None:
    """Refuse what two readers read differently: their errors would quote a password."""
    try:
        parts, port = urlsplit(address), urlsplit(address).port
        same = not parts.netloc or (
            (parts.hostname, port) == _server_of(address) and address.count("@") < 2
        )
    except (ArgumentError, ValueError):
        same = False
    if not same:
        raise ValueError("地址读不出来；密码里的 @ : / # 要写成 %40 %3A %2F %23")


def _server_of(address: str) -> tuple[str | None, int | None]:
    url = make_url(address)
    return url.host and url.host.lower(), url.port


def _given(value: str) -> str:
    if not value.strip(BLANKS):
        raise ValueError("不能为空")
    return value.strip(BLANKS)


def _account(value: str) -> str:
    if not is_account(value):
        raise ValueError(f"不像企业微信账号：{RULE}。要写企业微信账号，不是姓名")
    return value


def _seal_key(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{43}=", value.get_secret_value()):
        raise ValueError("应是 xiangyang keys new 给出的 44 个字符")
    return value


Secret = Annotated[
    SecretStr,
    BeforeValidator(_secret),
    AfterValidator(_not_empty),
    AfterValidator(_printable),
]
SealKey = Annotated[Secret, AfterValidator(_seal_key)]
Zone = Annotated[
    ZoneInfo, BeforeValidator(_zone), PlainSerializer(str, return_type=str)
]
Address = Annotated[str, AfterValidator(_http)]
SecretAddress = Annotated[SecretStr, BeforeValidator(_secret)]
Given = Annotated[str, AfterValidator(_given)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks)]
Account = Annotated[Given, AfterValidator(_account)]
