"""Sentence files: read by kind, faults told by line."""

from pathlib import Path

import pytest

from bot.text.phrases import Line, Phrases, read_beside, read_phrases

WRITTEN = """
# a remark
<when> = (昨天|今天)
[study.training]
= 登记培训
登记培训 昨天 半天
<when>(登记|补登)[一下]培训 {rest}
! 假如上周集中学习

[study.undo]
撤销培训
~ 把{day}的培训撤了
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "training.phrases"
    path.write_text(text, "utf-8")
    return path


def test_each_kind_keeps_its_line(tmp_path: Path) -> None:
    file = f"{tmp_path.name}/training.phrases"
    found = read_phrases(write(tmp_path, WRITTEN))
    assert list(found) == ["study.training", "study.undo"]
    assert found["study.training"] == Phrases(
        (Line("登记培训", file, 5),),
        (Line("登记培训 昨天 半天", file, 6),),
        (Line("<when>(登记|补登)[一下]培训 {rest}", file, 7),),
        (Line("假如上周集中学习", file, 8),),
        pieces={"when": "(昨天|今天)"},
    )
    undo = found["study.undo"]
    assert [each.text for each in undo.examples] == ["撤销培训"]
    assert undo.templates == (Line("把{day}的培训撤了", file, 12, yields=True),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("登记", "training.phrases:1: no"),
        ("[a]\n[b]\n[a]", "training.phrases:3: .a. st"),
    ],
)
def test_a_fault_is_told_by_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_phrases(write(tmp_path, text))


def test_a_command_without_a_sentence_is_a_fault(tmp_path: Path) -> None:
    code = tmp_path / "training.py"
    with pytest.raises(ValueError, match="says nothing of"):
        read_beside(code, "study")
    write(tmp_path, "[other]\n= 别的")
    with pytest.raises(ValueError, match="says nothing of"):
        read_beside(code, "study")
