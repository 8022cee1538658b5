"""Answers from cards: the approved paragraph, three choices, or the honest word that there is none."""

import re
from collections.abc import Sequence
from functools import lru_cache

from domain.effects import Effect, Say, UpdateConversation
from domain.message import Button, Link
from domain.party import Role
from handlers.forms import FormSpec, all_forms
from handlers.handler import Turn
from handlers.lookups import Lookups
from handlers.pending import Awaited, Pending
from handlers.people import ASK_A_PERSON, who_helps
from handlers.routing import FALLBACK, KNOWLEDGE, NONE_OF_THESE, STAFF_FALLBACK, STAFF_KNOWLEDGE
from knowledge.card import Card
from language.normalise import clip, fold
from retrieval.evidence import Decision, Evidence

RETEST = Button(label="怎么测评", payload="ask_knowledge:service-risk-test")
LABEL = 8  # characters that a button shows on the smallest channel
_MARKS = "①②③④⑤⑥⑦⑧"
_ARRANGE = "帮我安排"
_HEADING = re.compile(r"^#{1,6}\s*(.+)$", re.MULTILINE)
_BULLET = re.compile(r"^\s*[-*]\s+", re.MULTILINE)
_BOLD = re.compile(r"\*\*(.+?)\*\*")


#: Cards and product names are met again at every turn.
_folded = lru_cache(maxsize=4096)(fold)


def answer(turn: Turn, lookups: Lookups, evidence: Evidence) -> tuple[Effect, ...]:
    """Answer by what the evidence allows."""
    cards = tuple(hit.card for hit in evidence.hits if may_show(turn, lookups, hit.card))
    if evidence.decision is Decision.DIRECT and evidence.top and evidence.top.card not in cards:
        return not_for_you(turn, lookups)
    if not cards or evidence.decision is Decision.NONE:
        return nothing_found(turn, lookups)
    if evidence.decision is Decision.CHOICES:
        return offer(turn, cards[:3])
    return show(turn, lookups, cards[0], question=turn.text)


def may_show(turn: Turn, lookups: Lookups, card: Card) -> bool:
    """Whether every product that the card is about, or names, may be spoken of to the person who asks."""
    if turn.party.role is not Role.CUSTOMER:
        return True
    products = lookups.products()
    if card.product is not None and all(product.code != card.product for product in products):
        return False
    said = _folded(f"{card.title} {card.answer} {card.ask or ''} {card.details}")
    named = [product for product in products if product.code == card.product or _folded(product.name) in said]
    return all(lookups.suitability(product).suitable for product in named)


def not_for_you(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say that the answer would speak of products that the customer's test does not cover now, and what can be done."""
    who = who_helps(lookups.contact_person())
    text = f"答这个要谈到有涨跌的产品，得跟您有效的风险测评对得上，我先不展开。可以在App做一下测评，或者请{who}陪您聊。"
    return (Say(draft=turn.reply(text, buttons=(RETEST, ASK_A_PERSON))),)


def show(turn: Turn, lookups: Lookups, card: Card, *, question: str = "") -> tuple[Effect, ...]:
    """Say the card's answer and go on with its question; a model may word it when there is one."""
    form = _form_for(card) if turn.party.role is Role.CUSTOMER else None
    phrased = lookups.phrase(question, (card,)) if question else None
    text = phrased.text if phrased else card.answer
    going_on = card.ask or ("要我展开说吗？" if card.details else "")
    draft = turn.reply(
        f"{text}\n{going_on}" if going_on else text,
        buttons=_next_steps(card, form, turn),
        links=_ways_there(card, lookups),
        card_ids=phrased.card_ids if phrased else (card.id,),
        citations=(card.title,),
        products=(card.product,) if card.product else (),
        template=None if phrased else card.id,
        ai_generated=phrased is not None,
    )
    pending = str(Pending(awaited=Awaited.SLOT, intent=form.name, argument=_slot_of_ask(form, card))) if form else None
    free = turn.conversation.form is None
    return (Say(draft=draft), UpdateConversation(topic=(card.id,), pending=pending if free else None))


def details(turn: Turn, lookups: Lookups, card: Card) -> tuple[Effect, ...]:
    """Say what follows the card's first paragraph."""
    text = _plain(card.details) or card.answer
    draft = turn.reply(
        text,
        buttons=(ASK_A_PERSON,) if turn.party.role is Role.CUSTOMER else (),
        links=_ways_there(card, lookups),
        card_ids=(card.id,),
        citations=(card.title,),
        products=(card.product,) if card.product else (),
        template=card.id,
    )
    return (Say(draft=draft), UpdateConversation(topic=(card.id,)))


def offer(turn: Turn, cards: Sequence[Card], *, lead: str = "我没把握您是指哪一个：") -> tuple[Effect, ...]:
    """Offer up to three cards and the way out."""
    role = turn.party.role
    names = [f"{_MARKS[index]}{card.title}" for index, card in enumerate(cards)]
    knowledge, fallback = KNOWLEDGE.get(role, STAFF_KNOWLEDGE), FALLBACK.get(role, STAFF_FALLBACK)
    buttons = tuple(Button(label=clip(card.title, LABEL), payload=f"{knowledge}:{card.id}") for card in cards)
    none = Button(label="都不是", payload=f"{fallback}:{NONE_OF_THESE}")
    text = f"{lead}{' '.join(names)} {_MARKS[len(cards)]}都不是"
    draft = turn.reply(text, buttons=(*buttons, none), card_ids=tuple(card.id for card in cards))
    return (Say(draft=draft), UpdateConversation(topic=tuple(card.id for card in cards)))


def nothing_found(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:
    """Say that the base does not have it, and who could know."""
    if turn.party.role is not Role.CUSTOMER:
        return (Say(draft=turn.reply("知识库里没有这一条。换个说法再试，或请产品、合规同事补一张卡。")),)
    who = who_helps(lookups.contact_person())
    text = f"这个知识库里没有，我不随口答。要不要请{who}来告诉您？"
    return (Say(draft=turn.reply(text, buttons=(ASK_A_PERSON,))),)


def _next_steps(card: Card, form: FormSpec | None, turn: Turn) -> tuple[Button, ...]:
    more = (Button(label="展开", payload=f"more:{card.id}"),) if card.details else ()
    arrange = (Button(label=_ARRANGE, payload=f"{form.name}:"),) if form and turn.conversation.form is None else ()
    return (*more, *arrange, *((ASK_A_PERSON,) if turn.party.role is Role.CUSTOMER else ()))


def _ways_there(card: Card, lookups: Lookups) -> tuple[Link, ...]:
    """The page where what the card says can be done, where the bank has one."""
    url = lookups.address(card.link.to) if card.link else None
    return (Link(label=card.link.label, url=url),) if card.link and url else ()


def _form_for(card: Card) -> FormSpec | None:
    return next((form for form in all_forms().values() if form.need and form.need in card.needs), None)


def _slot_of_ask(form: FormSpec, card: Card) -> str:
    """Which slot the card's question asks for: the first whose own question shares most characters with it."""
    if not card.ask:
        return ""
    return max(form.slots, key=lambda slot: len(set(slot.ask + slot.title) & set(card.ask or ""))).name


def _plain(markdown: str) -> str:
    text = _HEADING.sub(r"【\1】", markdown)
    return re.sub(r"\n{2,}", "\n", _BOLD.sub(r"\1", _BULLET.sub("· ", text))).strip()
