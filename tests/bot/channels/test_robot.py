"""Group robots: 20 a minute, one way, and nothing that perhaps arrived goes again."""

import logging
import socket
import traceback
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from ssl import SSLCertVerificationError

import pytest
import requests
from urllib3.exceptions import MaxRetryError, SSLError

from bot import outbox
from bot.assistant.answering import Assistant
from bot.channels import Envelope
from bot.channels.http import was_never_sent
from bot.channels.robot import Robots
from bot.config.settings import Config, Robot
from bot.delivery.deliver import Delivery
from bot.errors import DeliveryError
from bot.message import Button, Card, Content, GroupText, Picture, Text
from bot.outbox import Outcome, Plan, Window
from bot.outbox.attachments import Attachment
from bot.outbox.claims import UNCERTAIN
from bot.storage.database import Storage
from server.monitoring.logs import set_up_logs
from server.setup.wiring import build_assistant
from server.twin.phones import Bubble
from server.twin.world import World
from tests.bot.outbox.post import people
from tests.fakes.clock import FakeClock

KEY = "693a91f6-7xxx-4bc4"
GROUP, SILENT = "支部群", "党小组群"
SEND = "webhook/send"
REMOVED = "群机器人的地址不对，或机器人已被移出群（93000）"


@pytest.fixture
def config(config: Config, world: World) -> Config:
    """The settings with two robots: one at work, one whose robot was taken away."""
    world.robots.add(KEY, GROUP)
    url = f"{world.api_base}/cgi-bin/webhook/send?key="
    robots = (Robot(name=GROUP, url=url + KEY), Robot(name=SILENT, url=url + "gone"))
    return config.model_copy(update={"robots": robots})


@pytest.fixture
def robots(config: Config, storage: Storage) -> Robots:
    return Robots(config.robots, storage)


class Post:
    """Letters to groups, and what the group sees of them."""

    def __init__(self, assistant: Assistant, clock: FakeClock, world: World) -> None:
        self.storage: Storage = assistant.storage
        self.delivery = Delivery(assistant.storage, clock, assistant.senders)
        self.clock, self.world = clock, world

    def put(self, content: Content | str, *groups: str, key: str = "k") -> None:
        now = self.clock.now()
        content = GroupText(content) if isinstance(content, str) else content
        window = Window(now, now + timedelta(days=3))
        with self.storage.write() as session:
            for group in groups or (GROUP,):
                plan = Plan(f"{key}:{group}", "group", content, window, channel="robot")
                assert outbox.put_to(session, plan, group, None, now=now)

    def deliver(self, **wait: float) -> list[str]:
        """Wait, deliver, and list all that the group has seen so far."""
        self.clock.wait(**wait)
        self.delivery.deliver_all()
        return [bubble.text for bubble in self.seen()]

    def seen(self) -> list[Bubble]:
        return self.world.phone(f"group:{GROUP}").bubbles

    def fates(self) -> list[tuple[str, str | None]]:
        with self.storage.read() as session:
            found = session.query(outbox.Recipient).order_by(outbox.Recipient.id)
            return [(each.state, each.reason) for each in found]

    @property
    def calls(self) -> int:
        return self.world.calls[SEND]


@pytest.fixture
def events() -> Iterator[StringIO]:
    """All that the program logs."""
    stream = StringIO()
    set_up_logs(level=logging.DEBUG, stream=stream)
    yield stream
    set_up_logs(level=logging.ERROR)


@pytest.fixture
def post(config: Config, storage: Storage, clock: FakeClock, world: World) -> Post:
    return Post(build_assistant(config, storage=storage, clock=clock), clock, world)


def test_a_text_calls_whom_it_mentions(post: Post) -> None:
    post.put(GroupText("周三开会", ("wangfang", "@all")), key="one")
    post.put(Text("带笔记本"), key="two")
    assert post.deliver() == ["周三开会 @wangfang @所有人", "带笔记本"]
    assert post.fates() == [("delivered", None)] * 2


