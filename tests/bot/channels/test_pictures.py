"""Pictures and files: uploaded once, again when WeCom forgot them."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.channels import Envelope
from bot.channels.wecom import WeCom
from bot.config.settings import Config
from bot.errors import DeliveryError
from bot.message import Fetch, Picture
from bot.outbox import attachments
from bot.storage.database import Storage
from server.twin import samples
from server.twin.world import World
from tests.bot.channels.bare import Says, watch
from tests.fakes.clock import FakeClock


@pytest.fixture
def wecom(config: Config, storage: Storage, clock: FakeClock) -> Iterator[WeCom]:
    assert config.wecom
    wecom = WeCom(config.wecom, storage, clock)
    with closing(wecom.client._http):
        yield wecom


@pytest.fixture
def picture(storage: Storage, clock: FakeClock) -> Picture:
    with storage.write() as session:
        kept = attachments.keep(
            session, "贺卡.png", "image/png", samples.PNG, clock.now()
        )
    return Picture(kept)


def send(wecom: WeCom, picture: Picture, reference: str = "b1") -> None:
    wecom.send(Envelope(picture, ("wangfang",), reference))


def shown(world: World) -> list[bytes]:
    ids = [bubble.media_id for bubble in world.phone("wangfang").pushed()]
    media = [world.shelf.seen(each) for each in ids]
    return [medium.content for medium in media if medium]


def test_a_picture_is_uploaded_once_in_two_and_a_half_days(
    wecom: WeCom, picture: Picture, world: World, clock: FakeClock
) -> None:
    send(wecom, picture)
    clock.wait(days=2, hours=11)
    send(wecom, picture, "b2")
    assert shown(world) == [samples.PNG] * 2
    assert world.calls["media/upload"] == 1
    clock.wait(hours=2)
    send(wecom, picture, "b3")
    assert shown(world) == [samples.PNG] * 3
    assert world.calls["media/upload"] == 2


def test_what_wecom_forgot_is_uploaded_again_once(
    wecom: WeCom, picture: Picture, world: World
) -> None:
    send(wecom, picture)
    world.shelf._media.clear()
    send(wecom, picture, "b2")
    assert world.calls["media/upload"] == 2
    world.faults.add("message/send", "errcode", times=None, code=40145)
    with pytest.raises(DeliveryError, match="40145") as failed:
        send(wecom, picture, "b3")
    assert failed.value.permanent
    assert world.calls["media/upload"] == 3
    world.faults.clear()
    send(wecom, picture, "b4")
    assert world.calls["media/upload"] == 3


def test_a_file_keeps_its_name(
    wecom: WeCom, storage: Storage, clock: FakeClock, world: World
) -> None:
    with storage.write() as session:
        kept = attachments.keep(
            session, "台账.csv", "text/csv", "姓名\n".encode(), clock.now()
        )
    send(wecom, Picture(kept, "file"))
    assert [each.text for each in world.phone("wangfang").pushed()] == [
        "[文件]台账.csv"
    ]


@pytest.mark.parametrize(
    ("kind", "code", "permanent"),
    [
        ("http", 0, False),
        ("reset_after", 0, False),
        ("errcode", 45001, True),
        ("errcode", 40005, True),
        ("errcode", -1, False),
    ],
)
def test_while_it_is_uploaded_nothing_was_sent(
    wecom: WeCom,
    picture: Picture,
    world: World,
    kind: str,
    code: int,
    permanent: bool,  # noqa: FBT001
) -> None:
    world.faults.add("media/upload", kind, code=code)
    with pytest.raises(DeliveryError) as failed:
        send(wecom, picture)
    assert (failed.value.permanent, failed.value.uncertain) == (permanent, False)
    assert shown(world) == []


def test_a_picture_that_is_gone_is_hopeless(wecom: WeCom) -> None:
    with pytest.raises(DeliveryError, match="不在了") as failed:
        send(wecom, Picture(999))
    assert failed.value.permanent


def test_a_resent_picture_arrives_once(
    wecom: WeCom, picture: Picture, world: World
) -> None:
    world.faults.add("message/send", "reset_after")
    with pytest.raises(DeliveryError):
        send(wecom, picture)
    send(wecom, picture)
    assert shown(world) == [samples.PNG]


def promised(storage: Storage, clock: FakeClock, world: World) -> Picture:
    """A picture that a member sent and that goes on to others."""
    medium = world.shelf.put("image", "图片.png", samples.PNG)
    with storage.write() as session:
        return Picture(attachments.promise(session, "图片.png", medium.id, clock.now()))


def test_a_members_picture_goes_on(
    wecom: WeCom, storage: Storage, clock: FakeClock, world: World
) -> None:
    picture = promised(storage, clock, world)
    world.faults.add("media/get", "expire_token")
    send(wecom, picture)
    assert shown(world) == [samples.PNG]
    assert world.calls["media/get"] == 2


def test_a_members_picture_that_wecom_forgot_is_hopeless(
    wecom: WeCom, storage: Storage, clock: FakeClock, world: World
) -> None:
    picture = promised(storage, clock, world)
    world.shelf._media.clear()
    with pytest.raises(DeliveryError, match="40007") as failed:
        send(wecom, picture)
    assert failed.value.permanent


def test_an_answer_without_a_media_id_is_no_upload(
    wecom: WeCom, picture: Picture
) -> None:
    wecom.client.token()
    watch(wecom.client, Says(b'{"errcode": 0}'))
    with pytest.raises(DeliveryError, match="没有收下"):
        send(wecom, picture)
    with pytest.raises(DeliveryError, match="答非所问"):
        wecom.client.download("m1")


def test_what_a_member_sent_is_fetched_once_and_stays(
    wecom: WeCom, storage: Storage, clock: FakeClock, world: World
) -> None:
    medium = world.shelf.put("image", "a.jpg", samples.PNG)
    with storage.write() as session:
        kept = attachments.promise(session, "a.jpg", medium.id, clock.now())
    fetch = Envelope(Fetch(kept), ("zhaomin",), "b1")
    world.faults.add("media/get", "http", times=1)
    with pytest.raises(DeliveryError) as failed:
        wecom.send(fetch)
    assert (failed.value.permanent, failed.value.uncertain) == (False, False)
    for _ in range(2):
        wecom.send(fetch)
    assert world.calls["media/get"] == 2
    clock.wait(days=9)
    send(wecom, Picture(kept))
    assert shown(world) == [samples.PNG]
