"""`check --online` names each mistake of the account's set-up."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.channels.official import Official
from bot.config.load import make_config
from bot.config.settings import Config
from server.cli import main
from server.setup.check_official import NO_TEMPLATES, try_official
from server.twin.official.account import Account
from tests.official.conftest import settings
from tests.stage import Stage

TEMPLATE = {"id": "T1", "data": {"thing1": "{标题}", "time2": "{时间}"}}


def found(stage: Stage, account: Account, **more: object) -> list[str]:
    kept = stage.assistant
    config = make_config(
        {
            **kept.config.model_dump(exclude={"official"}),
            "official": settings(account) | more,
        }
    )
    return list(faults_of(config, stage))


def faults_of(config: Config, stage: Stage) -> list[str]:
    assert config.official
    kept = stage.assistant
    channel = Official(config.official, kept.storage, kept.clock, "支部")
    return try_official(config, config.official, channel).faults


def test_nothing_is_wrong(stage: Stage, account: Account) -> None:
    account.templates["T1"] = "{{thing1.DATA}} {{time2.DATA}}"
    assert found(stage, account, templates={"default": TEMPLATE}) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"app_id": "wxother"}, "AppID 不对"),
        ({"secret": "wrong"}, "AppSecret 不对"),
        ({"templates": {"default": TEMPLATE}}, "没有编号是 T1 的模板消息"),
        ({"templates": {"x": TEMPLATE | {"notice": True}}}, "T1 的订阅通知"),
    ],
)
def test_each_mistake_has_its_name(
    stage: Stage, account: Account, more: dict[str, object], words: str
) -> None:
    (fault,) = found(stage, account, **more)
    assert words in fault


def test_a_template_with_other_keys(stage: Stage, account: Account) -> None:
    account.templates["T1"] = "{{first.DATA}} {{remark.DATA}}"
    (fault,) = found(stage, account, templates={"default": TEMPLATE})
    assert "要的是 first、remark，设置里写的是 thing1、time2" in fault


def test_an_address_that_is_not_on_the_list(stage: Stage, account: Account) -> None:
    account.trusts = False
    (fault,) = found(stage, account)
    assert "127.0.0.1" in fault
    assert "白名单" in fault


def test_who_has_no_templates_is_told_what_that_means(
    stage: Stage, account: Account
) -> None:
    kept = stage.assistant
    assert kept.config.official
    channel = Official(kept.config.official, kept.storage, kept.clock, "支部")
    told = try_official(kept.config, kept.config.official, channel)
    assert NO_TEMPLATES in told.remarks


def test_settings_of_templates_are_checked(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="不认识，能用的有"):
        make_config(
            {
                "official": {
                    "app_id": "wx1",
                    "secret": "s",
                    "token": "t",
                    "templates": {"default": {"id": "T", "data": {"a": "{名字}"}}},
                }
            }
        )


def test_a_qr_code_that_binds_at_once(
    stage: Stage, account: Account, tmp_path: Path
) -> None:
    kept = stage.assistant
    told = settings(account)
    lines = [f'{key} = "{value}"' for key, value in told.items()]
    path = tmp_path / "config.toml"
    path.write_text(
        f'[database]\nurl = "{kept.config.database.address}"\n'
        f'[branch]\nname = "{kept.config.branch.name}"\n'
        "[official]\n" + "\n".join(lines) + "\n",
        "utf-8",
    )
    picture = tmp_path / "code.png"
    words = ["members", "code", "王芳", "--qr", str(picture), "--config", str(path)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    assert picture.read_bytes().startswith(b"\x89PNG")
    (scene,) = account.scenes.values()
    assert account.follow("oWang", scene).text.startswith("绑定好了，王芳")
    (refused,) = [CliRunner().invoke(main, [*words[:2], "没有", *words[5:]])]
    assert refused.exit_code == 1