def test_a_long_text_comes_in_parts_and_calls_once(post: Post) -> None:
    text = "学习贯彻党的二十大精神。" * 150
    post.put(GroupText(text, ("liwei",)))
    parts = post.deliver()
    assert all(len(bubble.text.encode()) <= 2048 for bubble in post.seen())
    assert [part[-5:] for part in parts[:2]] == ["（1/3）", "（2/3）"]
    assert parts[2].endswith("（3/3） @liwei")
    joined = parts[0][:-5] + parts[1][:-5] + parts[2].removesuffix("（3/3） @liwei")
    assert joined == text


def test_twenty_five_in_a_minute_all_arrive_once(post: Post) -> None:
    for number in range(25):
        post.put(f"第{number}条", key=str(number))
    assert len(post.deliver()) == 20
    assert len(post.deliver(seconds=59)) == 20
    assert post.deliver(seconds=1) == [f"第{number}条" for number in range(25)]
    assert post.calls == 25
    assert set(post.fates()) == {("delivered", None)}


def test_each_robot_has_its_own_fate(post: Post) -> None:
    post.put("开会", GROUP, SILENT, "没有的群")
    assert post.deliver() == ["开会"]
    assert post.fates() == [
        ("delivered", None),
        ("refused", REMOVED),
        ("refused", "设置里没有叫“没有的群”的群机器人"),
    ]


def test_one_letter_to_two_robots_is_two_calls(post: Post, world: World) -> None:
    """One that waits does not make the other hear it twice."""
    now = post.clock.now()
    window = Window(now, now + timedelta(days=1))
    plan = Plan("both", "group", GroupText("开会"), window, channel="robot")
    with post.storage.write() as session:
        outbox.put(session, plan, people([GROUP, SILENT]), now=now)
    world.faults.add(SEND, "errcode", code=-1)
    assert post.deliver() == []
    assert post.fates() == [("pending", None), ("refused", REMOVED)]
    assert post.deliver(seconds=5) == ["开会"]
    assert post.deliver(hours=1) == ["开会"]


@pytest.mark.parametrize(
    ("kind", "more", "arrived"),
    [
        ("reset_after", {}, ["开会"]),
        ("reset_before", {}, []),
        ("http", {"status": 502}, []),
        ("http", {"status": 200}, []),
    ],
)
def test_what_is_uncertain_is_never_sent_again(
    post: Post, world: World, kind: str, more: dict[str, int], arrived: list[str]
) -> None:
    world.faults.add(SEND, kind, **more)
    post.put("开会")
    assert post.deliver() == arrived
    assert post.fates() == [("pending", None)]
    for hours in (0.01, 1, 24):
        assert post.deliver(hours=hours) == arrived
    assert post.calls == 1
    assert post.fates() == [("refused", UNCERTAIN)]


def test_what_a_dead_deliverer_held_is_not_sent_again(post: Post) -> None:
    post.put("开会")
    with post.storage.write() as session:
        claim = outbox.claim_batch(session, "robot", "dead", post.clock.now())
    assert claim
    assert post.deliver(minutes=4) == []
    assert post.fates() == [("refused", UNCERTAIN)]


@pytest.mark.parametrize(
    ("kind", "more", "pause"),
    [
        ("errcode", {"code": -1}, 5),
        ("errcode", {"code": 45009}, 65),
        ("errcode", {"code": 99999}, 5),
        ("http", {"status": 302}, 5),
        ("http", {"status": 404}, 5),
    ],
)
def test_what_surely_failed_is_tried_again(
    post: Post, world: World, kind: str, more: dict[str, int], pause: int
) -> None:
    world.faults.add(SEND, kind, **more)
    post.put("开会")
    assert post.deliver() == []
    assert post.deliver(seconds=pause - 1) == []
    assert post.deliver(seconds=1) == ["开会"]
    assert post.deliver(hours=1) == ["开会"]


def test_a_text_stopped_halfway_goes_on_there(post: Post, world: World) -> None:
    """Others use the robot too: its minute is full after the first of three parts."""
    for number in range(19):
        text = {"msgtype": "text", "text": {"content": f"别人{number}"}}
        world.robots.send(KEY, text)
    post.put("共产党员网" * 300)
    assert [text[-5:] for text in post.deliver()[19:]] == ["（1/3）"]
    whole = post.deliver(seconds=65)[19:]
    assert [text[-5:] for text in whole] == ["（1/3）", "（2/3）", "（3/3）"]
    assert post.fates() == [("delivered", None)]


