"""Moments (D/95094, 93333): a task that members publish to their customers."""

from sandbox.wecom import given as g
from sandbox.wecom.contacts.finding import follower, relations_of_member
from sandbox.wecom.contacts.state import Moment
from sandbox.wecom.endpoint import Call, Json, Table, get, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.world import World

_JOB_S = 86400
_MONTH_S = 31 * 86400
_PER_MINUTE = 10


def _add(world: World, call: Call) -> Json:
    if world.settings.rate_limits:
        world.limits.count("add_moment_task in a minute", world.clock.now(), 60, _PER_MINUTE)
    body = _checked(world, call.given)
    chosen = call.given.get("visible_range") or {}
    users = g.texts(chosen.get("sender_list") or {}, "user_list", most=1000, needed=False)
    everybody = [member.userid for member in world.directory.members.values() if member.contact and member.visible and not member.left_at]
    senders = [follower(world, userid).userid for userid in users] or everybody
    moment = Moment(world.new_id("job"), world.new_id("mom"), world.clock.now(), body, dict.fromkeys(senders, 0))
    world.contacts.moments[moment.jobid] = moment
    for userid in senders:
        owner = f"member:{userid}"
        world.phones.show(owner, world.clock.seconds(), "moment_task", where="moments", by="api", msgid=moment.moment_id, body=body)
    return {"jobid": moment.jobid}


def _checked(world: World, given: Json) -> Json:
    words = g.characters(given["text"], "content", 2000) if isinstance(given.get("text"), dict) else ""
    attachments = g.parts(given, "attachments", most=9)
    if not words and not attachments:
        raise Refused(40063)
    kinds = [attachment.get("msgtype") for attachment in attachments]
    if any(kind not in ("image", "video", "link") for kind in kinds):
        raise Refused(40008)
    if len(set(kinds)) > 1 or (kinds and kinds[0] != "image" and len(kinds) > 1):
        raise Refused(40058, "9 images, or 1 video, or 1 link")
    for kind, attachment in zip(kinds, attachments, strict=True):
        if kind == "link":
            g.text(g.part(attachment, "link"), "url")
        else:
            world.media.find(g.text(g.part(attachment, str(kind)), "media_id", code=40007), world.clock.now(), str(kind))
    return {"text": {"content": words}, "attachments": attachments}


def publish(world: World, moment: Moment, userid: str) -> Json:
    """A member publishes: every customer of the member sees it."""
    moment.published[userid] = world.clock.seconds()
    customers = [relation.external_userid for relation in relations_of_member(world, userid) if not relation.gone]
    for name in customers:
        where = f"member:{userid}"
        world.phones.show(
            f"customer:{name}", world.clock.seconds(), "moment", where=where, by=userid, msgid=moment.moment_id, body=moment.body
        )
    return {"shown_to": customers}


def _result(world: World, call: Call) -> Json:
    moment = world.contacts.moments.get(call.query.get("jobid", ""))
    if moment is None or world.clock.now() > moment.created_at + _JOB_S:
        raise Refused(40058, "jobid")
    # 1 created, 2 in work, 3 done; here the work takes no time.
    return {"status": 3, "type": "add_moment_task", "result": {"errcode": 0, "errmsg": "ok", "moment_id": moment.moment_id}}


def _moment(world: World, call: Call) -> Moment:
    wanted = g.text(call.given, "moment_id")
    for moment in world.contacts.moments.values():
        if moment.moment_id == wanted:
            return moment
    raise Refused(40058, "moment_id")


def _list(world: World, call: Call) -> Json:
    begin, end = g.number(call.given, "start_time"), g.number(call.given, "end_time")
    if not begin <= end <= begin + _MONTH_S:
        raise Refused(40058, "a range of at most a month")
    moments = [moment for moment in world.contacts.moments.values() if begin <= moment.created_at <= end]
    shown, following = g.page(moments, call.given, default=20, most=20)
    listed = [{"moment_id": m.moment_id, "create_time": int(m.created_at), "create_type": 0, "visible_type": 1, **m.body} for m in shown]
    return {"next_cursor": following, "moment_list": listed}


def _tasks(world: World, call: Call) -> Json:
    tasks = [{"userid": userid, "publish_status": int(at > 0)} for userid, at in _moment(world, call).published.items()]
    shown, following = g.page(tasks, call.given, default=500, most=1000)
    return {"next_cursor": following, "task_list": shown}


def _customers(world: World, call: Call, *, sent: bool) -> Json:
    moment, userid = _moment(world, call), g.text(call.given, "userid", code=40003)
    if userid not in moment.published:
        raise Refused(40003)
    names = [relation.external_userid for relation in relations_of_member(world, userid)]
    if sent and not moment.published[userid]:
        names = []
    rows: list[Json] = [{"external_userid": name} | ({} if sent else {"userid": userid}) for name in names]
    shown, following = g.page(rows, call.given, default=500, most=1000)
    return {"next_cursor": following, "customer_list": shown}


def _comments(world: World, call: Call) -> Json:
    _moment(world, call)
    return {"comment_list": [], "like_list": []}


ENDPOINTS: Table = {
    "externalcontact/add_moment_task": post("contacts", _add),
    "externalcontact/get_moment_task_result": get("contacts", _result),
    "externalcontact/get_moment_list": post("contacts", _list),
    "externalcontact/get_moment_task": post("contacts", _tasks),
    "externalcontact/get_moment_customer_list": post("contacts", lambda world, call: _customers(world, call, sent=False)),
    "externalcontact/get_moment_send_result": post("contacts", lambda world, call: _customers(world, call, sent=True)),
    "externalcontact/get_moment_comments": post("contacts", _comments),
}
