"""What the platform's numbers mean for a line and for what is sent on it.

https://developer.work.weixin.qq.com/document/path/90313
"""

from datetime import timedelta

from bot.errors import DeliveryError

# The settings or the admin page must be mended by a person; ask seldom until then.
MISCONFIGURED = {
    846601: "机器人没有开长连接：在管理后台机器人的“API 模式”里选“使用长连接”",
    853000: "bot_id 或 secret 不对：在管理后台机器人的“API 模式”里重新查看",
}
GONE = {846604, 846605}  # the request that an answer is for is over, or none of theirs
ANSWERED = 846606  # before, by us
NOT_GREETED = 846607
NEVER_SPOKE = "还没有跟机器人说过话，机器人不能先开口"
NOT_SUBSCRIBED = 846609
BUSY = {-1, 6000, 45033, 301022, 2000111}
TOO_OFTEN = {45009, 846602, 846603}
LATER, SELDOM = timedelta(seconds=65), timedelta(minutes=10)


def refuse(code: int, said: str) -> DeliveryError:
    """Say what an error number of an acknowledgement means for a letter."""
    if code == NOT_GREETED:
        error = DeliveryError(NEVER_SPOKE, permanent=True)
    elif code in MISCONFIGURED:
        error = DeliveryError(MISCONFIGURED[code], wait=SELDOM)
        error.everywhere = True
    elif code in BUSY or code == NOT_SUBSCRIBED:
        error = DeliveryError(f"机器人平台忙（{code}）")
    elif code in TOO_OFTEN:
        error = DeliveryError(f"机器人发得太频繁（{code}）", wait=LATER)
    else:
        error = DeliveryError(f"机器人平台没有收（{code}）", permanent=True)
    error.code, error.detail = code, said
    return error
