"""A vote leaves nothing behind by which it could be joined to who gave it."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text

from bot.branch.ballots import boxes, results, voting
from bot.branch.ballots.polls import BallotBox, Poll, Question, Seat
from bot.branch.people.audience import Audience
from bot.branch.people.tree import find_branch
from bot.config.settings import Config
from bot.errors import Refusal
from bot.maintenance.schema import METADATA
from bot.storage.database import Storage
from tests.people import BRANCH, find_member
from tests.stage import Stage

CHOICES = ("烈士陵园", "纪念馆", "敬老院")
VOTERS = ("赵敏", "陈静", "刘洋", "王芳", "李伟")
KEY = boxes.keys_of


def open_one(stage: Stage) -> None:
    stage.say("赵敏", f"发起投票 党日去哪：{'、'.join(CHOICES)}")
    assert "正在发" in stage.say("赵敏", "确认")
    stage.delivery.deliver_all()


def rows(storage: Storage) -> set[str]:
    """Write out every row of every table, as an operator could."""
    found = set()
    with storage.read() as session:
        for table in METADATA.sorted_tables:
            for row in session.execute(select(text("*")).select_from(table)):
                found.add(f"{table.name}: {tuple(row)!r}")
    return found


def test_no_row_that_a_vote_writes_says_what_was_voted(
    stage: Stage, storage: Storage
) -> None:
    stage.move_to("2026-03-02 10:00")
    open_one(stage)
    before = rows(storage)
    said = ("投票 1", "投B", "投敬老院", "投票 纪念馆", "我投第三个")
    for name, words in zip(VOTERS, said, strict=True):
        assert "投好了" in stage.say(name, words), name
    written = rows(storage) - before
    assert any(each.startswith("poll_seat") for each in written)
    for row in written:
        assert not any(choice in row for choice in CHOICES), row
        for words in said:
            assert words not in row, row


def test_whoever_voted_what_the_rows_are_alike(stage: Stage, storage: Storage) -> None:
    """Turn the votes round among the same people: only the sealed sum may differ."""
    stage.move_to("2026-03-02 10:00")
    seen = []
    for turn in (0, 1):
        open_one(stage)
        for at, name in enumerate(VOTERS):
            stage.say(name, f"投票 {turn + 1}-{(at + turn) % 3 + 1}")
        with storage.read() as session:
            seats = session.execute(
                select(Seat.member_id, Seat.spent)
                .where(Seat.poll_id == turn + 1)
                .order_by(Seat.member_id)
            ).all()
            box = session.get_one(BallotBox, turn + 1)
            assert set(Seat.__table__.columns.keys()) == {
                "poll_id",
                "member_id",
                "spent",
            }
            seen.append(([tuple(each) for each in seats], len(box.sealed)))
    assert seen[0] == seen[1]


def test_the_sum_is_sealed_by_what_the_database_does_not_hold(
    stage: Stage, storage: Storage
) -> None:
    open_one(stage)
    stage.say("王芳", "投票 1")
    key = KEY(stage.assistant.config)
    with storage.read() as session:
        box = session.get_one(BallotBox, 1)
        assert boxes.unseal(box.sealed, key)["烈士陵园"] == 1
        with pytest.raises(Refusal, match="一张也没有丢"):
            boxes.unseal(box.sealed, boxes.keys_of(_other_key(stage)))
    assert key[0].decode() not in "".join(rows(storage))


def _other_key(stage: Stage) -> Config:
    config = stage.assistant.config
    assert config.wecom
    wecom = config.wecom.model_copy(update={"secret": type(config.wecom.secret)("x")})
    return config.model_copy(update={"wecom": wecom})


def test_results_only_after_the_close_and_of_five(
    stage: Stage, storage: Storage
) -> None:
    open_one(stage)
    for name in VOTERS[:4]:
        stage.say(name, "投票 1")
    with storage.write() as session:
        poll = session.get_one(Poll, 1)
        assert results.results(poll) is None
        assert results.outline(session, poll)["voted"] == 4
        voting.close(session, poll, KEY(stage.assistant.config), stage.clock.now())
        assert results.results(poll) is None
        assert poll.results == {}
        assert session.get(BallotBox, 1) is None
        assert results.outline(session, poll)["results"] is None


def test_nobody_votes_twice_late_or_for_another(storage: Storage, stage: Stage) -> None:
    key, now = KEY(stage.assistant.config), stage.clock.now()
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        until = now + timedelta(days=1)
        question = Question("征求意见", "去哪", CHOICES, until)
        author, voter = find_member(session, "赵敏"), find_member(session, "王芳")
        audience = Audience(branch.id)
        poll = voting.open_poll(session, branch, author, question, audience, key, now)
        voting.cast(session, poll, voter.id, CHOICES[:1], key, now)
        with pytest.raises(Refusal, match="已经投过"):
            voting.cast(session, poll, voter.id, CHOICES[1:2], key, now)
        with pytest.raises(Refusal, match="只能选 1 个"):
            voting.cast(session, poll, author.id, CHOICES, key, now)
        stranger = find_member(session, "孙丽").id
        with pytest.raises(Refusal, match="代别人"):
            voting.cast(session, poll, stranger, CHOICES[:1], key, now)
        with pytest.raises(Refusal, match="截止"):
            voting.cast(session, poll, author.id, CHOICES[:1], key, until)
        assert results.turnout(session, poll).voted == 1


def test_too_few_cannot_be_asked_without_names(storage: Storage, stage: Stage) -> None:
    key, now = KEY(stage.assistant.config), stage.clock.now()
    with storage.write() as session:
        group = find_branch(session, "第一党小组")
        assert group
        question = Question("测评", "好不好", CHOICES, now + timedelta(days=1))
        author = find_member(session, "赵敏")
        audience = Audience(group.id)
        with pytest.raises(Refusal, match="保不住密"):
            voting.open_poll(session, group, author, question, audience, key, now)


def test_a_ballot_of_grades_leaves_only_sums(stage: Stage, storage: Storage) -> None:
    """Also one that is refused, or said without a blank, is nowhere written down."""
    stage.move_to("2026-03-02 10:00")
    stage.say("赵敏", "发起民主评议测评")
    assert "正在发" in stage.say("赵敏", "确认")
    stage.delivery.deliver_all()
    before = rows(storage)
    refused = "测评 王芳基本合格"
    assert "没有投" in stage.say("李伟", refused)
    said = (
        "测评 王芳优秀，其余合格",
        "测评李伟优秀，其余合格",
        "测评 刘洋基本合格，其余合格",
        "测评 都合格",
        "测评 王芳、李伟优秀，剩下的合格",
    )
    for name, words in zip(VOTERS, said, strict=True):
        assert "投好了" in stage.say(name, words), name
    for row in rows(storage) - before:
        for words in (refused, *said):
            assert words not in row, row
        assert "基本合格" not in row, row
    with storage.read() as session:
        poll = session.get_one(Poll, 1)
        box = session.get_one(BallotBox, 1)
        keys = KEY(stage.assistant.config)
        assert sum(boxes.unseal(box.sealed, keys).values()) == 5 * poll.most


def test_many_choices_never_change_how_long_a_sum_is() -> None:
    keys = [Fernet.generate_key()]
    names = [f"第{number}个很长很长很长很长的选项名称" for number in range(60)]
    few, many = dict.fromkeys(names, 0), dict.fromkeys(names, 98765)
    assert len(boxes.seal(few, keys)) == len(boxes.seal(many, keys))
