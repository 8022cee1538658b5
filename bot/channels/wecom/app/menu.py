"""The menu under the app's chat (document/path/90231): a pressed entry is a text that the dialogue understands."""

from typing import Any

from bot.channels.wecom.app.login import PATH
from bot.channels.wecom.client import WeComClient


def menu(*, public_url: str) -> dict[str, Any]:
    """The menu. The workbench stands in it where the address is known at which members reach this server."""
    workbench = [{"type": "view", "name": "工作台", "url": f"{public_url.rstrip('/')}{PATH}"}] if public_url else []
    more = [_click("我的待办", "我的待办"), *workbench, _click("帮助", "帮助")]
    return {"button": [_click("待接", "待接"), _click("我的客户", "我的客户名单"), {"name": "更多", "sub_button": more}]}


def set_menu(client: WeComClient, *, agent_id: int, public_url: str) -> list[str]:
    """Replace the app's menu and return the names in it. Raises as `WeComClient.call`."""
    wanted = menu(public_url=public_url)
    client.call("menu/create", wanted, query={"agentid": agent_id})
    return [one["name"] for entry in wanted["button"] for one in entry.get("sub_button", [entry])]


def _click(name: str, text: str) -> dict[str, str]:
    return {"type": "click", "name": name, "key": text}
