"""config.toml as typed values; a wrong file is refused with every fault listed."""

import os
import re
from collections.abc import Callable
from datetime import time, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.accounts import RULE, is_account
from bot.encoded import decode
from bot.errors import ConfigError
from bot.tomlfile import read_toml

BLANKS = " \t\r\n\v\f\0\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
PAIRS = ('""', "''", "“”", "””", "‘’", "’’", "＂＂", "``")
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


def _corp_id(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        raise ValueError("只有字母和数字，在管理后台“我的企业 › 企业信息”最下面复制")
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


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9]{1,32}", value.get_secret_value()):
        raise ValueError("应是 1–32 个字母或数字")
    return value


def _aes_key(value: SecretStr) -> SecretStr:
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


def _robot_url(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"https?://[^\s?]+\?key=\S+", value.get_secret_value()):
        raise ValueError("应是群机器人的 webhook 地址，以 ?key=… 结尾")
    return value


def _webhook(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value.get_secret_value()):
        raise ValueError("要写成 http:// 或 https:// 开头的地址")
    return value


def _once_each(robots: "tuple[Robot, ...]") -> "tuple[Robot, ...]":
    names = [each.name for each in robots]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"有两个群机器人都叫“{twice[0]}”")
    return robots


def _database(value: SecretStr) -> SecretStr:
    """Name the one driver that we have for PostgreSQL where none is named."""
    address = value.get_secret_value()
    if not re.match(r"(sqlite|postgresql(\+psycopg)?)://", address):
        raise ValueError("要以 sqlite:/// 或 postgresql+psycopg:// 开头")
    _take_apart(address)
    return SecretStr(re.sub(r"^postgresql:", "postgresql+psycopg:", address))


def _endpoint(value: str) -> str:
    """Take the address as OpenAI's clients do, or with the path that they add."""
    if re.search(r"[@?#]", value):
        raise ValueError("地址里不要写密钥、参数，密钥写在 rephrase.api_key")
    return _http(_given(value)).removesuffix("/chat/completions")


def _patience(value: float) -> float:
    if not SHORTEST <= value <= LONGEST:
        raise ValueError(
            f"应是 {SHORTEST}–{LONGEST} 秒（企业微信只等五秒，还要留时间记下来）"
        )
    return value


def _queue(value: SecretStr) -> SecretStr:
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


class _Table(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True
    )


class Server(_Table):
    """trusted_proxies: who may say for whom it asks, besides this machine."""

    host: Given = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: Address = ""
    metrics_token: Secret | None = None
    trusted_proxies: Networks = ()


class _Reached(_Table):
    """What is reached under an address that may hold a password."""

    url: SecretStr

    @property
    def address(self) -> str:
        """The url as it is: to open it, never to show it."""
        return self.url.get_secret_value()


class Database(_Reached):
    url: Annotated[SecretAddress, AfterValidator(_database)] = SecretStr(
        "sqlite:///xiangyang.db"
    )


class Engine(_Reached):
    url: Annotated[SecretAddress, AfterValidator(_queue)] = SecretStr("")


class WeCom(_Table):
    corp_id: Annotated[Given, AfterValidator(_corp_id)]
    agent_id: int = Field(gt=0)
    secret: Secret
    token: Annotated[Secret, AfterValidator(_token)]
    encoding_aes_key: Annotated[Secret, AfterValidator(_aes_key)]
    api_base: Address = "https://qyapi.weixin.qq.com"
    open_base: Address = "https://open.weixin.qq.com"  # where a page's reader logs in


class Official(_Table):
    app_id: Given
    secret: Secret
    token: Annotated[Secret, AfterValidator(_token)]
    encoding_aes_key: Annotated[Secret, AfterValidator(_aes_key)]
    api_base: Address = "https://api.weixin.qq.com"


class Robot(_Table):
    name: Given
    url: Annotated[Secret, AfterValidator(_robot_url)]


class Branch(_Table):
    name: Given = "党支部"
    secretaries: tuple[Account, ...] = ()


class Quiet(_Table):
    starts: time = Field(time(22), alias="from")
    ends: time = Field(time(7), alias="to")
    weekly_budget: int = Field(7, ge=0)


class Notices(_Table):
    """approve_from: from how many people on a second person approves; 0: never."""

    approve_from: int = Field(0, ge=0)
    nudge_every: timedelta = timedelta(hours=4)


class CheckIns(_Table):
    per_day: int = Field(1, ge=1, le=20)


class Security(_Table):
    """key: seals what is personal; old_keys: open what an earlier one has sealed."""

    key: SealKey | None = None
    old_keys: tuple[SealKey, ...] = ()


class Alerts(_Table):
    """url: where an alarm goes when the assistant is silent: a webhook or group robot.

    after: how long a letter or a job may be late before that.
    """

    url: Annotated[Secret, AfterValidator(_webhook)] | None = None
    after: timedelta = timedelta(minutes=15)


