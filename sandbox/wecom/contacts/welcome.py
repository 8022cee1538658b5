"""The welcome message (D/92137): 20 s, once, whoever comes first."""

from sandbox.wecom import given as g
from sandbox.wecom.contacts.attachments import checked_body
from sandbox.wecom.contacts.state import Relation, Welcome
from sandbox.wecom.endpoint import Call, Json, Table, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.world import World

_TTL_S = 20


def welcome_code(world: World, relation: Relation) -> str:
    """A new one, for who has just been added."""
    code = world.new_id("CALLBACK_CODE")
    world.contacts.welcomes[code] = Welcome(relation.userid, relation.external_userid, world.clock.now() + _TTL_S)
    return code


def _send(world: World, call: Call) -> Json:
    code = world.contacts.welcomes.get(g.text(call.given, "welcome_code", code=41050))
    body = checked_body(world, call.given)
    if code is None:
        raise Refused(41050)
    relation = world.contacts.relations.get((code.userid, code.external_userid))
    if code.used or relation is None or relation.chatted:
        raise Refused(41051)
    if world.clock.now() > code.until:
        raise Refused(41050)
    code.used = True
    owner, where = f"customer:{code.external_userid}", f"member:{code.userid}"
    world.phones.show(owner, world.clock.seconds(), "welcome", where=where, by="api", msgid="", body=body)
    return {}


ENDPOINTS: Table = {"externalcontact/send_welcome_msg": post("contacts", _send)}
