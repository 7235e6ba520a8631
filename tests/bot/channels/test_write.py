"""What a card shows of its lines and addresses."""

from bot.channels.wecom.write import write_card
from bot.message import Button, Card


def shown(*links: str, lines: int = 0) -> list[tuple[str, str]]:
    labels = tuple((f"第{number}行", "…") for number in range(lines))
    card = Card("开会", "周三", (Button("收到", "r"),), lines=labels, links=links)
    body = write_card(card, "b1-1")["template_card"]
    listed = body.get("horizontal_content_list", [])
    return [(each["keyname"], each.get("url", "")) for each in listed]


def address(length: int, name: str = "a") -> str:
    return f"https://{name}.cn/".ljust(length, "x")


def test_a_card_has_six_lines_its_own_first() -> None:
    links = [address(30, str(number)) for number in range(4)]
    assert len(shown(*links, lines=7)) == 6
    assert [name for name, _ in shown(*links, lines=4)] == [
        *(f"第{number}行" for number in range(4)),
        "链接1",
        "链接2",
    ]
    assert shown() == []


def test_an_address_that_is_too_long_has_no_line() -> None:
    fits, too_long = address(1024), address(1025)
    assert shown(fits, too_long) == [("链接", fits)]
    assert shown(too_long) == []
    assert shown(fits, address(20)) == [("链接1", fits), ("链接2", address(20))]
