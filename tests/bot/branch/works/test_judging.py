"""Who judges what: two calls, a jury of two and of two experts, an author on it."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.records import book
from bot.branch.records.kinds.call import BY_JURY, POPULAR, TOGETHER
from bot.branch.records.kinds.work import AGREED, EVERYWHERE, INSIDE, NOWHERE, UNASKED
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.works import entries, judging, prizes, showing
from bot.branch.works.judging import Juror, Marks, WorkScore
from bot.errors import Denied, Refusal
from tests.bot.branch.records.steps import steps
from tests.bot.branch.records.test_lists import person, put
from tests.bot.branch.records.test_search import NOON
from tests.people import find_member

TODAY = NOON.date()
GOOD = Marks(30, 20, 10)
EXPERTS = [[None, "周五"], [None, "周六"], [None, "吴七"]]


@dataclass
class Show:
    """A call with three works (王芳's, 李伟's, 何雪's), and another with one."""

    session: Session
    call: Record
    works: list[Record]
    other: Record
    elsewhere: Record

    def juror(self, name: str) -> Juror:
        member = find_member(self.session, name)
        return judging.find_juror(self.session, self.call, member)

    def begin(self) -> None:
        by = find_member(self.session, "赵敏")
        for call, works in ((self.call, self.works), (self.other, [self.elsewhere])):
            for each in works:
                entries.move(self.session, each, "checked", by.id, NOON)
            judging.begin(self.session, call, by, NOON)

    def score(
        self, work: Record, juror: Juror, marks: Marks | None = GOOD
    ) -> WorkScore:
        by = find_member(self.session, "赵敏")
        return judging.score(self.session, self.call, work, juror, marks, by, NOON)

    def score_all(self, juror: Juror, *but: Record) -> None:
        for each in self.works:
            if each not in but:
                self.score(each, juror)


def put_call(session: Session, title: str, **more: object) -> Record:
    told = {"title": title, "sorts": "摄影、征文", "day": "2026-01-01", "tie": BY_JURY}
    jury = [*person(session, "李伟", "刘洋"), *EXPERTS[:2]]
    told["scope"] = TOGETHER
    return put(session, "call", **{**told, "jury": jury, **more})  # type: ignore[arg-type]


def put_work(
    session: Session, call: Record, title: str, who: str, **more: object
) -> Record:
    told = {"title": title, "sort": "摄影", "show": EVERYWHERE, "portrait": AGREED}
    people = person(session, who)
    row = put(session, "work", **{**told, "people": people, **more})  # type: ignore[arg-type]
    entries.enter(session, row, call)
    return row


@pytest.fixture
def show(session: Session) -> Show:
    call, other = put_call(session, "廉洁周"), put_call(session, "读书月")
    works = [
        put_work(session, call, title, who, sort=sort)
        for title, who, sort in (
            ("清风", "王芳", "摄影"),
            ("明月", "李伟", "摄影"),
            ("如水", "何雪", "征文"),
        )
    ]
    elsewhere = put_work(session, other, "别处", "何雪")
    return Show(session, call, works, other, elsewhere)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"day": TODAY.isoformat()}, "还不能开始"),
        ({"jury": []}, "还没有评委"),
        ({"jury": "赵敏"}, "赵敏看得到作者"),
        ({"jury": "陈静"}, "陈静看得到作者"),
    ],
)
def test_what_keeps_a_jury_from_beginning(
    session: Session, show: Show, change: dict[str, object], why: str
) -> None:
    find_member(session, "陈静").position = "纪检委员"
    by = find_member(session, "赵敏")
    if isinstance(name := change.get("jury"), str):
        change = {"jury": [*EXPERTS, *person(session, "李伟", name)]}
    values = {**values_of(session, show.call), **change}
    book.correct(session, show.call, values, by.id, NOON)
    with pytest.raises(Refusal, match=why) as refused:
        judging.begin(session, show.call, by, NOON)
    assert not str(refused.value).startswith("李伟"), "she may"


