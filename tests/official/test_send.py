"""What reaches a follower's phone by itself, and what cannot."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot import outbox
from bot.channels.official import NO_TEMPLATE, Official
from bot.config.settings import Template
from bot.message import Button, Card, Content, Picture, Text
from bot.outbox import Importance, Plan, Recipient, Window
from bot.outbox.attachments import keep
from server.twin import samples
from server.twin.official.account import Account
from tests.official.conftest import bind, settings
from tests.people import find_member
from tests.stage import Stage

NOTICE = Template(id="T1", data={"thing1": "{标题}", "time2": "{时间}"})
CONTENT = "{{thing1.DATA}}\n{{time2.DATA}}"


@dataclass
class Post:
    """Letters to 王芳, who reads in WeChat."""

    stage: Stage
    account: Account
    count: int = 0
    topics: list[str] = field(default_factory=list)

    def put(self, content: Content, *, kind: str = "notice", name: str = "王芳") -> str:
        now = self.stage.clock.now()
        self.count += 1
        topic = f"t{self.count}"
        plan = Plan(
            f"k{self.count}",
            kind,
            content,
            Window(now, now + timedelta(days=2)),
            Importance.NOTICE,
            topic=topic,
        )
        with self.stage.assistant.storage.write() as session:
            member = find_member(session, name)
            outbox.put_to(session, plan, member.userid, member.id, now=now)
        self.stage.delivery.deliver_all()
        return topic

    def tally(self, topic: str) -> outbox.Tally:
        with self.stage.assistant.storage.read() as session:
            return outbox.tally_topic(session, topic)

    def reason(self) -> tuple[str, str | None, str | None]:
        """Tell what became of the last letter."""
        with self.stage.assistant.storage.read() as session:
            last = session.query(Recipient).order_by(Recipient.id.desc()).first()
            assert last
            return last.state, last.reason, last.detour

    def seen(self) -> list[str]:
        return [each.text for each in self.account.phone("oWang").pushed()]


@pytest.fixture
def post(stage: Stage, account: Account) -> Post:
    bind(stage, "王芳", "oWang")
    with stage.assistant.storage.write() as session:
        outbox.prefer(session, find_member(session, "王芳").id, "official")
    return Post(stage, account)


def test_within_two_days_of_a_word_it_goes_as_it_is(
    post: Post, account: Account
) -> None:
    account.say("oWang", "帮助")
    post.put(Text("明天开会"))
    assert post.seen() == ["明天开会"]


def test_after_two_days_it_goes_by_wecom_and_the_ledger_says_why(
    post: Post, account: Account
) -> None:
    account.say("oWang", "帮助")
    post.stage.clock.wait(hours=50)
    post.put(Text("明天开会"))
    assert post.seen() == []
    assert post.stage.world.phone("wangfang").pushed()[-1].text == "明天开会"
    assert post.reason() == ("delivered", None, f"公众号：{NO_TEMPLATE}")


def test_the_fifth_is_the_last_until_the_next_word(
    post: Post, account: Account
) -> None:
    account.say("oWang", "帮助")
    for number in range(7):
        post.put(Text(f"第{number}条"))
    assert len(post.seen()) == 5
    assert len(post.stage.world.phone("wangfang").pushed()) == 2
    assert "45047" in str(post.reason()[2])


def test_who_has_only_wechat_gets_it_with_the_next_word(
    post: Post, account: Account
) -> None:
    account.add("oWu", "吴刚")
    bind(post.stage, "吴刚", "oWu")
    post.stage.clock.wait(hours=50)
    topics = [post.put(Text(f"第{each}件"), name="吴刚") for each in range(2)]
    assert post.reason() == ("pending", f"公众号：{NO_TEMPLATE}", None)
    account.say("oWu", "帮助")
    post.stage.delivery.deliver_all()
    assert [each.text for each in account.phone("oWu").pushed()] == ["第0件", "第1件"]
    assert post.tally(topics[0]) == outbox.Tally(1, 1, 0, 0)


@pytest.mark.parametrize(
    ("code", "goes", "words"),
    [
        (45015, "wecom", "超过 48 小时"),
        (45047, "wecom", "发满 5 条"),
        (48001, "wecom", "权限"),
        (48002, "wecom", "关了接收"),
        (43004, "wecom", "没有关注"),
        (40003, "wecom", "重新绑定"),
        (48004, "wecom", "封禁"),
        (45009, "wecom", "调用次数用完"),
        (40164, "wecom", "IP 白名单"),
        (45002, "wecom", "内容太长"),
        (-1, "later", "正忙"),
        (45011, "later", "正忙"),
        (12345, "later", "没有收下"),
    ],
)
def test_each_error_is_a_sentence_and_a_way_on(
    post: Post, account: Account, code: int, goes: str, words: str
) -> None:
    account.say("oWang", "帮助")
    account.faults.add("message/custom/send", "errcode", code=code)
    topic = post.put(Text("明天开会"))
    if goes == "wecom":
        assert [each.text for each in post.stage.world.phone("wangfang").pushed()] == [
            "明天开会"
        ]
        state, _, detour = post.reason()
        assert state == "delivered"
        assert words in str(detour)
        assert post.seen() == []
    else:
        assert post.tally(topic).pending == 1
        post.stage.clock.wait(minutes=3)
        post.stage.delivery.deliver_all()
        assert post.seen() == ["明天开会"]
    assert post.tally(topic) == outbox.Tally(1, 1, 0, 0)


def test_what_is_uncertain_is_never_sent_again(post: Post, account: Account) -> None:
    account.say("oWang", "帮助")
    account.faults.add("message/custom/send", "reset_after")
    topic = post.put(Text("明天开会"))
    post.stage.clock.wait(minutes=10)
    post.stage.delivery.deliver_all()
    assert post.seen() == ["明天开会"]
    assert post.stage.world.phone("wangfang").pushed() == []
    assert post.tally(topic).refused == 1


def test_a_token_that_another_caller_killed_is_renewed(
    post: Post, account: Account
) -> None:
    account.say("oWang", "帮助")
    post.put(Text("一"))
    account.faults.add("message/custom/send", "expire_token")
    post.put(Text("二"))
    assert post.seen() == ["一", "二"]
    assert account.tokens.fetched == 2


def test_a_stranger_who_forces_a_token_every_minute_holds_up_nothing(
    post: Post, account: Account
) -> None:
    """Ours is found dead at each letter and asked for once more; none is forced."""
    account.say("oWang", "帮助")
    for number in range(15):
        if number % 5 == 0:
            account.say("oWang", "帮助")  # five a word is all that the platform lets
        account.tokens.expire()
        post.put(Text(f"第{number}条"))
        post.stage.clock.wait(minutes=1)
    assert post.seen() == [f"第{number}条" for number in range(15)]
    assert account.tokens.forced == []
    assert account.tokens.fetched <= 16


def test_another_programs_plain_token_kills_none_of_ours(
    post: Post, account: Account
) -> None:
    account.say("oWang", "帮助")
    for number in range(3):
        account.tokens.fetch(account.app_id, account.secret)
        post.put(Text(f"第{number}条"))
    assert account.tokens.fetched == 1


def test_a_token_refused_though_it_is_stable_is_forced_once(
    post: Post, account: Account
) -> None:
    account.say("oWang", "帮助")
    account.faults.add("message/custom/send", "errcode", code=40001)
    post.put(Text("一"))
    assert post.seen() == ["一"]
    assert len(account.tokens.forced) == 1


def test_who_left_is_known_to_be_lost_until_she_is_back(
    post: Post, account: Account
) -> None:
    account.say("oWang", "帮助")
    account.unfollow("oWang")
    post.put(Text("一"))
    assert account.calls["message/custom/send"] == 0
    account.follow("oWang")
    account.say("oWang", "帮助")
    post.put(Text("二"))
    assert post.seen() == ["二"]


def test_who_comes_back_is_reached_again_before_a_word(
    post: Post, account: Account
) -> None:
    """Following again is enough: the binding stayed, and the way is whole."""
    account.say("oWang", "帮助")
    account.unfollow("oWang")
    post.put(Text("一"))
    assert post.stage.world.phone("wangfang").pushed()[-1].text == "一"
    assert "还不认识" not in account.follow("oWang").text
    post.put(Text("二"))
    assert post.seen() == ["二"]


def test_a_card_is_told_in_words_and_pressed_by_word(
    post: Post, account: Account
) -> None:
    account.say("oWang", "帮助")
    buttons = (Button("打卡", "checkin:读书"), Button("看我的", "my_checkins"))
    post.put(Card("今天学了吗", "一句话就行", buttons, lines=(("时间", "今天"),)))
    assert post.seen() == [
        "今天学了吗\n一句话就行\n时间：今天\n回复数字或文字：\n1. 打卡\n2. 看我的"
    ]
    answer = account.say("oWang", "1")
    assert answer.text.startswith("（今天学了吗）\n")
    assert "已打卡" in answer.text
    assert "今天学了吗" not in account.say("oWang", "1").text


def test_a_number_is_of_the_card_only_while_nothing_else_was_said(
    post: Post, account: Account
) -> None:
    account.say("oWang", "帮助")
    post.put(Card("学了吗", "", (Button("打卡", "checkin:读书"), Button("不", "help"))))
    account.say("oWang", "我的信息")
    assert "学了吗" not in account.say("oWang", "1").text
    assert "已打卡" in account.say("oWang", "打卡").text


def test_a_picture_goes_as_one(post: Post, account: Account) -> None:
    account.say("oWang", "帮助")
    kept = post.stage.assistant
    with kept.storage.write() as session:
        number = keep(session, "卡.png", "image/png", samples.PNG, kept.clock.now())
    post.put(Picture(number))
    post.put(Picture(number))
    (first, second) = account.phone("oWang").pushed()
    assert (first.kind, second.kind) == ("image", "image")
    assert account.calls["media/upload"] == 1
    post.put(Picture(number, "file"))
    assert "不能发文件" in str(post.reason()[2])


def official(post: Post, account: Account, **templates: Template) -> None:
    """Set templates."""
    kept = post.stage.assistant
    from bot.config.settings import Official as Settings

    told = Settings(**settings(account), templates=templates)
    channel = Official(told, kept.storage, kept.clock, "第一支部")
    kept.senders["official"] = channel  # type: ignore[index]


def test_after_two_days_a_template_tells_of_it(post: Post, account: Account) -> None:
    account.templates["T1"] = CONTENT
    official(post, account, default=NOTICE)
    account.say("oWang", "帮助")
    post.stage.clock.wait(hours=50)
    post.put(Text("明天开会\n在201"))
    assert post.seen() == ["明天开会\n2026-03-04 10:00"]


def test_a_subscription_notice_goes_as_often_as_it_was_granted(
    post: Post, account: Account
) -> None:
    account.notices["N1"] = CONTENT
    account.followers["oWang"].granted["N1"] = 1
    notice = NOTICE.model_copy(update={"id": "N1", "notice": True})
    official(post, account, default=notice)
    post.stage.clock.wait(hours=50)
    post.put(Text("明天下午两点在201会议室开支部党员大会请大家带笔记本"))
    post.put(Text("再一件"))
    assert [each.split("\n")[0] for each in post.seen()] == [
        "明天下午两点在201会议室开支部党员大…"
    ]
    assert "43101" in str(post.reason()[2])


def test_shut_in_the_middle_of_a_broadcast_the_sum_holds(
    post: Post, account: Account
) -> None:
    kept = post.stage.assistant
    names = ["王芳", "李伟", "刘洋", "陈静", "何雪"]
    for name in names[1:]:
        account.add(f"o{name}", name)
        bind(post.stage, name, f"o{name}")
        with kept.storage.write() as session:
            assert outbox.prefer(session, find_member(session, name).id, "official")
        account.say(f"o{name}", "帮助")
    account.say("oWang", "帮助")
    account.faults.add("message/custom/send", "errcode", times=2, code=45015)
    post.stage.say("赵敏", "通知全体党员：周五下午两点在201开会，收到请回复")
    post.stage.say("赵敏", "确认")
    post.stage.delivery.deliver_all()
    there = [len(account.phone(f"o{each}").pushed()) for each in names[1:]]
    there.append(len(account.phone("oWang").pushed()))
    wecom = [
        any("周五" in each.text for each in post.stage.world.phone(userid).pushed())
        for userid in ("wangfang", "liwei", "liuyang", "chenjing", "hexue")
    ]
    assert (sum(there), sum(wecom)) == (3, 2)
    told = post.stage.say("赵敏", "谁没回复")
    assert "送达 6，未送达 0，发送中 0" in told
    assert "换个方式送到的（公众号：超过 48 小时没有在公众号说话" in told


def test_who_dies_before_it_is_written_down_leaves_one_in_doubt(
    post: Post, account: Account
) -> None:
    account.say("oWang", "帮助")
    kept, now = post.stage.assistant, post.stage.clock.now()
    window = Window(now, now + timedelta(days=2))
    with kept.storage.write() as session:
        member = find_member(session, "王芳")
        for key in ("a", "b"):
            plan = Plan(key, "notice", Text(key), window, Importance.NOTICE, topic=key)
            outbox.put_to(session, plan, member.userid, member.id, now=now)
    with kept.storage.write() as session:
        routes = outbox.find_routes(session, "wecom", kept.senders, now)
        dead = outbox.claim_singles(session, "wecom", "dead", now, None, routes)
    assert [each.channel for each in dead] == ["official"]
    post.stage.clock.wait(minutes=4)
    post.stage.delivery.deliver_all()
    assert post.seen() == ["b"]
    assert (post.tally("a").refused, post.tally("b").delivered) == (1, 1)
