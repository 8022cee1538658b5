"""Measure a written bank against what was measured on public data of real ones, quantity by quantity."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from sandbox.bank.quantities import OF_BEHAVIOUR
from sandbox.bank.writing import FORMATS

_WITHIN = 15.0  # percent
# Persons, their entries, and how many entries by hand each had in the last two months.
_VIEWS = """
CREATE TABLE person AS SELECT customer_id FROM {persons};
CREATE VIEW entry AS SELECT a.customer_id AS customer, (epoch(t."at")::BIGINT + 28800) // 86400 AS day, t.kind AS kind,
    (epoch(t."at")::BIGINT + 28800) // 3600 % 24 AS hour, t.amount::DOUBLE AS amount, t.initiator = 'customer' AS by_hand,
    coalesce(t.own_transfer, false) AS own, coalesce(t.reversal, false) AS reversal, a.kind AS account_kind
FROM {transactions} t JOIN {accounts} a USING (account_id) WHERE a.customer_id IN (FROM person);
CREATE TABLE last_day AS SELECT max(day) AS last_day FROM entry;
CREATE TABLE recent AS SELECT customer, count(*) / 2.0 AS months FROM entry, last_day
    WHERE by_hand AND NOT own AND NOT reversal AND day > last_day - 61 GROUP BY 1;
CREATE TABLE age AS SELECT (last_day - (try_cast(birth_date AS DATE) - DATE '1970-01-01')) / 365.2425 AS years, gender
    FROM {persons}, last_day;
CREATE TABLE worth AS SELECT customer_id, sum(amount) AS amount FROM (
    SELECT a.customer_id, arg_max(b.balance, b."on")::DOUBLE AS amount FROM {balances} b JOIN {accounts} a USING (account_id)
        WHERE a.kind = 'deposit' AND a.closed_on IS NULL GROUP BY a.customer_id, b.account_id
    UNION ALL SELECT customer_id, arg_max(amount, "on")::DOUBLE FROM {holdings} GROUP BY customer_id, product_code
    ) WHERE customer_id IN (FROM person) GROUP BY 1;
CREATE TABLE held AS SELECT DISTINCT h.customer_id, p.kind FROM {holdings} h JOIN {products} p USING (product_code)
    WHERE h.customer_id IN (FROM person);
CREATE TABLE credit AS SELECT loan_id, status, date_diff('month', started_on::DATE, ends_on::DATE) AS term, principal::DOUBLE AS principal,
    ends_on::DATE - DATE '1970-01-01' AS ends, started_on::DATE - DATE '1970-01-01' AS started
    FROM {loans} WHERE customer_id IN (FROM person) AND kind <> 'mortgage';
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What is measured, how, what it should be, and why it may be elsewhere."""

    name: str
    sql: str
    target: float
    reason: str = ""
    few: bool = False  # a handful of customers decides it where the bank is small


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A line of the report; `deviation` is in percent of the target."""

    name: str
    value: float
    target: float
    deviation: float
    reason: str

    @property
    def fine(self) -> bool:
        """Within 15 %, or explained."""
        return abs(self.deviation) <= _WITHIN or bool(self.reason)


def _quantiles(name: str, column: str, source: str, targets: dict[float, float], reasons: dict[float, str] | None = None) -> list[Quantity]:
    return [
        Quantity(
            name=f"{name}, p{round(part * 100)}",
            sql=f"SELECT quantile_cont({column}, {part}) FROM {source}",
            target=target,
            few=part in (0.25, 0.9, 0.99),
            reason=(reasons or {}).get(part, ""),
        )
        for part, target in targets.items()
    ]


