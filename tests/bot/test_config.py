"""Every fault of the settings at once, in words, and never a secret in them."""

from pathlib import Path

import pytest

from bot.config import load_config, make_config
from bot.errors import ConfigError

WECOM = {
    "corp_id": "ww1",
    "agent_id": 1000002,
    "secret": "s3cret",
    "token": "token",
    "encoding_aes_key": "k" * 43,
}
SAMPLE = Path(__file__).parents[2] / "config.toml"


def faults(values: dict[str, object]) -> str:
    with pytest.raises(ConfigError) as caught:
        make_config(values)
    return str(caught.value)


def test_the_sample_file_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WECOM_SECRET", "WECOM_TOKEN"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("WECOM_AES_KEY", "k" * 43)
    config = load_config(SAMPLE)
    assert config.timezone.key == "Asia/Shanghai"
    assert config.wecom
    assert config.wecom.secret.get_secret_value() == "x"
    assert (config.quiet.starts.hour, config.quiet.weekly_budget) == (22, 7)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"foo": 1}, "foo：不认识这一项"),
        ({"timezone": "Mars/X"}, "没有 Mars/X 这个时区"),
        ({"server": {"port": "x"}}, "server.port：应是整数"),
        ({"server": {"port": 70000}}, "server.port：不能大于 65535"),
        ({"quiet": {"weekly_budget": -1}}, "quiet.weekly_budget：不能小于 0"),
        ({"study": {"hours_per_day": 0}}, "study.hours_per_day：要大于 0"),
        ({"study": 3}, "study：应是一节"),
        ({"schedule": 3}, "schedule：应是一节"),
        ({"branch": {"secretaries": "a"}}, '应是一列，例如 ["zhaomin"]'),
        ({"roster": {"phones": "perhaps"}}, "roster.phones：应是 true 或 false"),
        ({"notices": {"nudge_every": "soon"}}, '应是一段时间，例如 "PT4H"'),
        ({"server": {"host": " "}}, "server.host：不能为空"),
        ({"server": {"public_url": "ftp://x"}}, "http:// 或 https:// 开头"),
        ({"database": {"url": "mysql://x"}}, "sqlite:/// 或 postgresql"),
        ({"engine": {"url": "amqp://x"}}, "redis:// 或 postgresql://"),
        ({"quiet": {"from": "25:00"}}, 'quiet.from：应是时刻，例如 "22:00"'),
        ({"quiet": {"weekly": 3}}, "quiet.weekly：不认识这一项"),
        ({"branch": {"name": 3}}, "branch.name：应是文字"),
        ({"wecom": {**WECOM, "token": "!!"}}, "1–32 个字母或数字"),
        ({"wecom": {**WECOM, "encoding_aes_key": "x"}}, "43 个字母或数字"),
        ({"wecom": {**WECOM, "secret": ""}}, "wecom.secret：不能为空"),
        ({"wecom": {**WECOM, "secret": "env:NOWHERE"}}, "环境变量 NOWHERE 没有设置"),
        ({"wecom": {**WECOM, "secret": "file:/no/where"}}, "文件 /no/where 不存在"),
        ({"wecom": {"corp_id": "ww1"}}, "wecom.agent_id：缺这一项"),
        ({"robots": [{"name": "群", "url": "x"}]}, "以 ?key=… 结尾"),
        (
            {"robots": [{"name": "群", "url": "https://a/s?key=1"}] * 2},
            "有两个群机器人都叫“群”",
        ),
    ],
)
def test_each_fault_has_its_sentence(values: dict[str, object], said: str) -> None:
    assert said in faults(values)


def test_every_fault_is_named_at_once() -> None:
    told = faults({"foo": 1, "server": {"port": "x"}, "wecom": {"corp_id": ""}})
    assert "有 7 处要改" in told
    assert all(part in told for part in ("foo", "server.port", "wecom.corp_id"))


def test_a_fault_never_shows_the_secret() -> None:
    told = faults({"wecom": {**WECOM, "token": "toolongsecret" * 9}})
    assert "toolongsecret" not in told


def test_the_environment_overrules_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGYANG_WECOM__SECRET", "other")
    config = make_config({"wecom": WECOM})
    assert config.wecom
    assert config.wecom.secret.get_secret_value() == "other"


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("hidden\n")
    config = make_config({"wecom": {**WECOM, "secret": f"file:{path}"}})
    assert config.wecom
    assert config.wecom.secret.get_secret_value() == "hidden"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "找不到设置文件"),
        (b"a = = b", "不是正确的 TOML"),
        (b"\xff\xfe", "读不了"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "config.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=said):
        load_config(path)
