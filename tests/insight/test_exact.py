"""Money and ratios are rounded as one would by hand: averages half up to the cent, ratios half up at their digit."""

import random
from decimal import ROUND_HALF_UP, Decimal

import ibis

from crm.assessing.rounding import rounded
from crm.features.exact import average, cents, money


def test_averages_are_exact_to_the_cent() -> None:
    draw = random.Random(5)
    pairs = [(draw.randrange(10 ** draw.randrange(1, 16)), draw.randrange(1, 367)) for _ in range(3000)]
    pairs += [(days * cent + days // 2, days) for days in range(2, 62, 2) for cent in (0, 1, 7, 10**9 + 1)]  # ties
    table = ibis.memtable(
        {"total": [one[0] for one in pairs], "days": [one[1] for one in pairs]}, schema={"total": "int64", "days": "int64"}
    )
    found = table.mutate(average=average(table.total, table.days)).to_pyarrow().to_pylist()
    for row in found:
        wanted = (Decimal(row["total"]) / row["days"] / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert row["average"] == wanted, row


def test_cents_go_there_and_back() -> None:
    amounts = [Decimal("0.01"), Decimal("-0.29"), Decimal("9999999999999.99"), Decimal("1.10"), Decimal(0)]
    table = ibis.memtable({"amount": amounts}, schema={"amount": "decimal(15, 2)"})
    row = table.mutate(cents=cents(table.amount), back=money(cents(table.amount))).to_pyarrow().to_pylist()
    assert [one["cents"] for one in row] == [1, -29, 999999999999999, 110, 0]
    assert [one["back"] for one in row] == amounts


def test_a_tie_goes_up_however_it_was_reached() -> None:
    halves = [(1.004577 + 1.004578) / 2, 1.004577 + 0.5 * (1.004578 - 1.004577), 0.0000005, 2.5e-7, 0.1234564, -0.1234564]
    table = ibis.memtable({"value": halves}, schema={"value": "float64"})
    found = [one["rounded"] for one in table.mutate(rounded=rounded(table.value, 6)).to_pyarrow().to_pylist()]
    assert found == [1.004578, 1.004578, 0.000001, 0.0, 0.123456, -0.123456]