def test_works_are_looked_at_before_the_jury_begins(
    session: Session, show: Show
) -> None:
    """Up to five are named; the other call's are not counted, nor taken along."""
    by = find_member(session, "赵敏")
    values = {
        **values_of(session, show.call),
        "day": (TODAY - timedelta(1)).isoformat(),
    }
    book.correct(session, show.call, values, by.id, NOON)
    for number in range(3):
        show.works.append(put_work(session, show.call, f"又{number}", "何雪"))
    with pytest.raises(Refusal, match="还有 6 件") as refused:
        judging.begin(session, show.call, by, NOON)
    assert str(refused.value).count("作品 ") == 5
    for each in show.works:
        entries.move(session, each, "back", by.id, NOON)
    with pytest.raises(Refusal, match="还没有通过"):
        judging.begin(session, show.call, by, NOON)
    for state in ("told", "checked"):
        entries.move(session, show.works[0], state, by.id, NOON)
    assert len(judging.begin(session, show.call, by, NOON)) == 4
    assert show.call.state == "judging"
    marks = [entries.mark_of(session, each) for each in (*show.works, show.elsewhere)]
    assert marks == [1, None, None, None, None, None, None]


def test_whose_word_it_is(session: Session, show: Show) -> None:
    li = find_member(session, "李伟")
    assert show.juror("李伟") == Juror(li.id, "李伟")
    with pytest.raises(Denied, match="不是“廉洁周”的评委"):
        show.juror("王芳")
    for said, found in (("周五", "周五"), ("周六", "周六")):
        assert judging.find_expert(session, show.call, said) == Juror(None, found)
    with pytest.raises(Refusal, match="校外评委有：周五、周六。"):
        judging.find_expert(session, show.call, "周教授")
    with pytest.raises(Refusal, match="不在评委里"):
        judging.find_expert(session, show.call, "李伟")
    only = put_call(session, "摄影月", jury=[*person(session, "李伟"), *EXPERTS[1:]])
    for said in ("吴教授", "吴七"):
        assert judging.find_expert(session, only, said) == Juror(None, "吴七")
    none = put_call(session, "征文月", jury=person(session, "李伟"))
    with pytest.raises(Refusal, match="这次没有校外评委"):
        judging.find_expert(session, none, "周五")


@pytest.mark.parametrize(
    ("marks", "why"),
    [
        (Marks(40, 30, 30, "好" * 200), ""),
        (Marks(0, 0, 0), ""),
        (Marks(41, 0, 0), "主题分最多 40"),
        (Marks(0, 31, 0), "艺术分最多 30"),
        (Marks(0, 0, 31), "创新分最多 30"),
        (Marks(-1, 0, 0), "主题分最多 40"),
        (Marks(1, 1, 1, "好" * 201), "评语最多 200 字"),
    ],
)
def test_marks_have_their_limits(show: Show, marks: Marks, why: str) -> None:
    show.begin()
    if why:
        with pytest.raises(Refusal, match=why):
            show.score(show.works[0], show.juror("刘洋"), marks)
        return
    row = show.score(show.works[0], show.juror("刘洋"), marks)
    assert (row.theme, row.art, row.fresh) == (marks.theme, marks.art, marks.fresh)
    assert (row.comment, row.recused, row.name) == (marks.comment, False, None)


def test_nobody_judges_her_own_and_whoever_will_not_is_through(
    session: Session, show: Show
) -> None:
    show.begin()
    first, own, third = show.works
    with pytest.raises(Refusal, match="您要回避"):
        show.score(own, show.juror("李伟"))
    none = show.score(own, show.juror("李伟"), None)
    assert (none.recused, none.theme, none.art, none.fresh) == (True, 0, 0, 0)
    session.delete(none)
    session.flush()

    def papers() -> dict[Record, tuple[bool, bool]]:
        found = judging.papers_for(session, show.call, show.juror("李伟"))
        assert [each.mark for each in found] == [1, 2, 3]
        return {each.work: (each.avoid, each.is_done) for each in found}

    assert papers() == {
        first: (False, False),
        own: (True, True),
        third: (False, False),
    }
    show.score(first, show.juror("李伟"))
    show.score(third, show.juror("李伟"), None)
    show.score(first, show.juror("刘洋"))
    assert papers() == {first: (False, True), own: (True, True), third: (True, True)}
    assert judging.lacking(session, show.call) == {"刘洋": 2, "周五": 3, "周六": 3}


def test_only_what_is_before_the_jury_is_judged(session: Session, show: Show) -> None:
    by, unseen = find_member(session, "赵敏"), show.works[2]
    with pytest.raises(Refusal, match="征集中"):
        show.score(show.works[0], show.juror("刘洋"))
    for each in show.works[:2]:
        entries.move(session, each, "checked", by.id, NOON)
    entries.move(session, unseen, "back", by.id, NOON)
    judging.begin(session, show.call, by, NOON)
    with pytest.raises(Refusal, match="没有这一号作品"):
        show.score(unseen, show.juror("刘洋"))
    late = put_work(session, show.call, "后来的", "何雪")
    entries.move(session, late, "checked", by.id, NOON)
    with pytest.raises(Refusal, match="没有这一号作品"):
        show.score(late, show.juror("刘洋"))
    assert len(judging.papers_for(session, show.call, show.juror("刘洋"))) == 2
    assert len(judging.standings(session, show.call)) == 2


