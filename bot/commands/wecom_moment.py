"""`wecom moment`: ask members to publish a text as a moment, and see who did."""

import argparse
from typing import Any

from bot.app import App, build
from bot.channels.wecom.people import WeComPeople
from bot.commands.options import add_as, add_at, clock_of, party_of
from config.settings import Settings
from domain.audit import AuditRecord
from domain.errors import BadInput, DeliveryUnknown
from domain.message import Approved, Blocked, Deferred, NeedsReview
from domain.party import Party, Role


def add_moment(what: Any) -> None:
    """Add the subcommand to the subparsers of `wecom`."""
    moment = what.add_parser("moment", help="ask members to publish a text as a moment; or see who published one")
    add_as(moment)
    wanted = moment.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--text", help="what shall be published, at most 2,000 characters")
    wanted.add_argument("--job", help="who has published it: the job that was told when it was asked for; good for 24 hours")
    wanted.add_argument("--moment", help="the same, by the moment's own id")
    moment.add_argument(
        "--to", action="append", default=[], metavar="rm:ID", help="who shall publish it; everybody with contacts when left out"
    )
    add_at(moment)


def run_moment(given: argparse.Namespace, settings: Settings) -> int:
    """Ask or look. Exit code 1 when the gate refuses the text."""
    if not settings.wecom_contacts_secret.get_secret_value():
        raise BadInput("set PEIBAN_WECOM_CONTACTS_SECRET and what belongs to it (docs/wecom.md): contacts are not set up yet")
    with build(settings, clock=clock_of(given)) as app:
        by = app.known(party_of(given))
        if by.role is not Role.MANAGER:
            raise BadInput("only a manager asks for moments: --as manager:<id>")
        if given.text is not None:
            return _ask(app, given.text, [app.known(Party.parse(one)) for one in given.to], by=by)
        return _look(app, given)


def _ask(app: App, text: str, publishers: list[Party], *, by: Party) -> int:
    from bot.channels.wecom.mass.moments import judge

    if any(one.role is not Role.RM for one in publishers):
        raise BadInput("moments are published by relationship managers: --to rm:<id>")
    at = app.clock()
    with app.store.reading() as records:
        master = app.master.of(records)
    verdict = judge(text, by=by, rules=app.rules, catalogue=master.catalogue, numbers=master.numbers, at=at)
    if not isinstance(verdict, Approved):
        return _refuse(app, verdict, by=by)
    people = WeComPeople(app.settings.wecom_people)
    names = ",".join(str(one) for one in publishers) or "everybody"
    try:
        job = _moments(app).ask(verdict, [people.userid(one.id) for one in publishers])
    except DeliveryUnknown:
        _audit(app, by, "moment.unknown", "moment:?", (("to", names),))
        raise
    _audit(app, by, "moment.asked", f"moment:{job}", (("to", names), ("rules", str(len(verdict.rules)))))
    print(f"已请客户经理在企业微信里发表，任务 {job}。看谁发了：python -m bot wecom moment --as {by} --job {job}")
    return 0


def _refuse(app: App, verdict: Blocked | NeedsReview | Deferred, *, by: Party) -> int:
    rules = ",".join(dict.fromkeys(finding.rule for finding in verdict.findings))
    _audit(app, by, "moment.refused", "moment:-", (("rules", rules),))
    print("没有发出：" + "；".join(dict.fromkeys(finding.reason for finding in verdict.findings)))
    return 1


def _look(app: App, given: argparse.Namespace) -> int:
    moments = _moments(app)
    moment_id = given.moment or moments.made(given.job)
    if not moment_id:
        print("企业微信还在生成这条朋友圈，过一会儿再看。")
        return 0
    people = WeComPeople(app.settings.wecom_people)
    published = moments.published(moment_id)
    print(f"朋友圈 {moment_id}：{len(published)} 人中 {sum(published.values())} 人已发表")
    for userid, done in published.items():
        print(f"  {people.staff_id(userid)}  {'已发表' if done else '还没有发表'}")
    return 0


def _moments(app: App) -> Any:
    from bot.channels.wecom.mass.channel import MassChannel
    from bot.channels.wecom.mass.moments import Moments

    channel = app.channels["wecom_mass"]
    assert isinstance(channel, MassChannel)
    return Moments(channel.client)


def _audit(app: App, by: Party, action: str, subject: str, detail: tuple[tuple[str, str], ...]) -> None:
    with app.store.writing() as records:
        records.audit.append(AuditRecord(at=app.clock(), actor=str(by), action=action, subject=subject, purpose="marketing", detail=detail))
