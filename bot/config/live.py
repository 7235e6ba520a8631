"""Settings that may be changed while it runs: each process lays them over its file.

What changes is kept in the database and read by every process; the file says what
holds where nothing was changed. Only these few: none of them can lose a message, shut
anybody out or show what is not to be seen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from pydantic import ValidationError

from bot.config.settings import Config
from bot.errors import Refusal

DAY, HOUR = 24, timedelta(hours=1)
LEAST_OPEN = 8
"""Hours of a day in which something may be sent, whatever is set."""
AT_NIGHT = f"安静时段太长：一天至少留 {LEAST_OPEN} 个小时能发消息。"
AGAIN = 4  # hours between a push and its being tried again for who came late


@dataclass(frozen=True)
class Live:
    """One of them. name: table and key of the file. field: the table's attribute.

    kind: how it is written: "time", "number", "hours". least, most: of a number.
    """

    name: str
    title: str
    kind: str = "number"
    field: str = ""
    least: float = 0
    most: float = 0

    @property
    def table(self) -> str:
        return self.name.partition(".")[0]

    @property
    def key(self) -> str:
        return self.field or self.name.partition(".")[2]

    def read(self, said: str) -> str:
        """Read what a form says; return how it is kept. Raises Refusal."""
        text = said.strip().replace("：", ":")
        if self.kind == "time":
            return _read_time(self, text)
        try:
            number = float(text)
        except ValueError:
            raise Refusal(f"{self.title}：“{text[:20]}”不是个数。") from None
        if not self.least <= number <= self.most:
            raise Refusal(f"{self.title}：要在 {self.least:g} 到 {self.most:g} 之间。")
        return f"{number:g}"


QUIET_FROM = Live("quiet.from", "安静时段从几点起", "time", "starts")
QUIET_TO = Live("quiet.to", "安静时段到几点止", "time", "ends")
PUSHES = {
    "birthdays": "政治生日的祝福几点发",
    "study": "当天的学习内容几点发",
    "observances": "节点提醒几点发",
    "digest": "攒起来的消息几点一起发",
    "deadlines": "到期提醒（周一）几点发",
    "birthday_week": "下周政治生日（周五）几点发给书记",
    "appointments": "当天约谈的提醒几点发",
}
SETTINGS: tuple[Live, ...] = (
    QUIET_FROM,
    QUIET_TO,
    Live("quiet.weekly_budget", "每人每周最多几条自动消息", most=50),
    Live("notices.nudge_every", "两次催回复至少隔几小时", "hours", least=1, most=168),
    Live("notices.approve_from", "多少人起要另一位支委审批（0 是不用）", most=100_000),
    Live("checkins.per_day", "一天最多打卡几次", least=1, most=20),
    Live("study.hours_per_day", "一天算几学时", "decimal", least=1, most=24),
    *(Live(f"schedule.{name}", title, "time") for name, title in PUSHES.items()),
)
BY_NAME: Mapping[str, Live] = {each.name: each for each in SETTINGS}
TABLES = ("quiet", "notices", "checkins", "study")


class Overlay:
    """The settings of one process, as the file has them and as they are changed."""

    def __init__(self, config: Config, crons: Mapping[str, str]) -> None:
        """crons: of every job, as the file has it, else its own."""
        own = {name: getattr(config, name).model_copy() for name in TABLES}
        own["schedule"] = dict(config.schedule)
        self.config = config.model_copy(update=own)
        self.version = 0
        self._written = {name: dict(own[name].__dict__) for name in TABLES}
        self._schedule = dict(config.schedule)
        self._crons = crons

    def lay(self, told: Mapping[str, str], version: int) -> None:
        """Have what was changed hold, and what the file says where nothing was."""
        made = {name: self._table(name, told) for name in TABLES}
        for name, values in made.items():
            getattr(self.config, name).__dict__.update(values)
        self.config.schedule.clear()
        self.config.schedule.update(self._schedule | self._pushes(told))
        self.version = version

    def check(self, told: Mapping[str, str]) -> None:
        """Raise Refusal for what cannot hold together."""
        quiet = self._table("quiet", told)
        if _hours_open(quiet["starts"], quiet["ends"]) < LEAST_OPEN:
            raise Refusal(AT_NIGHT)
        for name in TABLES:
            self._table(name, told)

    def say(self, each: Live, *, written: bool = False) -> str:
        """Write what holds now, or what the file says, as a form has it."""
        if each.table == "schedule":
            held = self._schedule if written else self.config.schedule
            return _say_cron(held.get(each.key, self._crons.get(each.key, "")))
        table = self._written[each.table]
        value = table[each.key] if written else _of(self.config, each)
        return _say(value)

    def _table(self, name: str, told: Mapping[str, str]) -> dict[str, Any]:
        """Build a table of what is told over what is written. Raises Refusal."""
        values = dict(self._written[name])
        for each in SETTINGS:
            if each.table == name and each.name in told:
                values[each.key] = _value(each, told[each.name])
        model = type(getattr(self.config, name))
        aliases = {
            field.alias or key: values[key] for key, field in model.model_fields.items()
        }
        try:
            return dict(model.model_validate(aliases).__dict__)
        except ValidationError as error:
            why = "；".join(str(each["msg"]) for each in error.errors())
            raise Refusal(f"这样设不行：{why}") from None

    def _pushes(self, told: Mapping[str, str]) -> dict[str, str]:
        return {
            name: _cron(self._crons[name], told[f"schedule.{name}"])
            for name in PUSHES
            if f"schedule.{name}" in told and name in self._crons
        }


def _of(config: Config, each: Live) -> Any:
    return getattr(getattr(config, each.table), each.key)


def _read_time(each: Live, text: str) -> str:
    try:
        at = time.fromisoformat(text.zfill(5))
    except ValueError:
        raise Refusal(f"{each.title}：“{text[:20]}”不像时刻，例：07:30。") from None
    return f"{at:%H:%M}"


_MAKERS: Mapping[str, Callable[[str], Any]] = {
    "time": time.fromisoformat,
    "hours": lambda said: float(said) * HOUR,
    "decimal": float,
    "number": lambda said: int(float(said)),
}


def _value(each: Live, said: str) -> Any:
    return _MAKERS[each.kind](said)


def _say(value: Any) -> str:
    match value:
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            return f"{value / HOUR:g}"
    return f"{value:g}"


def _say_cron(cron: str) -> str:
    """Say the first moment of a day that a cron strikes at; "" for none."""
    minute, hour = (*cron.split(), "", "")[:2]
    first = hour.partition(",")[0]
    if not (minute.isdecimal() and first.isdecimal()):
        return ""
    return f"{int(first):02d}:{int(minute):02d}"


def _cron(cron: str, said: str) -> str:
    """Have a cron strike at another moment of its days, as often as it did."""
    at = time.fromisoformat(said)
    _, hours, *days = cron.split()
    often = hours.count(",") + 1
    later = [at.hour + AGAIN * each for each in range(often)]
    struck = ",".join(str(each) for each in later if each < DAY)
    return " ".join([str(at.minute), struck, *days])


def _hours_open(starts: time, ends: time) -> float:
    """Reckon how many hours of a day are not quiet."""
    quiet = (ends.hour * 60 + ends.minute) - (starts.hour * 60 + starts.minute)
    return DAY - (quiet % (DAY * 60)) / 60
