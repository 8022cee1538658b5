"""A customer's WeChat: the chat with a kf account, and friendship with members."""

import base64
import binascii

from sandbox.wecom import given as g
from sandbox.wecom.endpoint import Json
from sandbox.wecom.errors import Impossible
from sandbox.wecom.kf.codes import welcome_code
from sandbox.wecom.kf.finding import session_of
from sandbox.wecom.kf.log import account_of, log_event, log_message
from sandbox.wecom.kf.state import SESSION_S, Account, Session, State
from sandbox.wecom.people import Customer
from sandbox.wecom.world import World

_MB = 1024 * 1024
_LIMITS = {"image": 2 * _MB, "voice": 2 * _MB, "video": 10 * _MB, "file": 20 * _MB}


def who(world: World, given: Json) -> Customer:
    """The customer who acts."""
    found = world.directory.customers.get(str(given.get("customer", "")))
    if found is None:
        raise Impossible("there is no such customer", 404)
    return found


def enter(world: World, given: Json) -> Json:
    """Open the chat of a kf account: by `url` of a contact way, or by `open_kfid` and `scene`; also `scene_param`, `wechat_channels`."""
    customer = who(world, given)
    open_kfid, scene = _way(world, given)
    account = account_of(world, open_kfid)
    session = session_of(world, open_kfid, customer.external_userid)
    fields: Json = {"scene": scene, "scene_param": str(given.get("scene_param", ""))}
    if "wechat_channels" in given:
        fields["wechat_channels"] = given["wechat_channels"]
    session.context = dict(fields)
    now = world.clock.now()
    quiet = not session.written_at or now > session.written_at + SESSION_S
    if quiet and (not session.welcomed_at or now > session.welcomed_at + SESSION_S):
        fields["welcome_code"] = welcome_code(world, session)
    return log_event(world, account, "enter_session", customer.external_userid, **fields)


def _way(world: World, given: Json) -> tuple[str, str]:
    url = str(given.get("url", ""))
    if not url:
        return str(given.get("open_kfid", "")), str(given.get("scene", ""))
    key = url.partition("enc_scene=")[2].split("&")[0]
    if key not in world.kf.ways:
        raise Impossible("there is no such contact way", 404)
    return world.kf.ways[key]


def say(world: World, given: Json) -> Json:
    """Write a text; with `menu_id` it is the click on a menu item."""
    text: Json = {"content": g.text(given, "text")}
    if "menu_id" in given:
        text["menu_id"] = str(given["menu_id"])
    return _write(world, given, {"msgtype": "text", "text": text})


def send_file(world: World, given: Json) -> Json:
    """Send an image, a voice, a video or a file: `type`, `name`, `base64`. One that is too large arrives as a notice."""
    kind = str(given.get("type", ""))
    if kind not in _LIMITS:
        raise Impossible("type is image, voice, video or file", 400)
    try:
        content = base64.b64decode(str(given.get("base64", "")), validate=True)
    except binascii.Error as error:
        raise Impossible("base64 is needed", 400) from error
    if len(content) > _LIMITS[kind]:
        return _write(world, given, {"msgtype": "text", "text": {"content": f"[{kind} 超出大小限制，请在客户端查看]"}})
    stored = world.media.keep(kind, str(given.get("name", kind)), content, world.clock.seconds())
    return _write(world, given, {"msgtype": kind, kind: {"media_id": stored.media_id}})


def send_any(world: World, given: Json) -> Json:
    """Send a message of any other kind: `msgtype` and its content."""
    kind = str(given.get("msgtype", ""))
    if not kind or not isinstance(given.get(kind), dict):
        raise Impossible("msgtype and its content are needed", 400)
    return _write(world, given, {"msgtype": kind, kind: given[kind]})


def recall(world: World, given: Json) -> Json:
    """Take back a message of one's own."""
    customer = who(world, given)
    account = account_of(world, str(given.get("open_kfid", "")))
    msgid = str(given.get("msgid", ""))
    mine = [item for item in account.log if item["msgid"] == msgid and item.get("external_userid") == customer.external_userid]
    if not mine:
        raise Impossible("there is no such message", 404)
    return log_event(world, account, "user_recall_msg", customer.external_userid, recall_msgid=msgid)


def refuse(world: World, given: Json) -> Json:
    """Refuse messages of kf accounts, or take them again (`on` false)."""
    customer = who(world, given)
    customer.refuses_kf = bool(given.get("on", True))
    return {"refuses_kf": customer.refuses_kf}


def _write(world: World, given: Json, body: Json) -> Json:
    customer = who(world, given)
    account = account_of(world, str(given.get("open_kfid", "")))
    session = session_of(world, account.open_kfid, customer.external_userid)
    _begin(world, session)
    item = log_message(world, account, customer.external_userid, body)
    _show(world, account, session, item, body)
    return item


def _begin(world: World, session: Session) -> None:
    session.written_at, session.sent = world.clock.now(), 0
    if session.state is State.ENDED:
        session.state, session.servicer = State.NEW, ""
        session.coded.clear()


def _show(world: World, account: Account, session: Session, item: Json, body: Json) -> None:
    at, where = world.clock.seconds(), f"kf:{account.open_kfid}"
    owner, msgid = session.external_userid, item["msgid"]
    world.phones.show(f"customer:{owner}", at, body["msgtype"], where=where, by="me", msgid=msgid, body=body)
    if session.servicer:
        world.phones.show(
            f"member:{session.servicer}", at, body["msgtype"], where=where, by="customer", customer=owner, msgid=msgid, body=body
        )


ACTIONS = {
    "enter": enter,
    "say": say,
    "send_file": send_file,
    "send": send_any,
    "recall": recall,
    "refuse": refuse,
}
