"""How simulated people react: what is likelier than what, that chance is seeded, and what the bank writes down."""

import csv
import gzip
import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.players.chance import draw_for
from sandbox.players.intended import Reaction
from sandbox.players.players import ZONE, Players
from sandbox.players.reacting import ACTS, Situation, chances
from sandbox.players.saying import load_phrases, typed
from sandbox.players.staff import next_look
from sandbox.players.weights import load_weights

CONTRACT = Path(__file__).parents[3] / "docs" / "data-contract.json"
WEIGHTS = load_weights()
DAY = date(2026, 11, 24)
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=ZONE)
GREETED = Situation(unasked=True, by_person=False, notice=False, hour=10, percent=40)
ANSWERED = Situation(unasked=False, by_person=False, notice=False, hour=10, percent=40, said=1)
SILENT = ("ignore", "read", "opt_out", "complain")


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message as a channel would hand it over."""

    customer_id: str
    key: str = "touch/1"
    channel: str = "web"
    purpose: str = "touch"
    at: datetime = NINE
    products: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    staff_id: str = ""
    notice: bool = False


def answering(situation: Situation) -> float:
    return sum(chance for act, chance in chances(situation, WEIGHTS).items() if act not in SILENT)


situations = st.builds(
    Situation,
    unasked=st.booleans(),
    by_person=st.booleans(),
    notice=st.booleans(),
    hour=st.integers(0, 23),
    percent=st.floats(0, 100),
    lately=st.integers(0, 30),
    said=st.integers(0, 20),
    need_open=st.booleans(),
    leaving=st.booleans(),
    can_buy=st.booleans(),
    has_buttons=st.booleans(),
)


@given(situation=situations)
def test_whatever_happens_the_chances_are_one_together(situation: Situation) -> None:
    found = chances(situation, WEIGHTS)

    assert set(found) <= set(ACTS)
    assert min(found.values()) >= 0
    assert sum(found.values()) == pytest.approx(1)


@given(situation=situations)
def test_nobody_buys_what_cannot_be_paid_or_presses_what_is_not_there(situation: Situation) -> None:
    found = chances(situation, WEIGHTS)

    assert situation.can_buy or "buy" not in found
    assert situation.has_buttons or "press" not in found
    assert not situation.unasked or situation.need_open or "buy" not in found


def test_people_answer_less_at_night_when_tired_and_when_leaving_and_more_when_they_need_it() -> None:
    by_day = answering(GREETED)

    assert answering(replace(GREETED, hour=23)) < by_day
    assert answering(replace(GREETED, lately=3)) < by_day
    assert answering(replace(GREETED, leaving=True)) < by_day
    assert answering(replace(GREETED, percent=80)) == pytest.approx(2 * by_day)
    assert answering(replace(GREETED, can_buy=True, need_open=True)) > by_day


def test_many_messages_make_people_refuse_and_complain() -> None:
    once, often = chances(GREETED, WEIGHTS), chances(replace(GREETED, lately=5), WEIGHTS)

    assert often["opt_out"] > 5 * once["opt_out"]
    assert often["complain"] > 5 * once["complain"]


def test_a_conversation_comes_to_an_end() -> None:
    talk = [answering(replace(ANSWERED, said=said)) for said in range(1, WEIGHTS.said_at_most + 1)]

    assert talk == sorted(talk, reverse=True)
    assert talk[-1] == 0
    assert chances(replace(ANSWERED, notice=True), WEIGHTS)["read"] == 1


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) if path.exists() else []


def delivered(folder: Path) -> dict[str, list[dict[str, str]]]:
    return {path.stem: rows_of(path) for path in folder.glob("*.csv")}


def bank(folder: Path) -> Path:
    """A bank of two people: one who always answers by app, one who never does. Each truth in another format."""
    truth = folder / "truth"
    truth.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"bank": "云桥银行"}), encoding="utf-8")
    write(folder / "products.csv", [{"product_code": "P-104", "name": "稳享固收90天", "kind": "wealth", "min_amount": "10000.00"}])
    write(
        folder / "accounts.csv",
        [
            {"account_id": "A1", "customer_id": "C000001", "kind": "deposit", "currency": "CNY", "closed_on": ""},
            {"account_id": "A2", "customer_id": "C000002", "kind": "deposit", "currency": "CNY", "closed_on": ""},
        ],
    )
    write(
        folder / "balances.csv",
        [
            {"account_id": "A1", "on": "2026-10-31", "balance": "90000.00"},
            {"account_id": "A1", "on": "2026-11-20", "balance": "80000.00"},
            {"account_id": "A2", "on": "2026-11-20", "balance": "9999.99"},
        ],
    )
    write(
        truth / "responses.csv",
        [
            {"customer_id": "C000001", "channel": "app", "percent": "95.0000"},
            {"customer_id": "C000002", "channel": "app", "percent": "0.0000"},
        ],
    )
    with gzip.open(truth / "churn.csv.gz", "wt", encoding="utf-8") as file:
        file.write(
            "customer_id,shape,cause,since,gone_on\nC000002,gradual,rate,2026-08-01,2026-11-30\nC000001,false_alarm,travel,2026-08-01,\n"
        )
    need = {"customer_id": ["C000001"], "need": ["education_saving"], "since": [date(2026, 5, 20)], "until": [None]}
    types = [("customer_id", pa.string()), ("need", pa.string()), ("since", pa.date32()), ("until", pa.date32())]
    pq.write_table(pa.table(need, schema=pa.schema(types)), truth / "needs.parquet")
    return folder


def heard(players: Players, message: Message) -> str:
    reaction = players.heard(message)
    return reaction.act if reaction else "ignore"


def test_who_answers_is_read_from_the_truth(tmp_path: Path) -> None:
    folder = bank(tmp_path / "bank")
    acts: dict[str, Counter[str]] = {"C000001": Counter(), "C000002": Counter()}
    for seed in range(200):
        players = Players(bank=folder, played=tmp_path / "played", seed=seed)
        for who, counts in acts.items():
            counts[heard(players, Message(customer_id=who))] += 1

    answered = {who: sum(count for act, count in counts.items() if act not in SILENT) for who, counts in acts.items()}
    assert answered["C000001"] > 170  # 95 percent of 200
    assert answered["C000002"] == 0


def test_without_truth_the_stated_defaults_hold(tmp_path: Path) -> None:
    players = Players(bank=None, played=tmp_path, seed=1)
    counts = Counter(heard(players, Message(customer_id=f"C{number:06d}")) for number in range(3000))
    answered = sum(count for act, count in counts.items() if act not in SILENT)

    assert answered / 3000 == pytest.approx(WEIGHTS.answer_percent["app"] / 100, abs=0.03)


def test_reactions_do_not_depend_on_who_else_is_asked(tmp_path: Path) -> None:
    messages = [Message(customer_id=f"C{number:06d}") for number in range(50)]
    one, other = (Players(bank=None, played=tmp_path, seed=3) for _ in range(2))

    forwards = [one.heard(message) for message in messages]
    backwards = [other.heard(message) for message in reversed(messages)]

    assert forwards == backwards[::-1]
    assert forwards != [Players(bank=None, played=tmp_path, seed=4).heard(message) for message in messages]


def test_people_come_by_themselves_as_often_as_stated_and_not_when_they_are_gone(tmp_path: Path) -> None:
    players = Players(bank=bank(tmp_path / "bank"), played=tmp_path, seed=5)
    others = [f"C{number:06d}" for number in range(3, 203)]
    days = [DAY + timedelta(days=number) for number in range(30)]
    said = [reaction for on in days for reaction in players.morning(on, [*others, "C000002"], channel="web")]

    rate = sum(reaction.act != "complain" for reaction in said) / len(others)
    assert rate == pytest.approx(WEIGHTS.spontaneous.talk, abs=0.12)
    assert all(reaction.text.strip() for reaction in said)
    assert not [one for one in said if one.customer_id == "C000002" and one.at.date() >= date(2026, 11, 30)]


def test_a_purchase_is_paid_for_and_written_down(tmp_path: Path) -> None:
    players = Players(bank=bank(tmp_path / "bank"), played=tmp_path / "played", seed=1)
    players.heard(Message(customer_id="C000001", purpose="marketing", products=("P-104",)))
    buys = Reaction(customer_id="C000001", act="buy", at=NINE + timedelta(hours=2), channel="web", about="touch/1", product="P-104")

    amount = Decimal(players.happened(buys))
    rows = delivered(players.close_day(DAY))

    assert 10000 <= amount <= 24000  # what the product asks at least; three tenths of 80000 at most
    assert [(row["account_id"], Decimal(row["amount"]), row["initiator"], row["kind"]) for row in rows["transactions"]] == [
        ("A1", -amount, "customer", "purchase")
    ]
    assert [Decimal(row["balance"]) for row in rows["balances"]] == [80000 - amount]
    assert [(row["product_code"], Decimal(row["amount"])) for row in rows["holdings"]] == [("P-104", amount)]
    assert [(row["kind"], Decimal(row["amount"])) for row in rows["outcomes"]] == [("bought:wealth", amount)]
    assert [(row["direction"], row["purpose"], row["outcome"]) for row in rows["contacts"]] == [("out", "marketing", "bought")]


def test_nobody_buys_what_the_account_cannot_pay(tmp_path: Path) -> None:
    players = Players(bank=bank(tmp_path / "bank"), played=tmp_path / "played", seed=1)
    buys = Reaction(customer_id="C000002", act="buy", at=NINE, channel="web", product="P-104")

    assert players.happened(buys) == ""
    assert not list(players.close_day(DAY).glob("*.csv"))


def test_a_second_play_goes_on_with_the_balances_of_the_first(tmp_path: Path) -> None:
    folder, played = bank(tmp_path / "bank"), tmp_path / "played"
    buys = Reaction(customer_id="C000001", act="buy", at=NINE, channel="web", product="P-104")
    first = Players(bank=folder, played=played, seed=1)
    spent = Decimal(first.happened(buys))
    first.close_day(DAY)

    second = Players(bank=folder, played=played, seed=1)
    more = Decimal(second.happened(replace(buys, at=NINE + timedelta(days=1))))
    rows = delivered(second.close_day(DAY + timedelta(days=1)))

    assert Decimal(rows["balances"][0]["balance"]) == 80000 - spent - more
    assert Decimal(rows["holdings"][0]["amount"]) == spent + more


def test_what_comes_of_a_contact_later_is_delivered_later_under_the_same_id(tmp_path: Path) -> None:
    players = Players(bank=None, played=tmp_path, seed=1)
    players.heard(Message(customer_id="C000001"))
    first = rows_of(players.close_day(DAY) / "contacts.csv")
    for act in ("thanks", "read"):  # reading it again afterwards takes nothing back
        players.happened(Reaction(customer_id="C000001", act=act, at=NINE + timedelta(days=1), channel="web", text="", about="touch/1"))
    second = rows_of(players.close_day(DAY + timedelta(days=1)) / "contacts.csv")

    assert [(row["contact_id"], row["outcome"]) for row in first] == [("KP20261124-00001", "delivered")]
    assert [(row["contact_id"], row["outcome"]) for row in second] == [("KP20261124-00001", "replied")]


def test_what_a_person_writes_is_a_contact_of_that_person_and_what_the_bot_answers_is_none(tmp_path: Path) -> None:
    players = Players(bank=None, played=tmp_path, seed=1)
    players.heard(Message(customer_id="C000001", key="in-1-1", purpose="reply"))
    players.heard(Message(customer_id="C000001", key="in-2-1", purpose="reply", staff_id="S0003"))
    rows = rows_of(players.close_day(DAY) / "contacts.csv")

    assert [(row["staff_id"], row["direction"], row["purpose"]) for row in rows] == [("S0003", "out", "service")]


def test_a_complaint_is_settled_some_days_later(tmp_path: Path) -> None:
    players = Players(bank=None, played=tmp_path, seed=1)
    players.happened(Reaction(customer_id="C000001", act="complain", at=NINE, channel="web", text="我要投诉"))
    told = [
        (number, row["resolved_at"][:10])
        for number in range(WEIGHTS.complaint_days[1] + 2)
        for row in rows_of(players.close_day(DAY + timedelta(days=number)) / "complaints.csv")
    ]

    assert told[0] == (0, "")
    (settled,) = told[1:]
    assert WEIGHTS.complaint_days[0] <= settled[0] <= WEIGHTS.complaint_days[1]
    assert settled[1] == (DAY + timedelta(days=settled[0])).isoformat()


def test_the_line_is_down_now_and_then_and_up_again_at_the_next_try(tmp_path: Path) -> None:
    players = Players(bank=None, played=tmp_path, seed=1)
    tries = {f"in-{number}-1": [players.reachable(f"in-{number}-1", NINE) for _ in range(6)] for number in range(3000)}

    assert sum(not ups[0] for ups in tries.values()) / 3000 == pytest.approx(WEIGHTS.line_down, abs=0.006)
    assert all(any(ups) for ups in tries.values())


@pytest.mark.parametrize("hour", range(24))
def test_relationship_managers_look_only_when_they_are_at_work(hour: int) -> None:
    for number in range(50):
        at = datetime(2026, 11, 24, hour, 30, tzinfo=ZONE)
        looks = next_look(at, WEIGHTS.staff, draw_for(1, "S0003", DAY, number))

        assert at < looks
        assert WEIGHTS.staff.day.first <= looks.hour < WEIGHTS.staff.evening.until
        assert looks - at < timedelta(hours=16)


def test_every_act_that_is_typed_and_every_need_has_its_words() -> None:
    phrases = load_phrases()
    contract = json.loads(CONTRACT.read_text(encoding="utf-8"))
    text = json.dumps(contract, ensure_ascii=False)

    kinds = set(WEIGHTS.spontaneous.kinds) - {"need"} | {"thanks", "opt_out", "complain"}
    assert kinds <= set(phrases.customer)
    assert {need for need in phrases.need if f'"{need}"' not in text} == set()
    assert all(phrases.customer[kind] for kind in kinds)


def test_typing_changes_some_texts_and_never_leaves_nothing() -> None:
    phrases = load_phrases()
    everything = [text for texts in (*phrases.customer.values(), *phrases.need.values()) for text in texts]
    written = [
        typed(text, draw_for(1, text, DAY, number), typing=WEIGHTS.typing, typos=phrases.typos)
        for text in everything
        for number in range(20)
    ]

    assert all(text.strip() for text in written)
    assert 0.1 < sum(text not in everything for text in written) / len(written) < 0.6


def test_a_complaint_of_an_earlier_play_is_settled_on_the_day_it_would_have_been(tmp_path: Path) -> None:
    """One play of twelve days, and the same days in two plays."""
    complains = Reaction(customer_id="C000001", act="complain", at=NINE, channel="web", text="我要投诉")
    whole, first = (Players(bank=None, played=tmp_path / name, seed=1) for name in ("whole", "parts"))
    days = [DAY + timedelta(days=number) for number in range(WEIGHTS.complaint_days[1] + 2)]
    for players in (whole, first):
        players.happened(complains)
    told = [rows_of(whole.close_day(on) / "complaints.csv") for on in days]
    in_parts = [rows_of(first.close_day(days[0]) / "complaints.csv")]
    second = Players(bank=None, played=tmp_path / "parts", seed=1)
    assert second.works_on_complaint("C000001")
    in_parts += [rows_of(second.close_day(on) / "complaints.csv") for on in days[1:]]

    assert in_parts == told
    assert [bool(rows) for rows in told].count(True) == 2  # made, and settled
    assert not second.works_on_complaint("C000001")
    assert not Players(bank=None, played=tmp_path / "parts", seed=1).works_on_complaint("C000001")


def test_what_somebody_means_to_do_tomorrow_is_done_in_the_next_play(tmp_path: Path) -> None:
    late = NINE.replace(hour=20, minute=59)
    first, meant = Players(bank=None, played=tmp_path, seed=1), None
    for number in range(400):  # until somebody who got a message in the evening will act on the next day
        meant = first.heard(Message(customer_id=f"C{number:06d}", key=f"touch/{number}", at=late))
        if meant and meant.at.date() > DAY:
            break
    assert meant is not None
    first.close_day(DAY)

    second = Players(bank=None, played=tmp_path, seed=1)
    assert second.left_over(DAY + timedelta(days=1)) == [meant]
    assert second.left_over(meant.at.date() + timedelta(days=1)) == []
    second.happened(replace(meant, act="thanks"))
    (row,) = rows_of(second.close_day(DAY + timedelta(days=1)) / "contacts.csv")
    contacts = rows_of(tmp_path / f"day-{DAY}" / "contacts.csv")
    (mine,) = [one for one in contacts if one["customer_id"] == meant.customer_id]
    assert (row["contact_id"], row["outcome"]) == (mine["contact_id"], "replied")


def test_who_was_written_to_lately_is_as_tired_of_it_in_the_next_play(tmp_path: Path) -> None:
    def acts(players: Players, seed: int) -> str:
        return heard(players, Message(customer_id="C000001", key=f"again/{seed}", channel="wecom", at=NINE + timedelta(days=1)))

    counts: dict[str, Counter[str]] = {"went on": Counter(), "forgot": Counter()}
    first = Players(bank=None, played=tmp_path / "played", seed=1)
    for hour in range(5):
        first.heard(Message(customer_id="C000001", key=f"touch/{hour}", at=NINE + timedelta(hours=hour)))
    first.close_day(DAY)
    for seed in range(300):
        counts["went on"][acts(Players(bank=None, played=tmp_path / "played", seed=seed), seed)] += 1
        counts["forgot"][acts(Players(bank=None, played=tmp_path / "nothing", seed=seed), seed)] += 1

    assert sum(counts["went on"][act] for act in ("thanks", "question", "person")) < 40
    assert sum(counts["forgot"][act] for act in ("thanks", "question", "person")) > 60
