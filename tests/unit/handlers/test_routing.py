"""Routing: what a role cannot reach, what negation turns round, and what comes before what."""

import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from compliance.days import BANK_ZONE
from domain.conversation import Conversation, FormState
from domain.errors import BadSettings
from domain.message import Button
from domain.party import Party, Role
from handlers.cues import match_cue
from handlers.discovery import all_handlers, checked, for_role
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.pending import Awaited, Pending
from handlers.routing import Routed, choose
from language.normalise import normalise
from tests.dialogues.world import world
from tests.together import together

DATA = Path(__file__).parents[2] / "data" / "routing"
AT = datetime(2026, 11, 23, 10, tzinfo=BANK_ZONE)


def lines(name: str) -> list[str]:
    """The sayings of a file in tests/data/routing."""
    return (DATA / f"{name}.txt").read_text(encoding="utf-8").split("\n")[:-1]


def route(text: str, who: str = "customer:C000001", **state: object) -> Routed:
    """Route a text, without a classifier."""
    bank = world(who, AT)
    conversation = replace(bank.conversation, **state)  # type: ignore[arg-type]
    turn = Turn(at=AT, text=text, said=normalise(text), conversation=conversation, inbox_id=1)
    return choose(turn, handlers=all_handlers(), evidence=lambda: bank.search(turn.said))


@together(lines("opt_out"))
def test_a_refusal_of_contact_is_understood(text: str) -> None:
    assert route(text).intent == "opt_out"


@together(lines("not_opt_out"))
def test_what_only_sounds_like_a_refusal_is_none(text: str) -> None:
    assert route(text).intent != "opt_out"


@together(lines("request_human"))
def test_asking_for_a_person_is_understood(text: str) -> None:
    assert route(text).intent == "request_human"


@together(lines("not_request_human"))
def test_what_only_mentions_a_person_asks_for_none(text: str) -> None:
    assert route(text).intent != "request_human"


@together(lines("complain"))
def test_a_complaint_is_understood(text: str) -> None:
    assert route(text).intent == "complain"


@together(lines("not_complain"))
def test_a_question_about_complaints_is_none(text: str) -> None:
    assert route(text).intent != "complain"


@pytest.mark.parametrize("who", ["customer:C000001", "teller:S4"])
def test_a_command_of_another_role_does_not_exist(who: str) -> None:
    role = Party.parse(who).role
    for handler in all_handlers():
        if role not in handler.audience:
            routed = route(f"{handler.intent}:C000001", who, options=(Button(label="x", payload=f"{handler.intent}:C000001"),))
            assert role in next(h for h in all_handlers() if h.intent == routed.intent).audience


def test_an_offered_option_is_chosen_by_payload_number_ordinal_or_label() -> None:
    options = (Button(label="存款", payload="ask_product:kind=deposit"), Button(label="找人", payload="request_human:"))
    for text in ("request_human:", "2", "第二个", "找人", "②", "选2"):
        assert route(text, options=options).intent == "request_human", text
    assert route("都不是", options=options).argument == "none_of_these"
    assert route("3", options=options).reason != "option"


def test_a_number_without_options_chooses_nothing() -> None:
    assert route("2").reason != "option"


def test_a_code_goes_where_it_was_asked_for_and_other_words_do_not() -> None:
    pending = str(Pending(awaited=Awaited.CODE, intent="show_assets", argument="C000001"))

    assert route("123 456", "rm:S1", pending=pending) == Routed(intent="show_assets", argument="C000001", reason="pending")
    assert route("待接", "rm:S1", pending=pending).intent == "waiting"
    assert route("123456", "rm:S1").intent != "show_assets"


def test_pending_reads_what_it_wrote_and_nothing_else() -> None:
    pending = Pending(awaited=Awaited.TEXT, intent="complain", argument="told")

    assert Pending.parse(str(pending)) == pending
    assert Pending.parse("") is Pending.parse("complain:") is Pending.parse("what>complain:x") is None


def test_a_strong_cue_breaks_into_a_form_and_a_weak_one_is_an_aside() -> None:
    form = FormState(name="study_abroad", asking="country")

    assert route("我要投诉你们", form=form).intent == "complain"
    assert route("换人工", form=form).intent == "request_human"
    assert route("我的客户经理是谁", form=form) == Routed(intent="my_contact", reason="cue:my_contact", aside=True)
    assert route("英国", form=form).reason == "form"
    assert route("哈哈哈", form=form).reason == "form"


def test_a_veto_silences_all_cues_of_its_handler() -> None:
    handler = Handler(intent="x", title="x", audience=CUSTOMER, handle=lambda turn, lookups: (), cues=("贷款", "!不要"))

    assert match_cue("我要贷款", [handler]) is not None
    assert match_cue("我不要贷款", [handler]) is None


def test_the_same_intent_twice_is_refused_by_name() -> None:
    handler = all_handlers()[0]

    with pytest.raises(BadSettings, match=r"a\.one and in a\.two"):
        checked([("a.one", handler), ("a.two", handler)])


def test_every_role_has_somewhere_to_go() -> None:
    for role in Role:
        if role in (Role.BOT, Role.SYSTEM):
            continue
        party = Party(role, "X1")
        turn = Turn(at=AT, text="嗯哼", said="嗯哼", conversation=Conversation(id="c", channel="x", party=party), inbox_id=1)
        routed = choose(turn, handlers=all_handlers(), evidence=lambda: world("customer:C000001", AT).search("嗯哼"))
        assert routed.intent in {handler.intent for handler in for_role(all_handlers(), role)}


@pytest.mark.parametrize("text", ["不要" * 2000, "看看" * 2000, "帮我转" * 1300, "1" * 4000, "投诉 " * 1300, "别再" * 2000 + "x"])
def test_no_long_text_keeps_a_cue_busy(text: str) -> None:
    started = time.perf_counter()
    for handler in all_handlers():
        match_cue(text, [handler])

    assert time.perf_counter() - started < 2.0
