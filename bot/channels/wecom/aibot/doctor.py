"""Whether WeCom's long connection can be reached. It does not subscribe: that would displace the bot that runs."""

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from bot.channels.wecom.doctor import Check, Outcome

_TITLE = "智能机器人"
_PATIENCE_S = 5.0


def check_aibot(url: str) -> Check:
    """One line for the doctor. Never raises for what the network does."""
    try:
        with connect(url, open_timeout=_PATIENCE_S, close_timeout=1):
            pass
    except (OSError, WebSocketException, TimeoutError) as error:
        to_do = "核对 PEIBAN_WECOM_AIBOT_URL、出网（443 端口）、代理和 DNS"
        return Check(title=_TITLE, outcome=Outcome.MISSING, found=f"长连接连不上（{type(error).__name__}）", to_do=to_do)
    to_do = "Bot ID 和 Secret 没有验证，一验证就会挤掉正在运行的机器人：看日志里的 wecom.aibot.connected 或 wecom.aibot.subscribe.refused"
    return Check(title=_TITLE, outcome=Outcome.NOTE, found="长连接的地址通了", to_do=to_do)
