"""What the official account's error codes mean for a letter.

developers.weixin.qq.com/doc/service: 返回码说明, 客服消息, 模板消息, 订阅通知.
"""

from datetime import timedelta

from bot.errors import DeliveryError

TOKEN_REFUSED = {40001, 40014, 41001, 42001}
CODE_REFUSED = {40029, 40163, 42003}  # of a page's login

# The window for customer-service messages is shut; a template may still go.
SHUT = {
    45015: "超过 48 小时没有在公众号说话，发不过去",
    45047: "上次说话以后已经发满 5 条，等本人再说一句",
    48001: "公众号没有客服消息的权限（要认证），只能在说话时回复",
}
# A template or subscription notice does not go to this person now.
NOT_GRANTED = {
    43101: "没有同意接收订阅通知",
    43117: "模板消息发得太密，公众号没有收下",
    43107: "订阅通知的次数用完了",
}
# Nothing reaches this person until he or she comes back.
LOST = {
    43004: "没有关注公众号",
    40003: "在公众号的编号不对，要重新绑定",
    48002: "在公众号里关了接收消息",
}

# The request will never be taken as it is.
HOPELESS = {
    40004: "图片的格式不对",
    40005: "文件的格式不对",
    40006: "图片是空的或太大",
    40007: "图片已失效",
    40008: "不支持这种消息",
    40009: "图片太大",
    40035: "参数不合法",
    40037: "模板编号不对，请管理员核对 official.templates",
    44004: "内容是空的",
    45002: "内容太长",
    45008: "图文太多",
    47001: "内容不合要求",
    47003: "模板里有一项不合要求，请管理员核对 official.templates",
    87009: "内容被公众号拦下",
}

# The settings or the account's admin page must be mended by a person; ask seldom.
MISCONFIGURED = {
    40001: "公众号的 secret 不对，或令牌被别的程序换掉了",
    40013: "公众号的 app_id 不对",
    40125: "公众号的 secret 不对",
    40164: "服务器的 IP 不在公众号的 IP 白名单里",
    48004: "公众号的这个接口被封禁了",
    50002: "公众号被限制了",
    61004: "服务器的 IP 不在公众号的 IP 白名单里",
    89503: "公众号的这次调用要管理员确认",
}

BUSY = {
    -1: timedelta(seconds=5),
    45011: timedelta(seconds=65),
}
SELDOM = timedelta(minutes=10)
OVERDONE = 45009
TOMORROW = timedelta(minutes=55)  # no pause is longer than an hour; then it is asked


def to_error(code: int, message: str) -> DeliveryError:
    """Judge an error code: hopeless, misconfigured, or to be tried again."""
    told = f"（{code}）"
    known = {**SHUT, **NOT_GRANTED, **LOST, **HOPELESS}
    if code in MISCONFIGURED:
        error = DeliveryError(MISCONFIGURED[code] + told, wait=SELDOM)
    elif code == OVERDONE:
        why = f"公众号今天的调用次数用完了{told}"
        error = DeliveryError(why, wait=TOMORROW)
    elif code in known:
        error = DeliveryError(known[code] + told, permanent=True)
    elif code in BUSY:
        error = DeliveryError(f"公众号正忙{told}", wait=BUSY[code])
    else:
        error = DeliveryError(f"公众号没有收下：{message[:80]}{told}")
    error.code, error.detail = code, message
    error.everywhere = code in MISCONFIGURED or code == OVERDONE
    return error
