"""Whom mass messages can reach. Whether contacts work at all, `contacts.doctor` asks."""

from bot.channels.wecom.doctor import Check, Outcome
from domain.ports import Store


def check_reach(store: Store) -> Check:
    """Count the customers who are bound and a contact of some member."""
    with store.reading() as records:
        reachable = len(records.mass.reachable())
    hint = "" if reachable else "客户先要加客户经理为企业微信好友，并完成绑定"
    found = f"已绑定、可以群发的客户 {reachable} 位"
    return Check(title="企业群发", outcome=Outcome.GOOD if reachable else Outcome.NOTE, found=found, to_do=hint)
