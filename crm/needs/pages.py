"""Evidence from pages: themes looked at more often than before, things looked at by name, themes searched or applied for."""

from dataclasses import dataclass
from typing import Any

import ibis
from ibis import Table

from crm.assessing.workspace import Workspace
from crm.features.coverage import covered_from
from crm.needs.definitions import read
from crm.needs.rows import age_in_days, rounded, row, since, together

_LOOKS = ("view", "quote", "search")
_WEEK = 7
_HALF_YEAR = 26  # weeks


@dataclass(frozen=True, slots=True)
class _Often:
    weeks: int
    least: int
    least_weeks: int
    full: float


def page_rows(work: Workspace) -> Table:
    """`views_<theme>`, `looks_<theme>` and `intent_<theme>` of every customer."""
    seen = _seen(work)
    return together([*_views(work, seen), _intents(work, seen)])


def _seen(work: Workspace) -> Table:
    return work.shared("page_themes", lambda: _themed(work))


def _themed(work: Workspace) -> Table:
    """The events of a year with their themes. Themes are told once for each way of writing, not for each event."""
    pages = read("evidence")["pages"]
    kinds = tuple(dict.fromkeys((*_LOOKS, *pages["intent"]["kinds"])))
    events = work.table("app_events")
    events = events.filter(events.kind.isin(kinds), events.on > since(work.day, 52 * _WEEK)).select(
        customer_id=events.customer_id, kind=events.kind, on=events.on, page=events.page.fill_null(""), item=events.item.fill_null("")
    )
    products = work.table("products").select("product_code", "name")
    written = events.select("page", "item").distinct()
    written = work.keep(written.left_join(products, written.item == products.product_code).select("page", "item", "name"))
    # What was typed or chosen by name is closest to what was meant, then the page; a product only where neither tells.
    places = (written.item, written.page, written.name.fill_null(""))
    words = together(
        [written.select("page", "item", words=place.lower(), place=ibis.literal(number)) for number, place in enumerate(places)]
    )
    patterns = [{"theme": theme, "pattern": body["words"]} for theme, body in pages["themes"].items()]
    themes = ibis.memtable(patterns, schema={"theme": "string", "pattern": "string"})
    told = words.filter(words.words != "").cross_join(themes)
    meant = work.keep(told.filter(told.words.re_search(told.pattern)).select("page", "item", "theme", "place"))
    closest = meant.group_by("page", "item").aggregate(place=meant.place.min())
    dictionary = meant.inner_join(closest, ["page", "item", "place"]).select("page", "item", "theme").distinct()
    joined = events.inner_join(dictionary, ["page", "item"])
    return joined.select("customer_id", "theme", "kind", "on", named=joined.item != "")


def _intents(work: Workspace, seen: Table) -> Table:
    intent = read("evidence")["pages"]["intent"]
    wanted = seen.filter(seen.kind.isin(intent["kinds"]), seen.on > since(work.day, intent["days"]))
    each = wanted.group_by("customer_id", "theme").aggregate(n=wanted.count(), first=wanted.on.min(), last=wanted.on.max())
    # Once is worth seven tenths, twice nine.
    strength = rounded(1 - ibis.literal(0.3) ** each.n)
    return row(each, ibis.literal("intent_") + each.theme, count=each.n, first_on=each["first"], last_on=each["last"], strength=strength)


