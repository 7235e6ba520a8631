"""What WeCom's error codes mean for a letter (path/90313)."""

from datetime import timedelta

from bot.errors import DeliveryError

TOKEN_REFUSED = {40001, 40014, 41001, 42001}
CODE_REFUSED = {40029, 42003, 42022}  # of a page's login

# The request will never be taken as it is.
HOPELESS = {
    40003: "账号不存在或已离开",
    40004: "图片或文件的格式不对",
    40005: "图片或文件的格式不对",
    40006: "图片或文件是空的或太大",
    40007: "图片或文件已失效",
    40008: "不支持这种消息",
    40035: "参数不合法",
    40058: "参数不合法",
    40063: "缺少参数",
    40145: "图片或文件已失效",
    40201: "被企业微信的反垃圾规则拦下",
    41033: "缺少描述",
    41016: "缺少标题",
    44001: "图片或文件是空的或太大",
    44004: "内容是空的",
    45001: "文件太大",
    45002: "内容太长",
    45007: "语音太长",
    45008: "图文太多",
    46004: "账号不存在",
    60111: "账号不存在或已离开",
    60011: "应用没有给此人发消息的权限",
    60021: "不在应用的可见范围内",
    42052: "超过 24 小时，不能撤回",
    60140: "这张卡片已经不能再更新",
    81013: "不在应用的可见范围内",
    82004: "内容可能使客户端崩溃，被企业微信拦下",
    82101: "这张卡片没有可更新的人",
    82102: "这张卡片没有发给此人",
    93000: "群机器人的地址不对，或机器人已被移出群",
    93001: "群不允许机器人推送消息",
    93004: "群机器人已停用",
    93006: "群聊不存在",
    93008: "群机器人不在群里",
    93017: "内容是空的",
    93018: "图片太大",
    93019: "群机器人的编号不对",
} | dict.fromkeys(range(42014, 42052), "卡片内容不合要求")

# The settings or WeCom's admin page must be mended by a person; ask seldom until then.
MISCONFIGURED = {
    40001: "应用的 secret 不对或应用已停用",
    40013: "corp_id 不对",
    40056: "agent_id 不对",
    40091: "secret 不是这个企业的",
    43012: "应用没有设置接收消息的服务器地址",
    48001: "应用没有这个接口的权限",
    48002: "应用没有这个接口的权限",
    48006: "应用长期未用，权限被收回，请管理员重新启用",
    50003: "应用已停用",
    60020: "服务器的 IP 不在应用的企业可信 IP 里",
    301002: "agent_id 与 secret 不是同一个应用",
}

BUSY = {
    -1: timedelta(seconds=5),
    6000: timedelta(seconds=5),
    45033: timedelta(seconds=5),
    45009: timedelta(seconds=65),  # a minute's window is blocked for 60 s (path/90312)
}
SELDOM = timedelta(minutes=10)
OVERDONE = 45009  # the whole app's calls, not one letter's (path/90312)

INVALID_USER = "不在应用的可见范围内，或账号不存在"
NO_ACCOUNT = "名册里记的不是一个人的企业微信账号"
UNLICENSED_USER = "没有企业微信接口许可"


def to_error(code: int, message: str) -> DeliveryError:
    """Judge an error code: hopeless, misconfigured, or to be tried again."""
    told = f"（{code}）"
    if code in HOPELESS:
        error = DeliveryError(HOPELESS[code] + told, permanent=True)
    elif code in MISCONFIGURED:
        error = DeliveryError(MISCONFIGURED[code] + told, wait=SELDOM)
    elif code in BUSY:
        error = DeliveryError(f"企业微信正忙{told}", wait=BUSY[code])
    else:
        error = DeliveryError(f"企业微信没有收下：{message[:80]}{told}")
    error.code, error.detail = code, message
    error.everywhere = code in MISCONFIGURED or code == OVERDONE
    return error
