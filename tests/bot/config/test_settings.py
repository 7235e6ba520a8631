"""Every fault of the settings at once, in words, and never a secret in them."""

from pathlib import Path

import pytest

from bot.config.load import load_config, make_config
from bot.errors import ConfigError

WECOM = {
    "corp_id": "ww1",
    "agent_id": 1000002,
    "secret": "s3cret",
    "token": "token",
    "encoding_aes_key": "k" * 43,
}
SAMPLE = Path(__file__).parents[3] / "config.toml"


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
        ({"wecom": {**WECOM, "secret": "a b"}}, "里面有空白、引号或中文"),
        ({"wecom": {**WECOM, "secret": "密码"}}, "里面有空白、引号或中文"),
        ({"wecom": {**WECOM, "secret": 'a"b'}}, "里面有空白、引号或中文"),
        ({"wecom": {**WECOM, "secret": ' "" '}}, "wecom.secret：不能为空"),
        ({"wecom": {**WECOM, "corp_id": "“ww1”"}}, "wecom.corp_id：只有字母和数字"),
        ({"branch": {"secretaries": ["赵敏"]}}, "要写企业微信账号"),
        ({"branch": {"secretaries": ["@all"]}}, "要写企业微信账号"),
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
        (b"\x81\xff\x20", "读不了"),
        (b"MZ\x00\x01\x02", "读不了"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "config.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=said):
        load_config(path)


SETTINGS = """[branch]
name = "教工党支部"
secretaries = ["zhaomin"]
"""


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_file_as_editors_save_it(tmp_path: Path, encoding: str, ends: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(SETTINGS.replace("\n", ends).encode(encoding))
    branch = load_config(path).branch
    assert (branch.name, branch.secretaries) == ("教工党支部", ("zhaomin",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[wecom]\nsecret = “s3cret”\n", ["第 2 行：中文标点 “”"]),
        ('[wecom]\nsecret = "s3cret”\n', ["第 2 行：中文标点 ”"]),
        (
            'a = 1\nb ＝ "s3cret"\nc：2\n',
            ["第 2 行：中文标点 ＝", "第 3 行：中文标点 ："],
        ),
        (
            '[branch]\nname = "“甲”，乙"\nsecretaries = ["a"，"b"]',
            ["第 3 行：中文标点 ，"],
        ),
        ('name\u3000= "s3cret"', ["第 1 行：有全角空格"]),
        ("[wecom]\ncorp_id = s3cret", ["第 2 行第", "文字要加英文双引号"]),
        ('url = "C:\\s3cret"', ["反斜杠"]),
        ('a = "s3cret\nb = 1', ["引号没有成对"]),
        ("[a]\n[a]\n", ["写了两遍"]),
        ("a = 1 s3cret", ["一行只写一项"]),
        ("s3cret", ["缺等号"]),
    ],
)
def test_a_slip_is_named_by_its_line(
    tmp_path: Path, text: str, said: list[str]
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    told = str(caught.value)
    assert all(each in told for each in ["不是正确的 TOML", *said]), told
    assert "s3cret" not in told


@pytest.mark.parametrize(
    "typed",
    ["s3cret\r", "s3cret\r\n", " s3cret ", '"s3cret"', "'s3cret'\n", "“s3cret”",
     "”s3cret”", "\ufeffs3cret", "s3cret\u200b", "\u3000s3cret\u00a0",
     ' " s3cret " \r\n'],
)  # fmt: skip
@pytest.mark.parametrize("way", ["env", "file", "literal"])
def test_what_is_left_around_a_secret(
    typed: str, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret"
    path.write_bytes(typed.encode())
    monkeypatch.setenv("SOME_SECRET", typed)
    given = {"env": "env:SOME_SECRET", "file": f"file:{path}", "literal": typed}
    config = make_config({"wecom": {**WECOM, "secret": given[way]}})
    assert config.wecom
    assert config.wecom.secret.get_secret_value() == "s3cret"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_secret_as_windows_writes_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "secret"
    path.write_bytes("s3cret\r\n".encode(encoding))
    config = make_config({"wecom": {**WECOM, "secret": f"file:{path}"}})
    assert config.wecom
    assert config.wecom.secret.get_secret_value() == "s3cret"


def test_a_secret_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"\x81\xff\x20")
    told = faults({"wecom": {**WECOM, "secret": f"file:{path}"}})
    assert f"文件 {path} 里不是文字" in told
