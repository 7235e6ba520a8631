"""The set-up of the official account, tried step by step: each mistake by its name."""

import re
from collections.abc import Mapping
from typing import Any

from bot.channels.official import Official
from bot.config import settings as config
from bot.errors import DeliveryError
from server.setup.check_online import (
    Findings,
    find_misfits,
    knock,
    last_of,
    read_metrics,
)

CALLBACK = "/official/callback"
PLACE = "公众平台“设置与开发 › 开发接口管理”"
KEY = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")

MISTAKES = {
    40013: f"official.app_id：AppID 不对。在{PLACE}里复制。",
    40125: f"official.secret：AppSecret 不对。忘了的，在{PLACE}里重置，旧的马上失效。",
    40001: "official.secret：AppSecret 不对，或令牌总被别的程序换掉。"
    f"在{PLACE}里核对。",
    40002: "official.api_base：那里不认这种取令牌的方式，请核对地址。",
    48001: "公众号没有这个接口的权限：客服消息、模板消息要认证的服务号；"
    "没有认证的，只能在党员说话时回复，通知改发企业微信。",
    48004: "公众号的接口被封禁了：在公众平台的通知里看原因和期限。",
    50002: "公众号被限制了：在公众平台的通知里看原因。",
    45009: "公众号今天的调用次数用完了：在公众平台清零，或明天再试。",
}
UNTRUSTED = (
    f"IP 白名单：服务器的出口 IP（{{ip}}）不在名单里。在{PLACE}的“IP 白名单”里加上它。"
)
NO_TEMPLATE = "official.templates.{kind}.id：公众号里没有编号是 {id} 的{what}。"
OTHER_KEYS = (
    "official.templates.{kind}.data：这个模板要的是 {wanted}，设置里写的是 {given}。"
)
NO_TEMPLATES = (
    "没有设 [official.templates]：超过 48 小时没在公众号说话的人，"
    "通知改发企业微信，或等本人再说话。"
)
PLAIN = "没有填 official.encoding_aes_key：只能用明文模式，建议在公众平台改成安全模式。"
OTHER_TOKEN = (
    "official.token：收到过公众号的回调，签名没有一个对的，"
    "和公众平台“服务器配置”里的 Token 多半不一样。"
)
OTHER_KEY = (
    "official.encoding_aes_key：公众号发来的消息解不开，"
    "和公众平台“服务器配置”里的 EncodingAESKey 不一样"
    "（刚换过的，把旧的写在 old_encoding_aes_key）。"
)
OTHER_APP = "official.app_id：公众号发来的消息是发给别的公众号的，请核对 AppID。"
OTHER_DAY = (
    "这台机器的时钟：公众号发来的消息，签名的时间和这里差得太多，所以没有收；"
    "请先把时钟校准（timedatectl）。"
)
MISFITS = {
    "encoding_aes_key": OTHER_KEY,
    "corp_id": OTHER_APP,
    "clock": OTHER_DAY,
}


def try_official(
    whole: config.Config, settings: config.Official, official: Official
) -> Findings:
    """Try the API, the templates, then our own callback as the platform sees it."""
    faults = _try_api(settings, official)
    remarks = [] if settings.templates else [NO_TEMPLATES]
    if settings.encoding_aes_key is None:
        remarks.append(PLAIN)
    server = whole.server
    if server.public_url:
        query, echo = official.sign_echo()
        url = f"{server.public_url}{CALLBACK}"
        faults += knock(url, query, echo, within=5.0, keys="Token", who="公众号")
    else:
        remarks.append("没有填 server.public_url，所以没有试公众号的回调地址。")
    faults += _read_counters(read_metrics(f"http://127.0.0.1:{server.port}/metrics"))
    return Findings(faults, remarks)


def _try_api(settings: config.Official, official: Official) -> list[str]:
    """Stop at the first step that fails: what comes after it would fail too."""
    try:
        official.client.token()
        return _try_templates(settings, official)
    except DeliveryError as error:
        return [_name(error)]


def _try_templates(settings: config.Official, official: Official) -> list[str]:
    faults: list[str] = []
    for notice in (False, True):
        mine = {
            kind: each
            for kind, each in settings.templates.items()
            if each.notice is notice
        }
        known = official.list_templates(notice=notice) if mine else {}
        for kind, each in mine.items():
            faults += _judge(kind, each, known)
    return faults


def _judge(kind: str, template: config.Template, known: Mapping[str, str]) -> list[str]:
    content = known.get(template.id)
    if content is None:
        what = "订阅通知" if template.notice else "模板消息"
        return [NO_TEMPLATE.format(kind=kind, id=template.id, what=what)]
    wanted, given = KEY.findall(content), list(template.data)
    if content and set(wanted) != set(given):
        told: dict[str, Any] = {"wanted": "、".join(wanted), "given": "、".join(given)}
        return [OTHER_KEYS.format(kind=kind, **told)]
    return []


def _name(error: DeliveryError) -> str:
    if error.code in (40164, 61004):
        found = re.search(r"[\d.]{7,}|[0-9a-fA-F:]{8,}", error.detail)
        return UNTRUSTED.format(ip=found[0] if found else "见公众平台的提示")
    return MISTAKES.get(error.code or 0, f"official：{error}")


def _read_counters(text: str) -> list[str]:
    """Tell what the running web had to refuse; silent if none runs."""
    faults = find_misfits(text, "official", MISFITS)
    never = not last_of(text, "official:genuine")
    if last_of(text, "official:refused") and never and not faults:
        faults.append(OTHER_TOKEN)
    return faults
