"""企业群发 (D/92135, 93338, 97610, 97611): a task for members; nothing is sent before a member confirms it."""

from sandbox.wecom import given as g
from sandbox.wecom.contacts.attachments import checked_body
from sandbox.wecom.contacts.finding import follower, relations_of_customer, relations_of_member
from sandbox.wecom.contacts.state import Mass, MassTask, Relation
from sandbox.wecom.endpoint import Call, Json, Table, post
from sandbox.wecom.errors import Refused
from sandbox.wecom.world import World

_MONTH_S = 31 * 86400
_DAY_S = 86400
_REMINDERS = 3


def _add(world: World, call: Call) -> Json:
    given = call.given
    if given.get("chat_type", "single") != "single":
        raise Refused(40058, "only chat_type single is played here")
    body = checked_body(world, given)
    asked = g.texts(given, "external_userid", most=10_000, needed=False)
    sender = g.optional(given, "sender")
    if not asked and not sender:
        raise Refused(40063, "external_userid and sender are empty")
    userid = follower(world, sender).userid if sender else ""
    tasks, failed = _shared_out(world, asked, userid, _tag_groups(given))
    if not tasks:
        raise Refused(41048, fail_list=failed)
    mass = Mass(
        world.new_id("msgGCAAAXtWyujaWJHDDGi0mAAAA"), world.clock.seconds(), body, "single", given.get("allow_select") is True, tasks
    )
    mass.creator = userid
    world.contacts.masses[mass.msgid] = mass
    for task in tasks.values():
        _tell(world, mass, task, "mass_task")
    return {"fail_list": failed, "msgid": mass.msgid}


def _tag_groups(given: Json) -> list[list[str]]:
    """One tag of each group must be there."""
    chosen = given.get("tag_filter")
    groups = g.parts(chosen, "group_list") if isinstance(chosen, dict) else []
    return [g.texts(group, "tag_list", most=100) for group in groups]


def _shared_out(world: World, asked: list[str], userid: str, groups: list[list[str]]) -> tuple[dict[str, MassTask], list[str]]:
    """Which member is to send to whom. Without a sender it is the member who had to do with the customer last."""
    tasks: dict[str, MassTask] = {}
    failed: list[str] = []
    names = asked or [relation.external_userid for relation in relations_of_member(world, userid)]
    for name in dict.fromkeys(names):
        relations = [relation for relation in relations_of_customer(world, name) if userid in ("", relation.userid)]
        fitting = [relation for relation in relations if all(set(tags) & set(relation.tags) for tags in groups)]
        if not relations:
            failed.append(name)
        elif fitting:
            last = max(fitting, key=lambda relation: relation.last_contact)
            tasks.setdefault(last.userid, MassTask(last.userid, {})).targets[name] = 0
    return tasks, failed


def _tell(world: World, mass: Mass, task: MassTask, kind: str) -> None:
    customers = list(task.targets)
    owner = f"member:{task.userid}"
    world.phones.show(owner, world.clock.seconds(), kind, where="mass", by="api", msgid=mass.msgid, customers=customers, body=mass.body)


def send_own(world: World, userid: str, body: Json, customers: list[str]) -> Json:
    """A member makes a mass message in the client. It counts like the corp's."""
    mass = Mass(
        world.new_id("msgGCAAAOwn"), world.clock.seconds(), body, "single", True, {userid: MassTask(userid, dict.fromkeys(customers, 0))}
    )
    mass.creator, mass.personal = userid, True
    world.contacts.masses[mass.msgid] = mass
    return confirm(world, mass, userid, None)


def confirm(world: World, mass: Mass, userid: str, chosen: list[str] | None) -> Json:
    """A member sends it, to all or (if that is allowed) to some."""
    task = mass.tasks[userid]
    task.sent_at = world.clock.seconds()
    for name in task.targets:
        if chosen is None or name in chosen:
            task.targets[name] = _send(world, mass, userid, name)
    return {"sent": dict(task.targets)}


def _send(world: World, mass: Mass, userid: str, name: str) -> int:
    relation = world.contacts.relations.get((userid, name))
    if relation is None or relation.gone:
        return 2
    times = world.contacts.mass_times.setdefault(name, [])
    if _had_enough(world, times):
        return 3
    times.append(world.clock.now())
    _arrive(world, relation, mass)
    return 1


