"""The set-up in WeCom's admin console, tried step by step: each mistake by its name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import requests

from bot.assistant.paraphrase import find_fault
from bot.channels.http import open_session
from bot.channels.rephrase import Rephraser
from bot.channels.wecom import WeCom
from bot.config.settings import Config, Rephrase
from bot.errors import DeliveryError, RephraseError

KEYS = "Token 或 EncodingAESKey"
ECHO_WITHIN = 1.0  # WeCom's console waits no longer (path/90238)
PATIENCE = (3.05, 5.0)
CALLBACK = "/wecom/callback"
APP = "管理后台“应用管理 › 自建 › 本应用”"

# What each error code of path/90313 says of the set-up, and where it is mended.
MISTAKES = {
    40013: "wecom.corp_id：企业 ID 不对。在管理后台“我的企业 › 企业信息”最下面复制。",
    40001: f"wecom.secret：Secret 不对，或应用已停用。在{APP}里重新查看 Secret；"
    "不要用“通讯录同步”的 Secret。连续试错会被禁一小时，改好再试。",
    40091: f"wecom.secret：这个 Secret 是别的企业的。在{APP}里重新查看。",
    301002: f"wecom.agent_id：和 secret 不是同一个应用。在{APP}里看 AgentId。",
    40056: f"wecom.agent_id：没有这个应用。在{APP}里看 AgentId。",
    50003: f"应用已停用：在{APP}里启用。",
    48002: "应用没有这个接口的权限：自建应用一般都有，请确认填的是自建应用。",
    48006: f"应用长期没用，权限被收回了：在{APP}里重新启用。",
    45009: "企业微信说调用太频繁（也可能是 secret 试错太多被禁）：过一小时再试。",
}
UNTRUSTED = (
    "企业可信 IP：服务器的出口 IP（{ip}）不在名单里。"
    f"在{APP} › 企业可信IP 里加上它，约一分钟后生效"
    "（要先填好“接收消息服务器 URL”或可信域名，才能填可信 IP）。"
)
PASSAGE = "支部党员大会一般每季度召开1次。"
NOBODY = f"可见范围里没有人：在{APP} › 可见范围里选上本支部的部门。"
UNSEEN = (
    "branch.secretaries：应用的可见范围里没有账号 {userid}。"
    f"核对账号（通讯录里成员的“账号”，不是姓名），或在{APP} › 可见范围里选上。"
)
OTHER_KEY = (
    "wecom.encoding_aes_key：企业微信发来的消息解不开，"
    "和后台“接收消息服务器配置”里的 EncodingAESKey 不一样。"
)
OTHER_CORP = "wecom.corp_id：企业微信发来的消息是发给别的企业的，请核对企业 ID。"
OTHER_TOKEN = (
    "wecom.token：收到过 {count} 个回调，签名没有一个对的，"
    "和后台“接收消息服务器配置”里的 Token 多半不一样。"
)
OTHER_DAY = (
    "这台机器的时钟：企业微信发来的消息，签名的时间和这里差了一天以上，所以没有收；"
    "请先把时钟校准（timedatectl）。时钟没有错的话，是有人在重放旧消息，没有被理会。"
)
MISFITS = {
    "encoding_aes_key": OTHER_KEY,
    "corp_id": OTHER_CORP,
    "clock": OTHER_DAY,
}
LAST = 'xiangyang_callbacks_last_timestamp_seconds{{what="{}"}}'


@dataclass(frozen=True)
class Findings:
    faults: list[str]
    remarks: list[str]


def try_all(config: Config, wecom: WeCom) -> Findings:
    """Try the API, then our own callback through the address that WeCom sees."""
    faults = _try_api(config, wecom)
    remarks: list[str] = []
    if config.server.public_url:
        query, echo = wecom.seal_echo()
        faults += knock(f"{config.server.public_url}{CALLBACK}", query, echo)
    else:
        remarks.append("没有填 server.public_url，所以没有试回调地址。")
    faults += _read_counters(f"http://127.0.0.1:{config.server.port}/metrics")
    return Findings(faults, remarks)


def try_rephrasing(settings: Rephrase) -> Findings:
    """Have one sentence of the rules rephrased; nothing of the branch is sent."""
    name = f"rephrase（{settings.model}）"
    try:
        said = Rephraser(settings).rephrase("", PASSAGE, settings.timeout)
    except RephraseError as error:
        return Findings([f"{name}：{_why_not(error, settings)}"], [])
    if fault := find_fault(said, PASSAGE):
        remark = f"{name}：答复了，但改写不忠实（{fault}），所以会显示原文。"
        return Findings([], [remark])
    return Findings([], [])


def _why_not(error: RephraseError, settings: Rephrase) -> str:
    if error.late:
        told = f"{settings.timeout:g} 秒内没有答复"
        return f"{told}。换快一点的模型，或把 rephrase.timeout 调大。"
    if error.status in (401, 403):
        return "api_key 不对，或没有权限用这个模型。"
    if error.status == 404:
        return "base_url 或 model 不对（404）。base_url 通常以 /v1 结尾。"
    if error.status == 429:
        return "对方说太频繁，或额度用完了（429）。"
    if error.status:
        return f"对方答复 HTTP {error.status}，请核对 base_url、model 和 api_key。"
    if error.connected:
        return "那里答复的不是 OpenAI 兼容的接口，请核对 base_url。"
    return "连不上，请核对 base_url 和网络。"


def _try_api(config: Config, wecom: WeCom) -> list[str]:
    """Stop at the first step that fails: what comes after it would fail too."""
    try:
        wecom.client.token()
        app = wecom.describe_app()
        wanted = config.wecom and config.wecom.agent_id
        if str(app.get("agentid", wanted)) != str(wanted):
            return [MISTAKES[301002]]
        people = wecom.contacts.people()
    except DeliveryError as error:
        return [_name(error)]
    if not people:
        return [NOBODY]
    seen = {each.userid.casefold() for each in people}
    return [
        UNSEEN.format(userid=each)
        for each in config.branch.secretaries
        if each.casefold() not in seen
    ]


def _name(error: DeliveryError) -> str:
    if error.code == 60020:
        found = re.search(r"[\d.]{7,}|[0-9a-fA-F:]{8,}", error.detail)
        return UNTRUSTED.format(ip=found[0] if found else "见企业微信的提示")
    return MISTAKES.get(error.code or 0, f"wecom：{error}")


def knock(  # noqa: PLR0913  # all of it is named
    url: str,
    query: Mapping[str, str],
    echo: str,
    *,
    within: float = ECHO_WITHIN,
    keys: str = KEYS,
    who: str = "企业微信",
) -> list[str]:
    """Knock as the platform's console does when the address is saved."""
    try:
        with open_session() as http:
            answer = http.get(
                url, params=query, timeout=PATIENCE, allow_redirects=False
            )
    except requests.RequestException as error:
        return [f"回调地址 {url}：{_why(error)}"]
    fault = _judge(answer, echo, within, keys, who)
    return [f"回调地址 {url}：{fault}"] if fault else []