_RECEIVED = "entry WHERE by_hand AND NOT own AND NOT reversal AND account_kind = 'deposit' AND amount > 0"
_SMALL_BANK = 10_000
_FEW = "a small bank: a handful of customers decides this"
_MIXED = "two banks are mixed 70:30, the mobile-first one with p10/50/90 of 25/32/46 and one with pensioners of 22/44/70"
QUANTITIES: tuple[Quantity, ...] = (
    Quantity(name="age, mean", sql="SELECT avg(years) FROM age", target=0.7 * 34 + 0.3 * 44.8),
    *_quantiles("age", "years", "age", {0.1: 0.7 * 25 + 0.3 * 22, 0.5: 0.7 * 32 + 0.3 * 44}, {0.5: _MIXED}),
    Quantity(name="men, share", sql="SELECT avg((gender = 'male')::INT) FROM age", target=0.7 * 0.58 + 0.3 * 0.507),
    *_quantiles("entries by hand a month", "months", "recent", {0.1: 1, 0.25: 3, 0.5: 7.5, 0.75: 24, 0.9: 58.5, 0.99: 192}),
    Quantity(name="entries by hand a month, mean", sql="SELECT avg(months) FROM recent", target=22.4),
    Quantity(
        name="entries by hand a month, variance to mean",
        sql="SELECT var_pop(months) / avg(months) FROM recent",
        target=83,
        reason="of averages over two months, which vary less than the single months that were measured",
    ),
    Quantity(
        name="customers without an entry by hand in two months, share",
        sql="SELECT 1 - count(*) / (SELECT count(*) FROM age) FROM recent",
        target=0.20,
        reason="the silent fifth, and beside it those who left within the files (16 % a year)",
    ),
    Quantity(name="entries of the bank, share", sql="SELECT avg((NOT by_hand)::INT) FROM entry", target=0.305),
    Quantity(
        name="interest, share",
        sql="SELECT avg((kind = 'interest')::INT) FROM entry",
        target=0.193,
        reason="measured where an account has few other entries; here 1.4 accounts earn interest once a month beside 24 entries",
    ),
    Quantity(
        name="fees, share",
        sql="SELECT avg((kind = 'fee')::INT) FROM entry",
        target=0.111,
        reason="likewise; instalments, bills and wages make up the share of the bank",
    ),
    *_quantiles(
        "amount out by hand", "-amount", "entry WHERE by_hand AND NOT own AND amount < 0", {0.5: 50, 0.75: 339, 0.9: 2_400, 0.99: 29_815}
    ),
    Quantity(
        name="amount out by hand, mean of logarithms",
        sql="SELECT avg(ln(-amount)) FROM entry WHERE by_hand AND NOT own AND amount < 0",
        target=4.24,
    ),
    Quantity(
        name="amount out by hand, deviation of logarithms",
        sql="SELECT stddev_pop(ln(-amount)) FROM entry WHERE by_hand AND NOT own AND amount < 0",
        target=2.49,
    ),
    *_quantiles(
        "amount in by hand",
        "amount",
        _RECEIVED,
        {0.5: 1_000, 0.9: 10_111, 0.99: 80_000},
    ),
    Quantity(
        name="amount in by hand, mean of logarithms",
        sql="SELECT avg(ln(amount)) FROM " + _RECEIVED,
        target=6.26,
    ),
    Quantity(
        name="amount in by hand, deviation of logarithms",
        sql="SELECT stddev_pop(ln(amount)) FROM " + _RECEIVED,
        target=3.09,
        reason="wages are entries of the bank and lack here; income is scaled so that most people spend about what they get",
    ),
    Quantity(name="credits, share", sql="SELECT avg((amount > 0)::INT) FROM entry", target=0.22),
    Quantity(
        name="an hour from 10 to 13, share by hand",
        sql="SELECT count(*) FILTER (hour BETWEEN 10 AND 12) / 3 / count(*) FROM entry WHERE by_hand",
        target=0.065,
    ),
    Quantity(
        name="an hour from 17 to 19, share by hand",
        sql="SELECT count(*) FILTER (hour BETWEEN 17 AND 18) / 2 / count(*) FROM entry WHERE by_hand",
        target=0.065,
    ),
    Quantity(
        name="an hour from 2 to 5, share by hand (at most)",
        sql="SELECT greatest(count(*) FILTER (hour BETWEEN 2 AND 4) / 3 / count(*), 0.005) FROM entry WHERE by_hand",
        target=0.005,
    ),
    Quantity(
        name="busiest weekday, share by hand",
        sql="SELECT max(n) / sum(n) FROM (SELECT count(*) AS n FROM entry WHERE by_hand GROUP BY (day + 3) % 7)",
        target=0.15,
    ),
    Quantity(
        name="quietest weekday, share by hand",
        sql="SELECT min(n) / sum(n) FROM (SELECT count(*) AS n FROM entry WHERE by_hand GROUP BY (day + 3) % 7)",
        target=0.14,
    ),
    Quantity(
        name="days 1 10 15 20 21 against other days, all entries",
        sql="SELECT count(*) FILTER (dom IN (1, 10, 15, 20, 21)) / 5 / (count(*) FILTER (dom NOT IN (1, 10, 15, 20, 21)) / 25.4)"
        " FROM (SELECT extract(day FROM DATE '1970-01-01' + day::INTEGER) AS dom FROM entry)",
        target=1.0,
        reason="they are to be peaks, of no stated height: wages, bills and the card come on them",
    ),
    Quantity(
        name="interest on the last day of a month, share of interest",
        sql="SELECT avg((extract(day FROM DATE '1970-01-01' + (day + 1)::INTEGER) = 1)::INT) FROM entry WHERE kind = 'interest'",
        target=1.0,
    ),
    Quantity(
        name="holders of funds, share",
        sql="SELECT count(*) FILTER (kind = 'fund') / (SELECT count(*) FROM age) FROM held",
        target=0.09,
        few=True,
    ),
    Quantity(
        name="holders of wealth products, share",
        sql="SELECT count(*) FILTER (kind = 'wealth') / (SELECT count(*) FROM age) FROM held",
        target=0.028,
        reason="among them those whose need was met, and the people of the documents",
    ),
    Quantity(
        name="without a test of risk, share",
        sql="SELECT 1 - count(DISTINCT customer_id) / (SELECT count(*) FROM age) FROM {risk_assessments}"
        " WHERE customer_id IN (FROM person)",
        target=0.77,
        reason="30 % on purpose: most customers of a demonstration must be such that advice is possible",
    ),
    Quantity(
        name="assets held by the top 2 %, share",
        sql="SELECT sum(amount) FILTER (amount >= (SELECT quantile_cont(amount, 0.98) FROM worth)) / sum(amount) FROM worth",
        target=0.6,
        few=True,
    ),
    Quantity(
        name="balance of all deposits, p75 to p25",
        sql="SELECT quantile_cont(amount, 0.75) / quantile_cont(amount, 0.25) FROM worth",
        target=44 / 21.7,
        reason="the measured accounts are of one kind and of 1994; ours have the heavy tail that the top 2 % need",
    ),
    Quantity(
        name="loans in bad state, share", sql="SELECT avg((status IN ('overdue', 'written_off'))::INT) FROM credit", target=0.11, few=True
    ),
    Quantity(
        name="term of loans granted in the files, months",
        sql="SELECT avg(term) FROM credit, last_day WHERE started > last_day - 365",
        target=36,
    ),
    Quantity(
        name="loans ending in a month, share of those that run",
        sql="SELECT count(*) FILTER (ends <= last_day + 365) / 12 / count(*) FROM credit, last_day WHERE ends > last_day",
        target=1 / 36,
        few=True,
    ),
    *_quantiles("amount of loans to the median", "principal / (SELECT median(principal) FROM credit)", "credit", {0.25: 0.57, 0.75: 1.80}),
    Quantity(
        name="customers who left in a year, share",
        sql="SELECT count(DISTINCT c.customer_id) FILTER (shape <> 'false_alarm' AND since::DATE - DATE '1970-01-01' > last_day - 365)"
        " / (SELECT count(*) FROM age) FROM {truth/churn} c, last_day WHERE customer_id IN (FROM person)",
        target=0.16,
        reason="those who came within the year and those who left before cannot leave in it",
    ),
    Quantity(
        name="sudden among those who left, share",
        sql="SELECT avg((shape = 'sudden')::INT) FROM {truth/churn} WHERE shape <> 'false_alarm'",
        target=0.25,
    ),
    Quantity(
        name="answers to a short message, percent",
        sql="SELECT avg(percent::DOUBLE) FROM {truth/responses} WHERE channel = 'sms' AND customer_id IN (FROM person)",
        target=1.0,
        reason="between the 0.3 and 1.2 percent that vendors tell",
    ),
)


