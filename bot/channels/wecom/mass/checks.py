"""What stands between these settings and 企业群发: asked of WeCom itself, changing nothing there."""

from collections.abc import Iterator

from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.doctor import Check, Outcome
from bot.channels.wecom.people import WeComPeople
from domain.errors import PeibanError
from domain.party import Role
from domain.ports import Store

_TITLE = "客户联系"
_RIGHT = "到管理后台“客户与上下游—客户联系—可调用接口的应用”勾选这个应用；Secret 要用这个应用自己的，设到 PEIBAN_WECOM_CONTACTS_SECRET"
_NO_ADDRESS = 60020


def mass_checks(store: Store, client: WeComClient, people: WeComPeople) -> Iterator[Check]:
    """Look. Never raises for what WeCom or the network does."""
    try:
        listed = client.call("externalcontact/get_follow_user_list").get("follow_user")
    except WeComRefused as refused:
        to_do = "到管理后台这个应用的“企业可信IP”里加上本机的出口地址" if refused.code == _NO_ADDRESS else _RIGHT
        yield Check(title=_TITLE, outcome=Outcome.MISSING, found=f"企业微信拒绝，错误码 {refused.code}", to_do=to_do)
        return
    except PeibanError as fault:
        found = f"连不上企业微信（{type(fault).__name__}）"
        yield Check(title=_TITLE, outcome=Outcome.MISSING, found=found, to_do="过一会儿再试；核对网络和 PEIBAN_WECOM_API_BASE")
        return
    members = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    with store.reading() as records:
        managers = {one.id for one in records.book.people() if one.active and one.role is Role.RM}
        reachable = len(records.mass.reachable())
    able = sum(people.staff_id(userid) in managers for userid in members)
    outcome = Outcome.GOOD if able else Outcome.MISSING
    to_do = "" if able else "在“客户联系—权限配置”里加上客户经理，并在 PEIBAN_WECOM_PEOPLE 里写明是谁"
    yield Check(title=_TITLE, outcome=outcome, found=f"{len(members)} 位成员可以联系客户，其中 {able} 位是在岗客户经理", to_do=to_do)
    hint = "" if reachable else "客户先要加客户经理为企业微信好友，并完成绑定"
    yield Check(
        title="企业群发", outcome=Outcome.GOOD if reachable else Outcome.NOTE, found=f"已绑定、可以群发的客户 {reachable} 位", to_do=hint
    )