def _had_enough(world: World, times: list[float]) -> bool:
    """As many a month as the month has days; a corp may choose 7 a week or 1 a day."""
    now, today = world.clock.now(), world.clock.day()
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    if world.settings.mass_cap == "day":
        begin, most = midnight, 1
    elif world.settings.mass_cap == "week":
        begin, most = midnight - today.weekday() * _DAY_S, 7
    else:
        begin = midnight - (today.day - 1) * _DAY_S
        after = today.replace(day=28).timestamp() + 4 * _DAY_S
        most = world.clock.at(after).replace(day=1).toordinal() - today.replace(day=1).toordinal()
    return len([time for time in times if begin <= time <= now]) >= most


def _arrive(world: World, relation: Relation, mass: Mass) -> None:
    owner, where = f"customer:{relation.external_userid}", f"member:{relation.userid}"
    world.phones.show(owner, world.clock.seconds(), "mass", where=where, by=relation.userid, msgid=mass.msgid, body=mass.body)


def _mass(world: World, call: Call) -> Mass:
    mass = world.contacts.masses.get(g.text(call.given, "msgid"))
    if mass is None:
        raise Refused(40058, "msgid")
    if world.clock.now() < mass.created_at + world.settings.mass_dispatch_s:
        raise Refused(41063)
    return mass


def _list(world: World, call: Call) -> Json:
    begin, end = g.number(call.given, "start_time"), g.number(call.given, "end_time")
    if not begin <= end <= begin + _MONTH_S:
        raise Refused(40058, "a range of at most a month")
    creator = g.optional(call.given, "creator")
    masses = [m for m in world.contacts.masses.values() if begin <= m.created_at <= end and creator in ("", m.creator)]
    shown, following = g.page(masses, call.given, default=50, most=100)
    return {"group_msg_list": [_shown(mass) for mass in shown]} | ({"next_cursor": following} if following else {})


def _shown(mass: Mass) -> Json:
    shown: Json = {"msgid": mass.msgid, "create_time": mass.created_at, "create_type": int(mass.personal), **mass.body}
    return shown | ({"creator": mass.creator} if mass.creator else {})


def _tasks(world: World, call: Call) -> Json:
    tasks = list(_mass(world, call).tasks.values())
    shown, following = g.page(tasks, call.given, default=500, most=1000)
    listed = [{"userid": t.userid, "status": 2, "send_time": t.sent_at} if t.sent_at else {"userid": t.userid, "status": 0} for t in shown]
    return {"task_list": listed} | ({"next_cursor": following} if following else {})


def _results(world: World, call: Call) -> Json:
    task = _mass(world, call).tasks.get(g.text(call.given, "userid", code=40003))
    if task is None:
        raise Refused(40003)
    shown, following = g.page(list(task.targets.items()), call.given, default=500, most=1000)
    listed: list[Json] = [
        {"external_userid": name, "userid": task.userid, "status": status} | ({"send_time": task.sent_at} if status == 1 else {})
        for name, status in shown
    ]
    return {"send_list": listed} | ({"next_cursor": following} if following else {})


def _remind(world: World, call: Call) -> Json:
    mass, now = _mass(world, call), world.clock.now()
    mass.reminded = [time for time in mass.reminded if time > now - _DAY_S]
    if len(mass.reminded) >= _REMINDERS:
        raise Refused(45009, "3 reminders in 24 hours")
    mass.reminded.append(now)
    for task in mass.tasks.values():
        if not task.sent_at and not mass.cancelled:
            _tell(world, mass, task, "mass_reminder")
    return {}


def _cancel(world: World, call: Call) -> Json:
    _mass(world, call).cancelled = True
    return {}


ENDPOINTS: Table = {
    "externalcontact/add_msg_template": post("contacts", _add),
    "externalcontact/get_groupmsg_list_v2": post("contacts", _list),
    "externalcontact/get_groupmsg_task": post("contacts", _tasks),
    "externalcontact/get_groupmsg_send_result": post("contacts", _results),
    "externalcontact/remind_groupmsg_send": post("contacts", _remind),
    "externalcontact/cancel_groupmsg_send": post("contacts", _cancel),
}