def measure(folder: Path) -> tuple[Measured, ...]:
    """Measure the bank in the folder. Raises ValueError when a feed is missing that the report is about."""
    names = (
        "transactions",
        "accounts",
        "persons",
        "balances",
        "holdings",
        "products",
        "loans",
        "risk_assessments",
        "truth/churn",
        "truth/responses",
    )
    sources = {name: _source(folder, name) for name in (*names, "truth/churn", "truth/responses")}
    quantities = QUANTITIES
    for feed, name, sql, target, reason in OF_BEHAVIOUR:  # a small bank has some of these feeds only
        if _has(folder, feed):
            sources[feed] = _source(folder, feed)
            quantities += (Quantity(name=name, sql=sql, target=target, reason=reason),)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Shanghai'")
        for statement in _filled(_VIEWS, sources).split(";"):
            if statement.strip():
                connection.execute(statement)
        (customers,) = connection.execute("SELECT count(*) FROM person").fetchone() or (0,)
        found = []
        for quantity in quantities:
            row = connection.execute(_filled(quantity.sql, sources)).fetchone()
            value = float(row[0]) if row and row[0] is not None else float("nan")
            deviation = 100 * (value / quantity.target - 1)
            why = quantity.reason or (_FEW if quantity.few and customers < _SMALL_BANK else "")
            reason = why if not abs(deviation) <= _WITHIN else ""
            found.append(Measured(name=quantity.name, value=value, target=quantity.target, deviation=deviation, reason=reason))
    return tuple(found)


def _filled(sql: str, sources: dict[str, str]) -> str:
    for name, source in sources.items():
        sql = sql.replace("{" + name + "}", source)
    return sql


def _has(folder: Path, feed: str) -> bool:
    return any((folder / f"{feed}.{ending}").is_file() for ending in FORMATS)


def _source(folder: Path, feed: str) -> str:
    for ending in FORMATS:
        path = folder / f"{feed}.{ending}"
        if path.is_file():
            where = str(path).replace("'", "''")
            return f"read_parquet('{where}')" if ending == "parquet" else f"read_csv('{where}', header = true, sample_size = -1)"
    raise ValueError(f"there is no {feed} in {folder}: the report needs it")
