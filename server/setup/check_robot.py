"""The smart robot's set-up, tried: each mistake by its name."""

import asyncio
from datetime import datetime

import requests
from sqlalchemy.orm import Session

from bot.channels.aibot import errcodes, lease
from bot.channels.aibot.connection import LineError, Refused, try_line
from bot.channels.aibot.lease import SILENT
from bot.channels.http import open_session
from bot.config.settings import AiBot, Config
from server.setup.check_online import PATIENCE, Findings

ADMIN = "管理后台“安全与管理 › 管理工具 › 智能机器人 › 本机器人 › API 模式”"
HELD = (
    "aibot：serve 正拿着这个机器人的长连接，没有另外试（再连一次会把它顶掉）；"
    "最后一次收到消息：{heard}。"
)
DOWN = "aibot：serve 拿着长连接，但现在不通：{fault}。"
NO_URL = "aibot：回调方式要在 server.public_url 里写企业微信能访问的 https 地址。"
CALLBACK = "/aibot/callback"
UNREACHED = (
    "aibot.url：连不上 {url}（{why}）。"
    "服务器要能访问外网的 443 端口；私有部署的企业在管理端查看长连接地址。"
)


def try_robot(config: Config, session: Session, now: datetime) -> Findings:
    """Try the way that is set up. Nothing is said to anybody."""
    settings = config.aibot
    assert settings
    if not settings.has_line:
        return _try_callback(config)
    line = lease.find(session)
    if line and line.owner and now - line.beat_at < SILENT:
        if line.up_since is None:
            return Findings([DOWN.format(fault=line.fault or "还在连接")], [])
        zone = config.timezone
        heard = line.heard_at and line.heard_at.astimezone(zone)
        told = f"{heard:%m月%d日 %H:%M}" if heard else "还没有收到过"
        return Findings([], [HELD.format(heard=told)])
    return Findings(_try_line(settings), [])


def _try_line(settings: AiBot) -> list[str]:
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


def _try_callback(config: Config) -> Findings:
    """Ask our own address whether anybody answers there."""
    if not config.server.public_url:
        return Findings([NO_URL], [])
    url = f"{config.server.public_url}{CALLBACK}"
    try:
        with open_session() as http:
            status = http.get(url, timeout=PATIENCE, allow_redirects=False).status_code
    except requests.RequestException as error:
        return Findings(
            [f"aibot：回调地址 {url} 连不上（{type(error).__name__}）。"], []
        )
    if status != 403:  # what is not signed gets that
        told = f"那里答复 HTTP {status}，不是向阳：反向代理没有转给 serve。"
        return Findings([f"aibot：回调地址 {url}：{told}"], [])
    remark = f"aibot：回调地址 {url} 在；Token 和 Key 对不对，在{ADMIN}里保存时就知道。"
    return Findings([], [remark])
