"""XML as WeCom sends it: no DTD, no depth; as we write it: no injection."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.xml import (
    MAX_DEPTH,
    clean,
    first,
    flatten,
    read_xml,
    write_xml,
)
from bot.errors import BadCallback

BOMB = (
    """<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><xml><c>&b;</c></xml>"""
)


@pytest.mark.parametrize(
    "document",
    [
        BOMB,
        '<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml><a>b</a></xml>',
        '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><c>&a;</c></xml>',
        "<!DOCTYPE xml><xml><a>b</a></xml>",
    ],
)
def test_a_document_type_is_refused(document: str) -> None:
    with pytest.raises(BadCallback, match="DTD"):
        read_xml(document)
    with pytest.raises(BadCallback, match="DTD"):
        read_xml(document.encode())


def test_an_entity_that_nobody_declared_is_refused() -> None:
    with pytest.raises(BadCallback, match="undefined entity"):
        read_xml("<xml><a>&b;</a></xml>")


def test_depth_has_an_end() -> None:
    def nested(depth: int) -> str:
        inner = depth - 1
        return f"<xml>{'<a>' * inner}x{'</a>' * inner}</xml>"

    assert flatten(read_xml(nested(MAX_DEPTH))) == {"/".join("a" * 7): "x"}
    for depth in (MAX_DEPTH + 1, 5000):
        with pytest.raises(BadCallback, match="deep"):
            read_xml(nested(depth))


def test_one_or_many_look_alike() -> None:
    one, two = (
        read_xml(f"<xml><Ids>{'<Id>a</Id>' * count}</Ids></xml>") for count in (1, 2)
    )
    assert flatten(one) == {"Ids/Id": "a"}
    assert flatten(two) == {"Ids/Id": "a,a"}
    assert first(one, "Ids") == ""
    twice = read_xml("<xml><a>1</a><a>2</a></xml>")
    assert first(twice, "a") == "1"
    assert first(twice, "b") == ""


def test_empty_and_mixed_elements() -> None:
    tree = read_xml("<xml><a/><b></b> <c>x<d>y</d>z</c></xml>")
    assert flatten(tree) == {"a": "", "b": "", "c/d": "y"}


@pytest.mark.parametrize(
    "document", ["", " ", "<xml/>", "<a><b>c</b></a>", "<xml>a</xml>"]
)
def test_no_document_or_an_empty_one(document: str) -> None:
    with pytest.raises(BadCallback):
        read_xml(document)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a]]>b", "a]]>b"),
        ("]]>]]>", "]]>]]>"),
        ("]]", "]]"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("\x00a\x0bb\x1fc", "abc"),
        ("\ud83d|\udc00", "|"),
        ("\ufffe\uffff", ""),
        ("\t行\n", "\t行\n"),
        ("👨‍👩‍👧 🇨🇳", "👨‍👩‍👧 🇨🇳"),
    ],
)
def test_a_text_survives_whatever_is_in_it(text: str, kept: str) -> None:
    assert first(read_xml(write_xml({"Content": text})), "Content") == kept
    assert clean(text) == kept


@given(text=st.text(st.characters()), number=st.integers())
@settings(deadline=None, max_examples=50)
def test_what_is_written_is_read(text: str, number: int) -> None:
    document = write_xml({"Content": text, "CreateTime": number, "After": "]]>"})
    line_ends = clean(text).replace("\r\n", "\n").replace("\r", "\n")
    assert flatten(read_xml(document)) == {
        "Content": line_ends,  # XML knows one kind of line end
        "CreateTime": str(number),
        "After": "]]>",
    }
    assert read_xml(document) == read_xml(document.encode())


@given(document=st.text(st.characters()) | st.binary())
@settings(deadline=None, max_examples=50)
def test_anything_else_is_refused(document: str | bytes) -> None:
    with pytest.raises(BadCallback):
        read_xml(document)
