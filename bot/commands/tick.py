"""`tick`: everything due at an instant: planned, sent, deferred, blocked, with reasons."""

import argparse
from collections.abc import Callable
from datetime import timedelta

from bot.app import App, build
from bot.commands.options import add_at, add_json, clock_of, print_json
from bot.handoff import return_silent
from bot.late_cases import escalate_late
from bot.outbound import Dispatch
from bot.report import Json
from config.settings import Settings
from scheduler.planner import DayPlan


def configure(parser: argparse.ArgumentParser, _name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """Set the options and return the command."""
    add_at(parser)
    add_json(parser)
    return run


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Tick once and say what came of it."""
    with build(settings, clock=clock_of(given)) as app:
        body = tick_once(app)
    if given.json:
        print_json(body)
        return 0
    counts = "，".join(f"{name} {len(body[name])}" for name in ("planned", "sent", "deferred", "blocked", "other", "excluded"))
    print(f"{body['at']}：{counts}，早已安排 {body['already']}")
    for row in body["blocked"] + body["deferred"]:
        print(f"  {row['customer_id']} {row['status']}：{'；'.join(row['reasons'])}")
    return 0


def tick_once(app: App) -> Json:
    """Plan, return what silent people hold, tell managers of late cases, and send everything due now."""
    at = app.clock()
    plan = app.toucher.plan(at=at)
    returned = return_silent(app.store, at=at, sla=timedelta(seconds=app.settings.handoff_sla_s))
    escalated = escalate_late(app.store, at=at, channel=app.staff_channel)
    dispatches = app.door.drain(clock=app.clock, most=1_000_000)
    return {
        "at": at.isoformat(),
        "planned": [_planned(plan, index) for index in range(len(plan.planned))],
        "excluded": [{"customer_id": out.customer_id, "touch": out.touch, "reason": out.reason} for out in plan.excluded],
        "already": plan.already,
        "returned_to_queue": returned,
        "escalated": escalated,
        "sent": [_sent(one) for one in dispatches if one.status == "sent"],
        "deferred": [_sent(one) for one in dispatches if one.status == "pending"],
        "blocked": [_sent(one) for one in dispatches if one.status in ("blocked", "review")],
        "other": [_sent(one) for one in dispatches if one.status not in ("sent", "pending", "blocked", "review")],
    }


def _planned(plan: DayPlan, index: int) -> Json:
    touch = plan.planned[index]
    return {
        "occasion": touch.occasion,
        "touch": touch.touch,
        "customer_id": touch.customer_id,
        "card_id": touch.card_id,
        "purpose": touch.purpose,
        "not_before": touch.not_before.isoformat(),
        "until": touch.until.isoformat(),
        "reason": touch.reason,
    }


def _sent(dispatch: Dispatch) -> Json:
    return {
        "customer_id": dispatch.row.draft.to.id,
        "occasion": dispatch.row.occasion,
        "channel": dispatch.row.channel,
        "status": dispatch.status,
        "text": dispatch.approved.text if dispatch.approved else "",
        "card_ids": list(dispatch.row.draft.card_ids),
        "reasons": [finding.reason for finding in dispatch.findings],
        "until": next((finding.until.isoformat() for finding in dispatch.findings if finding.until), None),
    }
