"""From measures to points, and from points to health: the set-based half. `crm.health.judged` is the same sum for one row."""

from functools import reduce
from itertools import pairwise

import ibis
from ibis import Table
from ibis.expr.types import Value

from crm.assessing.rounding import rounded
from crm.assessing.workspace import Workspace
from crm.health.definitions import Points, definitions
from crm.health.peers import STEPS, expected_now, own_change


def build_days(work: Workspace) -> Table:
    """One row a customer and day: measures, points of each metric, of each dimension, and health."""
    rules = definitions()
    found = work.result("health_measures").left_join(work.result("health_peers"), ["days_back", "kind"], rname="peer_{name}")
    found = found.drop("peer_days_back", "peer_kind")
    scored = found.mutate(
        login_ratio=_ratio(found, "logins", "login_change"),
        dealing_ratio=_ratio(found, "dealings", "dealing_change"),
        assets_ratio=ibis.ifelse(found.aum_before > 0, rounded(found.aum.cast("float64") / found.aum_before.cast("float64"), 6), None),
        complaint_rate_own=_complaint_rate(found),
        own_login_change=rounded(own_change(found, "logins"), 6),
        own_dealing_change=rounded(own_change(found, "dealings"), 6),
    )
    points = {
        "assets": _percentile(scored),
        # `least` leaves NULL out on some engines.
        "penetration": ibis.ifelse(scored.categories.notnull(), ibis.least(100.0, scored.categories * 100 / scored.many), None),
        "assets_change": _points(scored.assets_ratio, rules.points["assets_change"]),
        "logins": _points(scored.login_ratio, rules.points["logins"]),
        "dealings": _points(scored.dealing_ratio, rules.points["dealings"]),
        "silence": _points(scored.silent_days, rules.points["silence"]),
        "surveys": scored.surveys,
        "complaints": _points(scored.complaint_rate_own, rules.points["complaints"]),
    }
    with_points = scored.mutate(**{f"points_{name}": rounded(value.cast("float64"), 2) for name, value in points.items()})
    with_dimensions = with_points.mutate(
        **{
            one.name: _weighted([(with_points[f"points_{metric}"], weight) for metric, weight in one.metrics.items()])
            for one in rules.dimensions
        }
    )
    judged = with_dimensions.mutate(score=_weighted([(with_dimensions[one.name], one.weight) for one in rules.dimensions]))
    return judged.select(
        "customer_id",
        "days_back",
        "kind",
        "score",
        *(one.name for one in rules.dimensions),
        *(f"points_{metric}" for metric in rules.metrics),
        "categories",
        "applicable",
        "assets_ratio",
        "own_login_change",
        "own_dealing_change",
        "silent_days",
        "contacts",
        "complaints",
        "asked",
        "answers",
        "nps_asked",
        "nps_answers",
        "promoters",
        "detractors",
        peer_login_change=judged.login_change,
        peer_dealing_change=judged.dealing_change,
    )


def build_health(work: Workspace) -> Table:
    """One row a customer: health of the day, its light, and how it moved. A trend needs the same dimensions then and now."""
    rules, days = definitions(), work.result("health_days")
    now = days.filter(days.days_back == 0)
    light = ibis.cases((now.score < rules.red, "red"), (now.score < rules.green, "amber"), (now.score.notnull(), "green"))
    found = now.drop("days_back").mutate(rag=light, version=ibis.literal(rules.version))
    for back in rules.days_back[1:]:
        names = [one.name for one in rules.dimensions]
        then = days.filter(days.days_back == back).select("customer_id", **{f"then_{name}": days[name] for name in names}, then=days.score)
        joined = found.left_join(then, "customer_id").drop("customer_id_right")
        alike = reduce(lambda left, right: left & right, [joined[name].isnull() == joined[f"then_{name}"].isnull() for name in names])
        change = ibis.ifelse(alike, rounded(joined.score - joined.then, 2), None)
        found = joined.mutate(**{f"change_{back}": change}).drop("then", *(f"then_{name}" for name in names))
    return found


def _ratio(found: Table, what: str, peers: str) -> Value:
    """The change against oneself, corrected by that of peers and drawn to one where there are few days."""
    few = definitions().shrink
    expected = expected_now(found, what) * found[peers].fill_null(1.0)
    # Nothing expected and nothing done is no judgement: how long somebody is silent says it.
    return ibis.ifelse((expected > 0) | (found[what] > 0), rounded((found[what] + few) / (expected + few), 6), None)


def _complaint_rate(found: Table) -> Value:
    """Complaints per 1000 contacts. NULL where neither complaints nor contacts of this customer are known."""
    usual = definitions().usual_contacts
    spoken = (found.contacts > 0) | (found.complaints > 0)
    bank = found.complaint_rate.fill_null(0.0)
    rate = (found.complaints + bank * usual) * 1000 / (found.contacts.fill_null(0) + usual)
    return ibis.ifelse(spoken.fill_null(False) & found.complaints.notnull(), rounded(rate, 4), None)


def _percentile(found: Table) -> Value:
    worth = found.aum.cast("float64")
    passed = reduce(lambda left, right: left + right, [ibis.ifelse(worth > found[f"aum_{step}"], 1, 0) for step in STEPS])
    known = worth.notnull() & found[f"aum_{STEPS[0]}"].notnull()
    return ibis.ifelse(known, passed * 100 / len(STEPS), None)


def _points(measure: Value, points: Points) -> Value:
    """Straight lines between the points; flat beyond the ends. Points fall or rise, by what the file says."""
    (first_x, first_y), (last_x, last_y) = points[0], points[-1]
    branches = [(measure <= first_x, ibis.literal(first_y, "float64"))]
    for (x, y), (next_x, next_y) in pairwise(points):
        branches.append((measure <= next_x, y + (measure - x) * ((next_y - y) / (next_x - x))))
    branches.append((measure > last_x, ibis.literal(last_y, "float64")))
    return ibis.cases(*branches)


def _weighted(parts: list[tuple[Value, int]]) -> Value:
    """The mean of what is known, by weight; NULL where nothing is."""
    weights = reduce(lambda left, right: left + right, [ibis.ifelse(value.notnull(), weight, 0) for value, weight in parts])
    total = reduce(lambda left, right: left + right, [value.fill_null(0.0) * weight for value, weight in parts])
    return ibis.ifelse(weights > 0, rounded(total / weights, 2), None)
