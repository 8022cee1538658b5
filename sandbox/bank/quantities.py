"""What the feeds of behaviour are measured by: the feed, the name of the quantity, the query, the target, and why it may be elsewhere.

Where a range was assumed, its middle is the target and the reason names the range.
"""

_REACHED = "('read', 'clicked', 'answered', 'replied', 'met', 'refused', 'bought')"
_MONTHS = (
    "(SELECT customer_id, date_trunc('month', \"at\"::TIMESTAMPTZ) AS month, count(*) FILTER (kind = 'view') AS views,"
    ' count(DISTINCT "at"::TIMESTAMPTZ::DATE) AS days FROM {app_events} WHERE customer_id IN (FROM person) GROUP BY ALL)'
)
_VIEWS = "{app_events} WHERE kind = 'view' AND customer_id IN (FROM person)"

OF_BEHAVIOUR: tuple[tuple[str, str, str, float, str], ...] = (
    (
        "app_events",
        "customers with page views, share",
        f"SELECT count(DISTINCT customer_id) / (SELECT count(*) FROM age) FROM {_VIEWS}",
        0.31,
        "",
    ),
    ("app_events", "page views a month of who has any, p50", f"SELECT quantile_cont(views, 0.5) FROM {_MONTHS}", 43, ""),
    ("app_events", "page views a month of who has any, p90", f"SELECT quantile_cont(views, 0.9) FROM {_MONTHS}", 181, ""),
    ("app_events", "days with the app a month, p50", f"SELECT median(days) FROM {_MONTHS}", 5, ""),
    ("app_events", "pages", f"SELECT count(DISTINCT page) FROM {_VIEWS}", 29, ""),
    (
        "app_events",
        "views of the first page, share",
        f"SELECT max(n) / sum(n) FROM (SELECT count(*) AS n FROM {_VIEWS} GROUP BY page)",
        0.36,
        "",
    ),
    (
        "contacts",
        "reached of those contacted, share",
        f"SELECT avg((outcome IN {_REACHED})::INT) FROM {{contacts}} WHERE direction = 'out' AND outcome <> 'held_out'",
        0.30,
        "",
    ),
    (
        "contacts",
        "clicks of short messages, percent",
        "SELECT 100 * avg((outcome = 'clicked')::INT) FROM {contacts} WHERE channel = 'sms' AND outcome <> 'held_out'",
        0.75,
        "vendors tell of 0.3 to 1.2 percent",
    ),
    (
        "contacts",
        "held out of campaigns, share",
        "SELECT avg((outcome = 'held_out')::INT) FROM {contacts} WHERE campaign IS NOT NULL AND channel <> 'salon'",
        0.10,
        "",
    ),
    (
        "complaints",
        "complaints a month for 1,000 customers",
        "SELECT count(*) / (date_diff('day', min(opened_at::TIMESTAMPTZ), max(opened_at::TIMESTAMPTZ)) / 30.44)"
        " / (SELECT count(*) / 1000.0 FROM age) FROM {complaints} WHERE customer_id IN (FROM person)",
        3.5,
        "assumed to be 2 to 5",
    ),
    (
        "surveys",
        "questions answered, share",
        "SELECT count(score) / count(*) FROM {surveys}",
        0.115,
        "assumed to be 8 to 15 %",
    ),
    (
        "surveys",
        "net promoter score",
        "SELECT avg(CASE WHEN score >= 9 THEN 100 WHEN score <= 6 THEN -100 ELSE 0 END) FROM {surveys}"
        " WHERE kind = 'nps' AND score IS NOT NULL",
        32,
        "assumed to be 20 to 45",
    ),
    (
        "truth/cases",
        "accounts that launder, share",
        "SELECT count(*) FILTER (typology <> 'hard_negative') / (SELECT count(*) FROM {accounts}) FROM {truth/cases}",
        0.003,
        "between 0.1 and 0.5 %",
    ),
)