def test_a_mark_is_of_one_work_and_one_judge_and_said_anew(
    session: Session, show: Show
) -> None:
    show.begin()
    first, own, third = show.works
    liu, five = show.juror("刘洋"), judging.find_expert(session, show.call, "周五")
    six = judging.find_expert(session, show.call, "周六")
    rows = [
        show.score(work, juror)
        for work in (first, third)
        for juror in (liu, five, six, show.juror("李伟"))
    ]
    assert len({each.id for each in rows}) == 8
    assert [each.name for each in rows[:3]] == [None, "周五", "周六"]
    again = show.score(first, five, Marks(40, 20, 10))
    assert again.id == rows[1].id
    assert session.scalars(select(WorkScore.theme)).all().count(40) == 1
    for each in (liu, five, six):
        show.score(own, each)
    show.score(own, six, None)
    standings = {each.work: each for each in judging.standings(session, show.call)}
    [best, *_] = judging.standings(session, show.call)
    assert best.work is first
    assert (standings[first].total, standings[first].judges) == (62.5, 4)
    assert (standings[own].total, standings[own].judges) == (60, 2)
    assert (standings[first].theme, standings[first].fresh) == (32.5, 10)


def test_who_was_taken_off_a_jury_counts_no_more(session: Session, show: Show) -> None:
    show.begin()
    first = show.works[0]
    five = judging.find_expert(session, show.call, "周五")
    show.score(first, five, Marks(40, 30, 30))
    show.score(first, show.juror("刘洋"), Marks(0, 0, 0))
    show.score(first, show.juror("李伟"))
    jury = [*person(session, "李伟"), *EXPERTS[1:2]]
    values = {**values_of(session, show.call), "jury": jury}
    by = find_member(session, "赵敏")
    book.correct(session, show.call, values, by.id, NOON)
    [best, *_] = judging.standings(session, show.call)
    assert (best.total, best.judges) == (60, 1)


def finish(show: Show, *, apart: bool = False) -> list[dict[int, str]]:
    session, by = show.session, find_member(show.session, "赵敏")
    values = {**values_of(session, show.call), "prizes": "一等奖1、二等奖1"}
    values["scope"] = "分类别评" if apart else TOGETHER
    book.correct(session, show.call, values, by.id, NOON)
    show.begin()
    jury = [judging.find_expert(session, show.call, each) for each in ("周五", "周六")]
    for at, work in enumerate(show.works):
        for juror in (*jury, show.juror("刘洋"), show.juror("李伟")):
            if not judging.must_avoid(session, work, juror):
                show.score(work, juror, Marks(30 - at, 20, 10))
    return [dict(each.awards) for each in prizes.propose(session, show.call)]


def test_prizes_are_given_together_or_by_sort(session: Session, show: Show) -> None:
    first, second, _ = (each.id for each in show.works)
    assert finish(show) == [{first: "一等奖", second: "二等奖"}]


def test_prizes_by_sort_are_each_sort_s(session: Session, show: Show) -> None:
    first, second, third = (each.id for each in show.works)
    assert finish(show, apart=True) == [
        {first: "一等奖", second: "二等奖"},
        {third: "一等奖"},
    ]


def judge_all(show: Show) -> None:
    """Have everybody give the same."""
    for name in ("刘洋", "李伟"):
        show.score_all(show.juror(name), *(show.works[1:2] if name == "李伟" else ()))
    for name in ("周五", "周六"):
        show.score_all(judging.find_expert(show.session, show.call, name))


def test_what_is_decided_before_all_have_judged_is_refused(
    session: Session, show: Show
) -> None:
    by, first = find_member(session, "赵敏"), show.works[0]
    with pytest.raises(Refusal, match="公示期里"):
        prizes.decide(session, first, "一等奖", by, NOON)
    show.begin()
    with pytest.raises(Refusal, match="没打完分"):
        prizes.propose(session, show.call)
    with pytest.raises(Refusal, match="没打完分"):
        prizes.decide(session, first, "一等奖", by, NOON)


