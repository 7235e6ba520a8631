"""The settings that there are, as typed values."""

from datetime import time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.config.values import (
    Account,
    Address,
    Given,
    Networks,
    SealKey,
    Secret,
    SecretAddress,
    Zone,
    read_aes_key,
    read_app_id,
    read_corp_id,
    read_database,
    read_endpoint,
    read_patience,
    read_queue,
    read_robot_url,
    read_socket,
    read_template,
    read_token,
    read_webhook,
)


def _once_each(robots: "tuple[Robot, ...]") -> "tuple[Robot, ...]":
    names = [each.name for each in robots]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"有两个群机器人都叫“{twice[0]}”")
    return robots


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
    url: Annotated[SecretAddress, AfterValidator(read_database)] = SecretStr(
        "sqlite:///xiangyang.db"
    )


class Engine(_Reached):
    url: Annotated[SecretAddress, AfterValidator(read_queue)] = SecretStr("")


class WeCom(_Table):
    corp_id: Annotated[Given, AfterValidator(read_corp_id)]
    agent_id: int = Field(gt=0)
    secret: Secret
    token: Annotated[Secret, AfterValidator(read_token)]
    encoding_aes_key: Annotated[Secret, AfterValidator(read_aes_key)]
    api_base: Address = "https://qyapi.weixin.qq.com"
    open_base: Address = "https://open.weixin.qq.com"  # where a page's reader logs in
    qr_login: bool = False  # its domain for QR login (path/98152) is set in WeCom
    login_base: Address = "https://login.work.weixin.qq.com"


class Template(_Table):
    """What is pushed to whoever said nothing for two days, under one of the account's.

    notice: a subscription notice, which the reader grants, not a template message.
    data: what stands in each key: {标题}, {内容}, {时间}, {支部} or fixed words.
    """

    id: Given
    data: Annotated[dict[str, str], AfterValidator(read_template)] = Field(min_length=1)
    notice: bool = False


class Official(_Table):
    """An official account. templates: by kind of letter; "default" for all others.

    encoding_aes_key: None where the account calls in plain text; old_encoding_aes_key:
    the one before, while it is being changed.
    """

    app_id: Annotated[Given, AfterValidator(read_app_id)]
    secret: Secret
    token: Annotated[Secret, AfterValidator(read_token)]
    encoding_aes_key: Annotated[Secret, AfterValidator(read_aes_key)] | None = None
    old_encoding_aes_key: Annotated[Secret, AfterValidator(read_aes_key)] | None = None
    api_base: Address = "https://api.weixin.qq.com"
    open_base: Address = "https://open.weixin.qq.com"  # where a page's reader logs in
    name: str = ""  # what the account is called, for members to find it
    templates: dict[str, Template] = Field(default_factory=dict)


class AiBot(_Table):
    """The smart robot, by one of its two ways.

    bot_id and secret: a line that we open to url. token and encoding_aes_key: it calls
    us.
    """

    bot_id: str = ""
    secret: Secret | None = None
    url: Annotated[str, AfterValidator(read_socket)] = "wss://openws.work.weixin.qq.com"
    token: Annotated[Secret, AfterValidator(read_token)] | None = None
    encoding_aes_key: Annotated[Secret, AfterValidator(read_aes_key)] | None = None

    @property
    def has_line(self) -> bool:
        return self.secret is not None

    @property
    def kept_secret(self) -> str:
        """What nobody outside knows, whichever way is taken."""
        told = self.secret or self.encoding_aes_key
        return told.get_secret_value() if told else ""

    @model_validator(mode="after")
    def _one_way(self) -> "AiBot":
        if faults := self.faults():
            raise ValueError("；".join(faults))
        return self

    def faults(self) -> list[str]:
        """List what is lacking for either way, or too much for one."""
        line = bool(self.bot_id), self.secret is not None
        calls = self.token is not None, self.encoding_aes_key is not None
        if line[1] and any(calls):
            told = "长连接（bot_id、secret）和回调（token、encoding_aes_key）只能选一种"
            return [f"{told}，与后台“API 模式”里选的一致"]
        if line == (True, False) and not any(calls):
            return ["缺 secret：在后台机器人的“API 模式 › 使用长连接”里查看"]
        if line == (False, True):
            return ["缺 bot_id：在后台机器人的“API 模式 › 使用长连接”里查看"]
        if any(calls) and not all(calls):
            return [f"缺 {'encoding_aes_key' if calls[0] else 'token'}"]
        if not any((*line, *calls)):
            return ["要填 bot_id 和 secret（长连接），或 token 和 encoding_aes_key"]
        return []


class Robot(_Table):
    name: Given
    url: Annotated[Secret, AfterValidator(read_robot_url)]


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

    url: Annotated[Secret, AfterValidator(read_webhook)] | None = None
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


class Dues(_Table):
    """tell_members: whether who is behind by months is told so, alone."""

    tell_members: bool = False


class Works(_Table):
    """largest: megabytes of a film for a call of works; other files have 20."""

    largest: int = Field(200, ge=20, le=2000)


class Papers(_Table):
    """forms: a folder with a branch's own docx for papers, "" for none."""

    forms: str = ""


class Cards(_Table):
    """folder: with a branch's own styles (.typ) and fonts for cards, "" for none."""

    folder: str = ""


class Rephrase(_Table):
    """An OpenAI-compatible endpoint that puts quoted passages in other words.

    timeout: seconds for it all; what comes later is not waited for.
    """

    base_url: Annotated[str, AfterValidator(read_endpoint)]
    model: Given
    api_key: Secret | None = None
    timeout: Annotated[float, AfterValidator(read_patience)] = 2.0


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
    aibot: AiBot | None = None
    robots: Annotated[tuple[Robot, ...], AfterValidator(_once_each)] = ()
    branch: Branch = Branch()
    quiet: Quiet = Quiet()
    notices: Notices = Notices()
    checkins: CheckIns = CheckIns()
    security: Security = Security()
    roster: Roster = Roster()
    alerts: Alerts = Alerts()
    study: Study = Study()
    papers: Papers = Papers()
    cards: Cards = Cards()
    works: Works = Works()
    dues: Dues = Dues()
    retention: Retention = Retention()
    rephrase: Rephrase | None = None
    schedule: dict[str, str] = Field(default_factory=dict)

    @property
    def platform_secret(self) -> bytes:
        """A secret of the first platform set up: what is ours is known by it."""
        if app := self.wecom or self.official:
            return app.secret.get_secret_value().encode()
        return self.aibot.kept_secret.encode() if self.aibot else b""

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
