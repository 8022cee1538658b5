"""message/send and message/recall."""

import json

from sandbox.wecom import given as g
from sandbox.wecom.app.card_content import INTERACTIVE
from sandbox.wecom.app.content import checked
from sandbox.wecom.app.receivers import check_agent, receivers
from sandbox.wecom.app.response_codes import issue
from sandbox.wecom.app.state import Sent
from sandbox.wecom.endpoint import Call, Json, Table, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.world import World

_PER_MINUTE = 30
_DAY_S = 86400
_CODE_S = 72 * 3600
_LONGEST_CHECK_S = 4 * 3600


def _send(world: World, call: Call) -> Json:
    given = call.given
    check_agent(world, given.get("agentid"))
    to = receivers(world, given)
    body = checked(world, given)
    for switch in ("safe", "enable_id_trans", "enable_duplicate_check"):
        g.number(given, switch, 0, most=1)
    interval = g.number(given, "duplicate_check_interval", 1800, most=_LONGEST_CHECK_S)
    task_id = _new_task_id(world, body)
    if world.settings.rate_limits:
        most = world.settings.account_ceiling * 200
        world.limits.count("person-times of message/send", world.clock.now(), _DAY_S, most, by=len(to.members))
    sent = Sent(world.new_id("app"), world.clock.now(), body["msgtype"], task_id=task_id)
    world.app.sent[sent.msgid] = sent
    if not (given.get("enable_duplicate_check") and _repeated(world, body, [member.userid for member in to.members], interval)):
        for member in to.members:
            _show(world, sent, member.userid, body)
    answer = to.report() | {"msgid": sent.msgid}
    if body["msgtype"] == "template_card" and body["template_card"]["card_type"] in INTERACTIVE:
        answer["response_code"] = issue(world, sent, world.clock.now() + _CODE_S)
    return answer


def _new_task_id(world: World, body: Json) -> str:
    task_id = str(body.get("template_card", {}).get("task_id", ""))
    if task_id and task_id in world.app.task_ids:
        raise Refused(42014, "task_id was used before")
    if task_id:
        world.app.task_ids.add(task_id)
    return task_id


def _repeated(world: World, body: Json, users: list[str], interval: int) -> bool:
    """Whether the same went to the same people within the interval; it then reaches nobody, without an error."""
    key, now = json.dumps([body, sorted(users)], sort_keys=True), world.clock.now()
    before = world.app.repeated.get(key)
    if before is not None and now < before + interval:
        return True
    world.app.repeated[key] = now
    return False


def _show(world: World, sent: Sent, userid: str, body: Json) -> None:
    # What is above 30 a minute is lost without a word.
    if world.settings.rate_limits and not world.limits.room(f"messages to {userid.lower()}", world.clock.now(), 60, _PER_MINUTE):
        return
    content = json.loads(json.dumps(body))  # each phone has its own: a card may be updated for one of them
    sent.entries.append(
        world.phones.show(f"member:{userid}", world.clock.seconds(), body["msgtype"], where="app", by="api", msgid=sent.msgid, body=content)
    )


def _recall(world: World, call: Call) -> Json:
    sent = world.app.sent.get(g.text(call.given, "msgid"))
    if sent is None:
        raise Refused(40058, "msgid")
    if world.clock.now() > sent.at + _DAY_S:
        raise Refused(40058, "sent more than 24 hours ago")
    for entry in sent.entries:
        entry["recalled"] = True
    return {}


ENDPOINTS: Table = {"message/send": post("app", _send), "message/recall": post("app", _recall)}