def test_equals_wait_for_people_and_prizes_for_objections(
    session: Session, show: Show
) -> None:
    by, first = find_member(session, "赵敏"), show.works[0]
    values = {**values_of(session, show.call), "prizes": "一等奖1、二等奖1"}
    book.correct(session, show.call, values, by.id, NOON)
    show.begin()
    judge_all(show)
    prizes.decide(session, first, "一等奖", by, NOON)
    tied = prizes.propose(session, show.call)
    with pytest.raises(Refusal, match="同分，二等奖只剩 1 个"):
        prizes.publish(session, show.call, tied, TODAY, by, NOON)
    prizes.decide(session, show.works[2], "二等奖", by, NOON)
    found = prizes.propose(session, show.call)
    assert prizes.publish(session, show.call, found, TODAY, by, NOON) == 2
    assert [each.state for each in show.works] == ["judged"] * 3
    assert (show.elsewhere.state, show.call.state) == ("checked", "public")
    assert values_of(session, show.call)["shown_until"] == TODAY.isoformat()
    prizes.decide(session, first, "", by, NOON)
    assert first.level is None
    prizes.decide(session, first, "三等奖", by, NOON)
    with pytest.raises(Refusal, match="期满才能公布"):
        prizes.announce(session, show.call, by, NOON)
    won = prizes.announce(session, show.call, by, NOON + timedelta(days=1))
    assert (won, show.call.state) == ([show.works[2], first], "announced")
    with pytest.raises(Refusal, match="公示期里"):
        prizes.decide(session, first, "", by, NOON)


@pytest.fixture
def shown(session: Session, show: Show) -> Show:
    """Of all who agree: one inside, one nowhere, one with somebody not asked."""
    by, now = find_member(session, "赵敏"), NOON + timedelta(days=1)
    show.works += [
        put_work(session, show.call, title, "何雪", **more)
        for title, more in (
            ("里", {"show": INSIDE}),
            ("无", {"show": NOWHERE}),
            ("人", {"portrait": UNASKED}),
        )
    ]
    show.begin()
    judge_all(show)
    prizes.publish(session, show.call, [], date(2026, 1, 1), by, NOON)
    for each, award in ((show.works[3], "一等奖"), (show.works[2], "二等奖")):
        prizes.decide(session, each, award, by, NOON)
    prizes.announce(session, show.call, by, now)
    assert showing.show_all(session, show.call, by, now) == (4, 2)
    return show


def test_what_may_be_shown_is_shown_where_it_may(session: Session, shown: Show) -> None:
    first, second, third, inside, nowhere, unasked = shown.works
    in_house = showing.shown(session, shown.call, outside=False)
    assert in_house == [third, inside, first, second]
    assert showing.shown(session, shown.call, outside=True) == [third, first, second]
    assert (nowhere.state, unasked.state) == ("judged", "judged")
    now, wang = NOON, find_member(session, "王芳")
    assert not showing.set_consent(session, first, INSIDE, wang, now)
    assert not showing.set_consent(session, nowhere, NOWHERE, wang, now)
    assert showing.set_consent(session, second, NOWHERE, wang, now)
    assert second.state == "down"
    assert showing.shown(session, shown.call, outside=True) == [third]
    begun_and_shown = ["- record", *["赵敏 move"] * 3]
    assert steps(session, second) == [*begun_and_shown, "王芳 correct", "王芳 move"]
    assert steps(session, nowhere) == begun_and_shown[:-1], "it said so before"
    of_call = ["- record", "赵敏 move", "赵敏 correct", *["赵敏 move"] * 2]
    assert steps(session, shown.call) == of_call
    assert "赵敏 correct" in steps(session, third), "its prize"


def test_who_likes_a_work_likes_it_once(session: Session, shown: Show) -> None:
    wang, li = find_member(session, "王芳"), find_member(session, "李伟")
    first, second, _, inside, nowhere, _ = shown.works

    def like(work: Record, who: Member) -> bool:
        return showing.like(session, shown.call, work, who, NOON)

    with pytest.raises(Refusal):
        like(first, wang)
    values = {**values_of(session, shown.call), "popular": POPULAR}
    book.correct(session, shown.call, values, wang.id, NOON)
    liked = [like(first, wang), like(first, wang), like(first, li), like(inside, wang)]
    assert liked == [True, False, True, True]
    with pytest.raises(Refusal):
        like(nowhere, wang)
    assert showing.likes_of(session, [first, second]) == {first.id: 2}