def _judge(
    answer: requests.Response,
    echo: str,
    within: float = ECHO_WITHIN,
    keys: str = KEYS,
    who: str = "企业微信",
) -> str | None:
    status = answer.status_code
    if status == 200 and answer.text == echo:
        seconds = answer.elapsed.total_seconds()
        if seconds <= within:
            return None
        return (
            f"答复用了 {seconds:.1f} 秒，{who}只等 {within:g} 秒，会说“URL 请求失败”。"
        )
    if status == 200:
        return "那里答复的不是向阳（也许是备案提示页，或别的网站）。"
    if status == 403:
        return f"正在运行的 serve 用的是别的 {keys}：改过设置之后要重启 serve。"
    if status in (502, 503, 504):
        return f"反向代理在，后面的 serve 没有在运行（HTTP {status}）。"
    return f"反向代理没有把这个路径转给 serve（HTTP {status}）。"


def _why(error: requests.RequestException) -> str:
    told = repr(error)
    if isinstance(error, requests.exceptions.SSLError):
        return "https 证书不可信或已过期（证书链要完整）。"
    if "NameResolutionError" in told or "getaddrinfo" in told:
        return "域名解析不了，请检查 DNS。"
    if isinstance(error, requests.Timeout):
        return "没有回答（防火墙或安全组没有放行？）。"
    return "连不上：服务没有运行，或端口没有放行。"


def read_metrics(url: str) -> str:
    """Ask the running web for its figures; "" if none runs."""
    try:
        with open_session() as http:
            return http.get(url, timeout=PATIENCE).text
    except requests.RequestException:
        return ""


def last_of(text: str, what: str) -> float:
    """Tell when a door last saw something; 0 for never."""
    return _read(text, LAST.format(what))


def find_misfits(text: str, channel: str, told: Mapping[str, str]) -> list[str]:
    """Tell which settings the last callbacks of a channel did not fit.

    text: what the running web says of itself. told: what each setting's misfit means.
    A setting that fits again is complained of until the next genuine callback.
    """
    genuine = last_of(text, f"{channel}:genuine")
    return [
        words
        for setting, words in told.items()
        if last_of(text, f"{channel}:{setting}") > genuine
    ]


def _read_counters(url: str) -> list[str]:
    """Tell what callbacks the running web had to refuse; silent if none runs.

    A setting that fits again is complained of until the next genuine callback.
    """
    text = read_metrics(url)
    genuine = last_of(text, "genuine")
    refused = _read(text, 'xiangyang_callbacks_refused_total{status="403"}')
    if last_of(text, "official:refused"):
        refused = last_of(text, "refused") and refused
    faults = [
        told for setting, told in MISFITS.items() if last_of(text, setting) > genuine
    ]
    if refused and not genuine and not faults:
        faults.append(OTHER_TOKEN.format(count=int(refused)))
    return faults


def _read(text: str, name: str) -> float:
    lines = (line for line in text.splitlines() if line.startswith(name))
    return sum(float(line.rpartition(" ")[2]) for line in lines)
