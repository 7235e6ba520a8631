"""The XML of callbacks: nothing that a member writes can break it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.twin.crypto import Unreadable
from server.twin.xml import FORBIDDEN, read, write


def test_it_is_written_as_wecom_writes_it() -> None:
    written = write({"A": "x", "N": 1, "P": {"L": ["1", "2"]}})
    assert written == (
        "<xml><A><![CDATA[x]]></A><N>1</N>"
        "<P><L><![CDATA[1]]></L><L><![CDATA[2]]></L></P></xml>"
    )


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=50)
def test_any_text_comes_back(text: str) -> None:
    kept = FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    assert read(write({"Content": text}))["Content"] == kept


@pytest.mark.parametrize("text", ["a]]>b", "]]>", "]]]>>", "<xml>&amp;", "\x0b\x00好"])
def test_a_text_cannot_leave_its_element(text: str) -> None:
    assert read(write({"Content": text, "After": "!"}))["After"] == "!"


def test_repeated_elements_are_a_list() -> None:
    assert read("<xml><A>1</A><A>2</A><A>3</A><B/></xml>") == {
        "A": ["1", "2", "3"],
        "B": "",
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<xml>",
        "<xml></xml>",
        "<other><A>1</A></other>",
        '<!DOCTYPE x [<!ENTITY a "b">]><xml><A>&a;</A></xml>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml><A>1</A></xml>',
        "<xml>" + "<A>" * 50 + "</A>" * 50 + "</xml>",
    ],
)
def test_what_is_no_callback_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)
