"""What is readable of settings that are refused: other faults are told with theirs."""

from collections.abc import Mapping
from typing import Annotated, Any, cast, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource

from bot.config.settings import Config


def read_rest(values: Mapping[str, Any]) -> Config:
    """Take each value of the file and the environment by itself, if it is right.

    What is wrong or missing keeps what is usual; where nothing is usual, it is None.
    """
    told = _laid_over(values, EnvSettingsSource(Config)())
    return cast(Config, _read_table(Config, told))


def _read_table(table: type[BaseModel], values: Mapping[str, Any]) -> BaseModel:
    kept: dict[str, Any] = {}
    for name, field in table.model_fields.items():
        given = values.get(field.alias or name)
        if given is not None and (read := _read(field, given)) is not None:
            kept[name] = read
        elif field.is_required():
            kept[name] = None
    return table.model_construct(**kept)


def _read(field: FieldInfo, given: Any) -> Any:
    """Return None for what is wrong."""
    if (table := _table_of(field)) and isinstance(given, Mapping):
        return _read_table(table, given)
    if isinstance(given, Mapping):
        read = {key: each for key, each in given.items() if isinstance(each, str)}
        return read or None
    limits = tuple(field.metadata)
    kind: Any = field.annotation
    if limits:
        kind = Annotated[(kind, *limits)]
    try:
        return TypeAdapter(kind).validate_python(given)
    except ValidationError:
        return None


def _table_of(field: FieldInfo) -> type[BaseModel] | None:
    kinds = (field.annotation, *get_args(field.annotation))
    tables = (each for each in kinds if isinstance(each, type))
    return next((each for each in tables if issubclass(each, BaseModel)), None)


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(below)
    for name, each in above.items():
        under = both.get(name)
        if isinstance(each, Mapping) and isinstance(under, Mapping):
            both[name] = _laid_over(under, each)
        else:
            both[name] = each
    return both