class Retention(_Table):
    """departed: until the data of who left go; letters: until personal letters go."""

    departed: timedelta = Field(timedelta(days=180), ge=timedelta(days=30))
    letters: timedelta = Field(timedelta(days=365), ge=timedelta(days=30))


class Roster(_Table):
    """phones: keep members' numbers, sealed; off: the column is not read at all."""

    phones: bool = False


class Study(_Table):
    """How hours of study are counted; there is no national conversion."""

    hours_per_day: float = Field(8, gt=0, le=24)
    minutes_per_hour: int = Field(60, ge=30, le=60)


class Rephrase(_Table):
    """An OpenAI-compatible endpoint that puts quoted passages in other words.

    timeout: seconds for it all; what comes later is not waited for.
    """

    base_url: Annotated[str, AfterValidator(_endpoint)]
    model: Given
    api_key: Secret | None = None
    timeout: Annotated[float, AfterValidator(_patience)] = 2.0


class Config(BaseSettings):
    """All that the assistant needs to know; every value is checked."""

    model_config = SettingsConfigDict(
        env_prefix="XIANGYANG_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
    )

    timezone: Zone = ZoneInfo("Asia/Shanghai")
    server: Server = Server()
    database: Database = Database()
    engine: Engine = Engine()
    wecom: WeCom | None = None
    official: Official | None = None
    robots: Annotated[tuple[Robot, ...], AfterValidator(_once_each)] = ()
    branch: Branch = Branch()
    quiet: Quiet = Quiet()
    notices: Notices = Notices()
    checkins: CheckIns = CheckIns()
    security: Security = Security()
    roster: Roster = Roster()
    alerts: Alerts = Alerts()
    study: Study = Study()
    retention: Retention = Retention()
    rephrase: Rephrase | None = None
    schedule: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sealed_or_not_kept(self) -> "Config":
        if self.roster.phones and self.security.key is None:
            raise ValueError(
                "roster.phones：要存手机号，先在 [security] 里写 key"
                "（用 xiangyang keys new 生成）"
            )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings  # the environment overrules the file


FindMore: TypeAlias = Callable[[Config], list[str]]


def _no_more(_config: Config) -> list[str]:
    return []


def load_config(path: Path, find_more: FindMore = _no_more) -> Config:
    """Read the file; raise ConfigError with all that is wrong with it.

    find_more: lists what else is wrong with [schedule], for who refuses the rest.
    """
    return make_config(read_toml(path), str(path), find_more)


def make_config(
    values: dict[str, Any], origin: str = "设置", find_more: FindMore = _no_more
) -> Config:
    """Check the values, and those of the environment; raise ConfigError."""
    try:
        return Config(**values)
    except ValidationError as error:
        faults = [_fault(each) for each in error.errors(include_url=False)]
        faults += find_more(_schedule_alone(values))
        lines = "\n  ".join(dict.fromkeys(faults))
        raise ConfigError(f"{origin} 有 {len(faults)} 处要改：\n  {lines}") from error


def _schedule_alone(values: dict[str, Any]) -> Config:
    """Take [schedule] from values whose others are wrong, as far as it is readable."""
    kept = values.get("schedule")
    crons = kept.items() if isinstance(kept, dict) else ()
    named = {name: cron for name, cron in crons if isinstance(cron, str)}
    return Config.model_construct(schedule=named)


SAYINGS = {
    "extra_forbidden": "不认识这一项，是不是写错了？",
    "missing": "缺这一项",
    "int_": "应是整数",
    "float_": "应是数字",
    "finite_number": "应是数字",
    "string_type": "应是文字，要加引号",
    "time_delta": '应是一段时间，例如 "PT4H"（4 小时）',
    "time_": '应是时刻，例如 "22:00"',
    "bool_": "应是 true 或 false",
    "tuple_type": '应是一列，例如 ["zhaomin"]',
    "model_": "应是一节，名字写在方括号里",
    "dict_type": "应是一节，名字写在方括号里",
    "greater_than_equal": "不能小于 {ge}",
    "greater_than": "要大于 {gt}",
    "less_than_equal": "不能大于 {le}",
    "value_error": "{error}",
}  # by how pydantic's name of the fault begins, the first that fits


def _fault(error: ErrorDetails) -> str:
    """Say in words what is wrong; never the value itself: it may be a secret."""
    place = ".".join(str(part) for part in error["loc"])
    found = (SAYINGS[each] for each in SAYINGS if error["type"].startswith(each))
    said = next(found, "").format(**error.get("ctx", {})) or error["msg"]
    return f"{place}：{said}".removeprefix("：")


def proxies_named() -> list[str]:
    """List the proxies that the environment names: nothing of ours uses one."""
    names = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    return [name for name in names if os.environ.get(name)]
