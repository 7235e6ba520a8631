"""The smart robot's set-up, tried: each mistake by its name."""

import asyncio
from datetime import datetime

from sqlalchemy.orm import Session

from bot.channels.aibot import AiBot, errcodes, lease
from bot.channels.aibot.connection import LineError, Refused, try_line
from bot.channels.aibot.lease import SILENT
from bot.config.settings import AiBot as Settings
from bot.config.settings import Config
from server.setup.check_online import (
    Findings,
    find_misfits,
    knock,
    last_of,
    read_metrics,
)

ADMIN = "管理后台“安全与管理 › 管理工具 › 智能机器人 › 本机器人 › API 模式”"
HELD = (
    "aibot：serve 正拿着这个机器人的长连接，没有另外试（再连一次会把它顶掉）；"
    "最后一次收到消息：{heard}。"
)
DOWN = "aibot：serve 拿着长连接，但现在不通：{fault}。"
NO_URL = "aibot：回调方式要在 server.public_url 里写企业微信能访问的 https 地址。"
CALLBACK = "/aibot/callback"
NEVER_CALLED = f"aibot：还没有收到过机器人的回调；到{ADMIN}里填好地址，点保存。"
OTHER_TOKEN = f"收到过回调，签名没有一个对的：Token 和{ADMIN}里的多半不一样。"
MISFITS = {
    "encoding_aes_key": f"机器人发来的消息解不开：EncodingAESKey 和{ADMIN}里的不一样。",
    "bot_id": "机器人发来的消息是别的机器人的，请核对 aibot.bot_id。",
    "corp_id": "收到的回调是应用的，不是机器人的：机器人的回调地址填给了自建应用。",
    "clock": "这台机器的时钟和消息签名的时间差了一天以上：先校准时钟（timedatectl）。",
}
UNREACHED = (
    "aibot.url：连不上 {url}（{why}）。"
    "服务器要能访问外网的 443 端口；私有部署的企业在管理端查看长连接地址。"
)


def try_robot(
    config: Config, robot: AiBot, session: Session, now: datetime
) -> Findings:
    """Try the way that is set up. Nothing is said to anybody."""
    settings = robot.settings
    if not settings.has_line:
        return _try_callback(config, robot)
    line = lease.find(session)
    if line and line.owner and now - line.beat_at < SILENT:
        if line.up_since is None:
            return Findings([DOWN.format(fault=line.fault or "还在连接")], [])
        zone = config.timezone
        heard = line.heard_at and line.heard_at.astimezone(zone)
        told = f"{heard:%m月%d日 %H:%M}" if heard else "还没有收到过"
        return Findings([], [HELD.format(heard=told)])
    return Findings(_try_line(settings), [])


def _try_line(settings: Settings) -> list[str]:
    assert settings.secret
    who = {"bot_id": settings.bot_id, "secret": settings.secret.get_secret_value()}
    try:
        asyncio.run(try_line(settings.url, who))
    except Refused as refused:
        told = errcodes.MISCONFIGURED.get(refused.code)
        told = told or f"平台不接受（{refused}），请核对{ADMIN}"
        return [f"aibot：{told}。"]
    except LineError as error:
        return [UNREACHED.format(url=settings.url, why=error)]
    return []


def _try_callback(config: Config, robot: AiBot) -> Findings:
    """Knock as the admin page does, and read what the running web had to refuse."""
    server = config.server
    if not server.public_url:
        return Findings([NO_URL], [])
    query, echo = robot.seal_echo()
    url = f"{server.public_url}{CALLBACK}"
    faults = knock(url, query, echo, who="企业微信")
    text = read_metrics(f"http://127.0.0.1:{server.port}/metrics")
    faults += find_misfits(text, "aibot", MISFITS)
    never = not last_of(text, "aibot:genuine")
    if last_of(text, "aibot:refused") and never and not faults:
        faults.append(OTHER_TOKEN)
    remarks = [NEVER_CALLED] if text and never and not faults else []
    return Findings([f"aibot：{each}" for each in faults], remarks)