def test_only_texts(robots: Robots) -> None:
    card = Card("题", "文", (Button("收到", "receipt"),))
    with pytest.raises(DeliveryError, match="只能发文字") as failed:
        robots.send(Envelope(card, [GROUP], "b1"))
    assert failed.value.permanent


def test_the_app_sends_a_text_for_groups_as_a_text(
    assistant: Assistant, world: World
) -> None:
    content = GroupText("开会", ("@all",))
    outcome = assistant.senders["wecom"].send(Envelope(content, ["wangfang"], "b1"))
    assert outcome.receipt
    assert [bubble.text for bubble in world.phone("wangfang").pushed()] == ["开会"]


# --- failures, and what they say


def fail(robots: Robots) -> DeliveryError:
    with pytest.raises(DeliveryError) as failed:
        robots.send(Envelope(GroupText("开会"), [GROUP], "b1"))
    return failed.value


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:{port}/send?key=", "http://[::1]:{port}/send?key="]
)
def test_an_address_that_nobody_answers_heard_nothing(
    address: str, storage: Storage
) -> None:
    url = address.format(port=free_port()) + KEY
    error = fail(Robots([Robot(name=GROUP, url=url)], storage))
    assert (error.permanent, error.uncertain) == (False, False)
    assert KEY not in str(error)


def test_a_host_that_cannot_prove_itself_heard_nothing() -> None:
    distrust = SSLError(SSLCertVerificationError("self-signed"))
    for reason, never in ((distrust, True), (SSLError("broken"), False)):
        retried = MaxRetryError(None, "/", reason)  # type: ignore[arg-type]
        assert was_never_sent(requests.exceptions.SSLError(retried)) is never
    assert not was_never_sent(requests.ConnectionError())


def test_a_slow_answer_is_uncertain(
    config: Config, world: World, storage: Storage
) -> None:
    world.faults.add(SEND, "slow", seconds=0.5)
    error = fail(Robots(config.robots, storage, timeouts=(3, 0.05)))
    assert error.uncertain


def test_no_proxy_of_the_environment(
    robots: Robots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("no_proxy", "")
    assert robots.send(Envelope(GroupText("开会"), [GROUP], "b1")) == Outcome()


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("reset_before", {}),
        ("http", {"status": 500}),
        ("http", {"status": 200}),
        ("errcode", {"code": 93000}),
    ],
)
def test_the_key_is_in_no_error_and_no_log(
    post: Post,
    robots: Robots,
    world: World,
    caplog: pytest.LogCaptureFixture,
    events: StringIO,
    kind: str,
    more: dict[str, int],
) -> None:
    caplog.set_level(logging.DEBUG)
    world.faults.add(SEND, kind, times=2, **more)
    error = fail(robots)
    post.put("开会")
    post.deliver()
    post.put("还开会", key="second")
    assert post.deliver(hours=1) == ["还开会"]
    chain = "".join(traceback.format_exception(error))
    assert "?…" in caplog.text
    assert "postponed" in events.getvalue() or "refused" in events.getvalue()
    for told in (chain, repr(error), repr(robots), caplog.text, events.getvalue()):
        assert KEY not in told


@pytest.mark.parametrize(("more", "fate"), [(0, "delivered"), (1, "refused")])
def test_a_picture_of_two_megabytes_and_no_more(
    post: Post, more: int, fate: str
) -> None:
    content = b"\xff\xd8\xff" + bytes(2 * 1024 * 1024 - 3 + more)
    with post.storage.write() as session:
        session.add(
            Attachment(
                digest="d",
                name="x.jpg",
                mime="image/jpeg",
                content=content,
                kept_at=post.clock.now(),
            )
        )
    post.put(Picture(1))
    post.deliver()
    ((state, reason),) = post.fates()
    assert state == fate
    assert ("超过 2 MB" in (reason or "")) == (fate == "refused")
