"""`xiangyang serve` against a WeCom whose seals are Tencent's own (@wecom/crypto)."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from server.cli import main
from tests.acceptance.programs import Program, serving, until, write_config
from tests.acceptance.standin import StandIn, standing_in

ROSTER = (
    "姓名,人员类别,入党日期,转正日期\n"
    "赵敏,正式党员,2004-06-18,2005-06-18\n"
    "王芳,正式党员,2011.3.2,2012.3.2\n"
    "李伟,正式党员,2012年2月29日,2013年2月28日\n"
    "陈静,正式党员,2009/12/4,2010/12/4\n"
    "刘洋,正式党员,20160901,20170901\n"
)
MEMBERS = ("wangfang", "liwei", "chenjing", "liuyang")
SECRETARY = "ZhaoMin"


@pytest.fixture(scope="module")
def wecom() -> Iterator[StandIn]:
    with standing_in() as wecom:
        yield wecom


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory, wecom: StandIn) -> Path:
    """Settings of a branch whose roster is imported and linked to the address book."""
    folder = tmp_path_factory.mktemp("serve")
    config = write_config(folder, api_base=wecom.api_base, secretary=SECRETARY)
    (folder / "名册.csv").write_text(ROSTER, "gbk")
    for command in (
        ("db", "upgrade"),
        ("members", "import", str(folder / "名册.csv")),
        ("members", "sync"),
    ):
        done = CliRunner().invoke(main, [*command, "--config", str(config)])
        assert done.exit_code == 0, done.output
    return config


@pytest.fixture(scope="module")
def program(config: Path, wecom: StandIn) -> Iterator[Program]:
    with serving(config) as program:
        wecom.listen_to(f"{program.url}/wecom/callback")
        yield program
        assert program.stop() == 0
        assert "Traceback" not in program.said()


def test_the_address_is_verified(program: Program, wecom: StandIn) -> None:
    answer = wecom.verify()
    assert answer["status"] == 200
    assert answer["body"] == answer["echo"]
    assert answer["ms"] < 1000


def test_a_member_checks_in_and_sees_it(program: Program, wecom: StandIn) -> None:
    done = wecom.say("WangFang", "打卡 学习强国 42分", 100)  # user ids have no case
    assert "已打卡" in done["text"]
    assert (done["to"].casefold(), done["type"]) == ("wangfang", "text")
    mine = wecom.say("wangfang", "我的打卡", 101)
    assert "学习强国 42 分" in mine["text"]


def test_the_same_message_three_times_is_one(program: Program, wecom: StandIn) -> None:
    answers = [wecom.say("liwei", "打卡 江苏先锋 30分钟", 200) for _ in range(3)]
    assert len({answer["text"] for answer in answers}) == 1
    assert "已打卡" in answers[0]["text"]
    assert "共 1 次" in wecom.say("liwei", "我的打卡", 201)["text"]


def test_a_stranger_learns_nothing(program: Program, wecom: StandIn) -> None:
    text = wecom.say("outsider", "谁没回复", 300)["text"]
    assert "不认识" in text
    assert "支部" in text


def test_a_forged_callback_is_refused(program: Program) -> None:
    url = f"{program.url}/wecom/callback?msg_signature=0&timestamp=1&nonce=1"
    forged = requests.post(url, "<xml><Encrypt>AAAA</Encrypt></xml>", timeout=5)
    assert (forged.status_code, forged.text) == (403, "")


def test_a_notice_reaches_everyone_and_is_acknowledged(
    program: Program, wecom: StandIn, config: Path
) -> None:
    preview = wecom.say(SECRETARY, "发通知 周三下午两点在301开支部大会", 400)["text"]
    assert "周三下午两点在301开支部大会" in preview
    assert "5 人" in preview
    assert not wecom.cards("wangfang")
    assert "正在发" in wecom.say(SECRETARY, "确认", 401)["text"]

    until(
        lambda: all(wecom.cards(userid) for userid in MEMBERS),
        "the card is on every phone",
    )
    for userid in MEMBERS[:3]:
        wecom.press(userid, wecom.cards(userid)[0])
    until(
        lambda: (
            {each["userid"] for each in wecom.seen()["updates"]} == set(MEMBERS[:3])
        ),
        "the pressed buttons turn grey",
    )

    status = wecom.say(SECRETARY, "谁没回复", 402)["text"]
    assert "送达 5" in status
    assert "已回复 3" in status
    assert "刘洋" in status
    assert "王芳" not in status
    assert _shown(config) == {
        "planned": 5,
        "delivered": 5,
        "refused": 0,
        "pending": 0,
        "acknowledged": 3,
    }
    assert wecom.seen()["tokens"] == 1


def _shown(config: Path) -> dict[str, int]:
    show = ["notices", "show", "1", "--json", "--config", str(config)]
    done = CliRunner().invoke(main, show)
    document = json.loads(done.stdout)
    return {
        name: document[name]
        for name in ("planned", "delivered", "refused", "pending", "acknowledged")
    }