def _views(work: Workspace, seen: Table) -> list[Table]:
    pages = read("evidence")["pages"]
    looks = seen.filter(seen.kind.isin(_LOOKS))
    looks = looks.mutate(week=(age_in_days(looks.on, work.day) // _WEEK).cast("int64"))
    watched = work.keep(_watched(work, pages["surprise"]))
    norms = work.result("page_norms")
    habits: dict[_Often, list[str]] = {}
    for theme, body in pages["themes"].items():
        often = pages["usual"] | body
        habits.setdefault(_often_of(often), []).append(theme)
    weekly, peers = work.keep(_by_week(looks)), norms.filter(~norms.named)
    passing = [_often(weekly.filter(weekly.theme.isin(themes)), watched, peers, often, "views_") for often, themes in habits.items()]
    named = pages["usual"] | pages["named"]
    weighing = work.keep(_by_week(looks.filter(looks.named)))
    return [*passing, _often(weighing, watched, norms.filter(norms.named), _often_of(named), "looks_")]


def _often_of(body: dict[str, Any]) -> _Often:
    return _Often(body["weeks"], body["least"], body["least_weeks"], body["full"])


def _by_week(looks: Table) -> Table:
    return looks.group_by("customer_id", "theme", "week").aggregate(n=looks.count(), first=looks.on.min(), last=looks.on.max())


def _watched(work: Workspace, rules: dict[str, Any]) -> Table:
    """For how many weeks a customer could have been seen: since opening, and since the feed began."""
    customers = work.table("customers").cross_join(covered_from(work))
    first = ibis.greatest(customers.opened_on, customers.app_events_from)
    weeks = (age_in_days(first, work.day) // _WEEK).cast("int64") + 1
    return customers.select("customer_id", "kind", weeks=ibis.least(weeks, ibis.literal(rules["habit_weeks"] + 13)))


def _often(weekly: Table, watched: Table, peers: Table, often: _Often, prefix: str) -> Table:
    """The last week up to which a theme was looked at often. Week 0 is the one that ends on the day of the run; older ones count up."""
    rules = read("evidence")["pages"]["surprise"]
    of = {"group_by": ["customer_id", "theme"], "order_by": "week"}
    window = ibis.window(range=(0, often.weeks - 1), **of)
    habit = ibis.window(range=(often.weeks, often.weeks + rules["habit_weeks"] - 1), **of)
    each = weekly.mutate(
        n_window=weekly.n.sum().over(window),
        weeks_window=weekly.n.count().over(window),
        first_window=weekly["first"].min().over(window),
        n_habit=weekly.n.sum().over(habit).fill_null(0),
        n_year=weekly.n.sum().over(group_by=["customer_id", "theme"]),
    )
    joined = each.inner_join(watched, "customer_id").left_join(peers, ["kind", "theme"])
    known = ibis.least(joined.weeks - often.weeks - joined.week, ibis.literal(rules["habit_weeks"]))
    before = joined.n_habit.cast("float64") / ibis.greatest(known, ibis.literal(1)).cast("float64")
    # Weeks in which the feed had only begun are measured by those that followed.
    others = joined.weeks - often.weeks
    around = (joined.n_year - joined.n_window).cast("float64") / ibis.greatest(others, ibis.literal(1)).cast("float64")
    usual = ibis.cases(
        (known >= rules["least_habit_weeks"], before),
        (others >= rules["least_habit_weeks"], around),
        (joined.people >= rules["peers"], joined.weekly_median),
        else_=0.0,
    ).fill_null(0.0)
    expected = usual * often.weeks
    joined = joined.mutate(surprise=(joined.n_window - expected) / (expected + 1).sqrt())
    enough = joined.filter(joined.n_window >= often.least, joined.weeks_window >= often.least_weeks, joined.surprise >= rules["from"])
    numbered = enough.mutate(place=ibis.row_number().over(group_by=["customer_id", "theme"], order_by="week"))
    newest = numbered.filter(numbered.place == 0)
    strength = rounded(ibis.least(newest.surprise / often.full, ibis.literal(1.0)))
    return row(
        newest,
        ibis.literal(prefix) + newest.theme,
        count=newest.n_window,
        first_on=newest.first_window,
        last_on=newest["last"],
        strength=strength,
    )


def page_looks(work: Workspace) -> Table:
    """How often each user of the app looked at a theme in the last 26 weeks. Theme '' says that the customer used the app at all."""
    since_when, events, seen = since(work.day, _HALF_YEAR * _WEEK), work.table("app_events"), _seen(work)
    users = events.filter(events.on > since_when).select("customer_id").distinct()
    looks = seen.filter(seen.kind.isin(_LOOKS), seen.on > since_when)
    counted = looks.group_by("customer_id", "theme").aggregate(n=looks.count(), n_named=looks.count(where=looks.named))
    nothing = ibis.literal(0, "int64")
    every = counted.union(users.select("customer_id", theme=ibis.literal(""), n=nothing, n_named=nothing))
    found = every.inner_join(work.table("customers").select("customer_id", "kind"), "customer_id")
    return found.select("customer_id", "kind", "theme", "n", "n_named")


def page_norms(work: Workspace) -> Table:
    """How often peers look at a theme in a week: the median of those of a kind who used the app in the last 26 weeks."""
    found = work.result("page_looks")
    users, looks = found.filter(found.theme == ""), found.filter(found.theme != "")
    people = users.group_by("kind").aggregate(people=users.count())
    themes = ibis.memtable({"theme": list(read("evidence")["pages"]["themes"])}, schema={"theme": "string"})
    parts = []
    for named, column in ((False, looks.n), (True, looks.n_named)):
        medians = _medians(looks.filter(column > 0).select("kind", "theme", n=column), people)
        each = people.cross_join(themes).left_join(medians, ["kind", "theme"])
        weekly = rounded(each.median.fill_null(0.0) / _HALF_YEAR)
        parts.append(each.select("kind", "theme", "people", named=ibis.literal(named), weekly_median=weekly))
    both = together(parts)
    return both.select("kind", "theme", "named", "people", "weekly_median")


def _medians(looks: Table, people: Table) -> Table:
    """The median number of looks by kind and theme, where whoever did not look counts as none: by how many looked how often."""
    counted = looks.group_by("kind", "theme", "n").aggregate(those=looks.count())
    upto = counted.those.sum().over(ibis.cumulative_window(group_by=["kind", "theme"], order_by=counted.n))
    whole = counted.those.sum().over(group_by=["kind", "theme"])
    placed = counted.mutate(upto=upto, whole=whole).inner_join(people, "kind")
    below = placed.people - placed.whole  # who did not look
    reached = below + placed.upto
    # The two in the middle are one where the number of people is odd.
    middle = placed.group_by("kind", "theme").aggregate(
        low=ibis.ifelse(below * 2 >= placed.people, 0, placed.n).min(where=reached * 2 >= placed.people),
        high=ibis.ifelse(below * 2 > placed.people, 0, placed.n).min(where=reached * 2 > placed.people),
    )
    return middle.select("kind", "theme", median=(middle.low + middle.high).cast("float64") / 2)
