"""Plays every dialogue through routing and handlers, with real cards and a real search, without a database."""

import re
from dataclasses import replace
from datetime import datetime

import pytest

from compliance.days import BANK_ZONE
from domain.effects import Effect, Say
from domain.party import Role
from handlers.discovery import all_handlers
from handlers.handler import Turn
from handlers.respond import respond
from handlers.routing import Routed, choose
from knowledge.loader import load
from language.normalise import fold, normalise
from tests.bigrams import bigrams, most_shared
from tests.dialogues.loader import ONE_TIME_CODE, ExpectedDialogue, dialogues
from tests.dialogues.world import _CARDS, World, world

DIALOGUES = dialogues()
LONGEST_REPLY = 130  # characters to a customer; the details of a card may be longer, because they were asked for
LONGEST_LABEL = 8


def say(bank: World, text: str) -> tuple[Routed, tuple[Effect, ...]]:
    """One turn."""
    turn = Turn(at=bank.at, text=text, said=normalise(text), conversation=bank.conversation, inbox_id=1)
    routed = choose(turn, handlers=all_handlers(), evidence=lambda: bank.search(turn.said))
    effects = respond(turn, routed, handlers=all_handlers(), lookups=bank)
    bank.apply(effects)
    return routed, effects


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.name)
def test_dialogue(dialogue: ExpectedDialogue) -> None:
    bank = world(dialogue.who, dialogue.at, waiting=dialogue.waiting, holding=dialogue.holding, complaints=dialogue.complaints)
    bank.feeds = dialogue.feeds
    for number, expected in enumerate(dialogue.turns, start=1):
        bank.at += expected.after
        routed, effects = say(bank, expected.say.replace(ONE_TIME_CODE, bank.code()))
        drafts = [effect.draft for effect in effects if isinstance(effect, Say)]
        text = "\n".join(draft.text for draft in drafts)
        where = f"{dialogue.name} turn {number} “{expected.say}” -> {routed.intent} ({routed.reason}): {text}"

        assert routed.intent in expected.intent.split("|"), where
        kinds = {effect.kind for effect in effects}
        assert set(expected.effects) <= kinds, f"{where}\neffects {sorted(kinds)}"
        assert not set(expected.no_effects) & kinds, f"{where}\neffects {sorted(kinds)}"
        for pattern in expected.reply:
            assert re.search(pattern, text), f"{where}\nmisses {pattern}"
        for pattern in expected.absent:
            assert not re.search(pattern, text), f"{where}\nhas {pattern}"
        state = bank.conversation.form
        assert expected.slots.items() <= dict(state.slots if state else ()).items(), f"{where}\nslots {state}"
        if expected.longest is not None:
            assert len(text.splitlines()) <= expected.longest, where
        for draft in drafts:
            assert all(len(button.label) <= LONGEST_LABEL for button in draft.buttons), where
            assert draft.text.strip(), where
            if bank.party.role is Role.CUSTOMER and routed.intent != "more" and not draft.card_ids and not draft.products:
                assert len(draft.text) <= LONGEST_REPLY, f"{where}\n{len(draft.text)} characters"


def test_there_are_enough_dialogues() -> None:
    assert len(DIALOGUES) >= 60


def test_no_line_repeats_a_card_question() -> None:
    """A dialogue must be answered because it was understood, not because it quotes a card."""
    questions = [bigrams(question) for card in load(_CARDS) for question in card.questions]
    lines = {turn.say for dialogue in DIALOGUES for turn in dialogue.turns if len(fold(turn.say)) >= 4}

    copied = {line for line in lines if most_shared(line, questions) > 0.5}

    assert not copied, sorted(copied)


def test_a_customer_cannot_reach_what_staff_can() -> None:
    staff_only = [handler for handler in all_handlers() if Role.CUSTOMER not in handler.audience]
    for handler in staff_only:
        bank = world("customer:C000002", DIALOGUES[0].at)
        bank.conversation = replace(bank.conversation, pending=f"code>{handler.intent}:C000001", greeted=True)
        for text in (f"{handler.intent}:C000001", handler.title, *handler.examples[:2], "123456"):
            routed, _ = say(bank, text)
            assert Role.CUSTOMER in next(h for h in all_handlers() if h.intent == routed.intent).audience


PAGE = "https://www.bank.example/app"


def links(bank: World, text: str) -> list[tuple[str, str]]:
    """What the answer leads to."""
    _, effects = say(bank, text)
    return [(link.label, link.url) for effect in effects if isinstance(effect, Say) for link in effect.draft.links]


def test_an_answer_leads_to_the_banks_page_where_the_settings_name_it() -> None:
    at = datetime(2026, 11, 23, 14, tzinfo=BANK_ZONE)
    bank = world("customer:C000001", at)
    assert links(bank, "ask_knowledge:service-app-login") == []

    bank.pages = {"app": PAGE, "home": "https://www.bank.example/"}
    assert links(bank, "ask_knowledge:service-app-login") == [("官网下载App", PAGE)]
    assert links(bank, "展开") == [("官网下载App", PAGE)]
    assert links(bank, "ask_knowledge:service-card-loss") == []


def test_the_first_greeting_leads_to_the_banks_own_page_and_no_other_does() -> None:
    bank = world("customer:C000001", datetime(2026, 11, 23, 14, tzinfo=BANK_ZONE))
    bank.pages = {"home": "https://www.bank.example/"}
    assert links(bank, "你好") == [("银行官网", "https://www.bank.example/")]
    assert links(bank, "你好") == []
