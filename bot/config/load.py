"""config.toml → Config; a wrong file is refused with every fault listed."""

import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config.readable import read_rest
from bot.config.settings import Config
from bot.config.toml_file import read_toml
from bot.errors import ConfigError

FindMore: TypeAlias = Callable[[Config, Collection[str]], list[str]]
"""What else is wrong. Config: what is readable of the file (read_rest); the names of
the sections in which something is not, and is told of already."""


def _no_more(_config: Config, _wrong: Collection[str]) -> list[str]:
    return []


def load_config(path: Path, find_more: FindMore = _no_more) -> Config:
    """Read the file; raise ConfigError with all that is wrong with it.

    find_more: lists what else is wrong, where the settings are refused anyway.
    """
    return make_config(read_toml(path), str(path), find_more)


def make_config(
    values: dict[str, Any], origin: str = "设置", find_more: FindMore = _no_more
) -> Config:
    """Check the values, and those of the environment; raise ConfigError."""
    try:
        return Config(**values)
    except ValidationError as error:
        found = error.errors(include_url=False)
        wrong = {str(each["loc"][0]) for each in found if each["loc"]}
        faults = [_fault(each) for each in found]
        faults += find_more(read_rest(values), wrong)
        lines = "\n  ".join(dict.fromkeys(faults))
        raise ConfigError(f"{origin} 有 {len(faults)} 处要改：\n  {lines}") from error


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
