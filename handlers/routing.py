"""Chooses the one handler of a turn. The steps are asked in order; the first that knows wins.

A handler that is not for the role of the speaker does not exist here: a command, a cue or the classifier can never reach it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

from crm.tags.definitions import PLAN, definitions
from crm.tags.listening import only_tells
from crm.tags.listening import told as told_of
from domain.conversation import FormState
from domain.message import Button
from domain.party import Role
from handlers.again import Question
from handlers.around_names import bare
from handlers.cues import STRONG, CueHit, match_cue
from handlers.discovery import for_role
from handlers.forms import form_of, gives_value
from handlers.forms.spec import all_forms
from handlers.handler import Handler, Turn
from handlers.mentions import Mentions
from handlers.pending import Awaited, Pending
from handlers.shown import NEXT_PAGE, only_opens, place_of, shown_last, wants_more
from knowledge.card import CardKind
from language.answers import Pick, choice, yes_no
from language.normalise import fold, is_blank
from language.pronouns import PRONOUN
from retrieval.evidence import Decision, Evidence

#: Where a turn goes that nothing else understood, and where one goes that says nothing. By role; other staff as in the last row.
FALLBACK = {Role.CUSTOMER: "unclear", Role.RM: "rm_unclear"}
BLANK = {Role.CUSTOMER: "blank"}
KNOWLEDGE = {Role.CUSTOMER: "ask_knowledge"}
STAFF_FALLBACK, STAFF_KNOWLEDGE, PRODUCTS = "staff_help", "look_up", "ask_product"
NONE_OF_THESE = "none_of_these"
TELLS = "tell_of_me"
YES_AND_NO = frozenset({True, False})
OUT_OF_SCOPE = "out_of_scope"  # what the classifier calls a text that is none of the bank's business

PROFILE = "show_profile"
_ANSWERED_BY_CARDS = frozenset({OUT_OF_SCOPE, STAFF_KNOWLEDGE, *KNOWLEDGE.values()})
_OFFERED = 3
_GUESS = 0.12  # of the classifier: below, a guess is no better than none

_AGAIN, _PRESSED = "again", frozenset({"command", "option", "listed", "pending"})
_SHORT = 40  # characters: whoever says more says more than whom

_COMMAND = re.compile(r"(?P<intent>[a-z][a-z0-9_]*):(?P<argument>.*)", re.DOTALL)
_ID = re.compile(r"c\d{4,}")
_NOBODY = re.compile(
    r"(?:展开|详细|具体|原来|以前|现在|最近|目前|到底|究竟|那|那么|为什么|为啥|怎么|说说|讲讲|看看?|再|还|又|是|的|客户|[a-z,。 ]){1,6}"
)
_CODE = re.compile(r"\d(?:[ -]?\d){3,9}")
_SURE = 0.40  # of the classifier, against evidence that is not direct
_LEADS_FROM = 0.20  # of the classifier, where nothing else comes near
_FOREIGN = 0.60  # of the classifier, that it is none of our business, against evidence that offers choices
_DOUBTFUL = 0.50  # of the classifier, against a cue that took for a name what is none
_VERY_SURE = 0.75  # of the classifier, against direct evidence


class IntentClassifier(Protocol):
    """Text in, probability of each intent out, best first. Serving never trains."""

    def classify(self, said: str, intents: Sequence[str]) -> Sequence[tuple[str, float]]:
        """Judge among the given intents only; what is out of scope may be judged `out_of_scope`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """Which handler, with what argument, how surely and why (`command`, `option`, `pending`, `form`, `cue`, …).

    `aside` says that a form goes on after the answer: its question is asked again. `said` stands for what was typed where a question is
    asked again of somebody else. `question` is what the conversation keeps of a question of one customer.
    """

    intent: str
    argument: str = ""
    confidence: float = 1.0
    reason: str
    aside: bool = False
    said: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Everything that a step may look at. `evidence` is asked for once, and only when nothing cheaper decided."""

    turn: Turn
    handlers: tuple[Handler, ...]
    known: frozenset[str]
    evidence: Callable[[], Evidence]
    mentioned: Callable[[], Mentions]
    ranked: Callable[[], Sequence[tuple[str, float]]]  # what the classifier says of it, best first; empty without one

    @property
    def role(self) -> Role:
        return self.turn.party.role

    @property
    def intents(self) -> frozenset[str]:
        return frozenset(handler.intent for handler in self.handlers)


def choose(
    turn: Turn,
    *,
    handlers: Sequence[Handler],
    evidence: Callable[[], Evidence],
    classifier: IntentClassifier | None = None,
    mentioned: Callable[[], Mentions] | None = None,
) -> Routed:
    """Choose for one turn. `evidence` searches the cards for `turn.said`, `mentioned` the customers in it, as the speaker may see them."""
    mine = for_role(handlers, turn.party.role)
    intents = sorted(handler.intent for handler in mine)
    nobody = Mentions(plain=turn.said)
    once = cache(mentioned if mentioned and turn.party.role.is_staff else lambda: nobody)
    asked = _Asked(
        turn=turn,
        handlers=mine,
        known=frozenset(handler.intent for handler in handlers),
        evidence=cache(evidence),
        mentioned=once,
        ranked=cache(lambda: classifier.classify(once().plain, intents) if classifier else ()),
    )
    routed = next(routed for step in _STEPS if (routed := step(asked)) is not None)
    return replace(routed, question=_question(asked, routed))


def _question(asked: _Asked, routed: Routed) -> str:
    """What is asked of one customer, for “那李梅呢”: also of who answers with a code or a button what was asked before."""
    if asked.role is Role.CUSTOMER or not any(one.intent == routed.intent and one.about_one for one in asked.handlers):
        return ""
    before = Question.parse(asked.turn.conversation.asked)
    if routed.reason in _PRESSED or routed.reason == _AGAIN:
        return str(before if before and before.intent == routed.intent else Question(intent=routed.intent))
    return str(Question(intent=routed.intent, sentence=asked.mentioned().plain))


def _blank(asked: _Asked) -> Routed | None:
    if not is_blank(asked.turn.text) or asked.turn.conversation.form:
        return None
    return Routed(intent=BLANK.get(asked.role, FALLBACK.get(asked.role, STAFF_FALLBACK)), reason="blank")


def _command(asked: _Asked) -> Routed | None:
    found = _COMMAND.fullmatch(asked.turn.text.strip())
    if found is None or found["intent"] not in asked.known:
        return None
    if found["intent"] not in asked.intents:
        return Routed(intent=FALLBACK.get(asked.role, STAFF_FALLBACK), reason="command_refused", confidence=0.0)
    return Routed(intent=found["intent"], argument=found["argument"].strip(), reason="command")


def _option(asked: _Asked) -> Routed | None:
    options = asked.turn.conversation.options
    if not options or _asks_of_a_line(asked):
        return None
    said = fold(asked.turn.said)
    labelled = next((option for option in options if said and said in (fold(option.label), fold(option.payload))), None)
    labelled = labelled or _yes_or_no(asked.turn.said, options)
    picked = choice(asked.turn.said, len(options)) if labelled is None else None
    if picked is Pick.NONE_OF_THESE:
        if asked.turn.conversation.form:
            return None
        return Routed(intent=FALLBACK.get(asked.role, STAFF_FALLBACK), argument=NONE_OF_THESE, reason="option")
    option = options[picked] if isinstance(picked, int) else labelled
    found = _COMMAND.fullmatch(option.payload) if option else None
    if found is None or found["intent"] not in asked.intents:
        return None
    return Routed(intent=found["intent"], argument=found["argument"].strip(), reason="option")


def _listed(asked: _Asked) -> Routed | None:
    """A line of the list that staff were shown last, or its next page."""
    turn = asked.turn
    if asked.role is Role.CUSTOMER or turn.conversation.form:
        return None
    place, shown = place_of(turn.said), shown_last(turn.conversation)
    line = shown[place - 1] if place and place <= len(shown) and only_opens(turn.said) else ""
    following = (option.payload for option in turn.conversation.options if option.label == NEXT_PAGE)
    found = _COMMAND.fullmatch(line or (next(following, "") if wants_more(turn.said) else ""))
    if found is None or found["intent"] not in asked.intents:
        return None
    return Routed(intent=found["intent"], argument=found["argument"].strip(), reason="listed")


def _asks_of_a_line(asked: _Asked) -> bool:
    """Whether staff say more of a line than that they want to see it: 第二个不合适 chooses nothing, it is about the second."""
    said = asked.turn.said
    if asked.role is Role.CUSTOMER or place_of(said) is None or only_opens(said):
        return False
    return match_cue(said, asked.handlers) is not None


def _yes_or_no(said: str, options: Sequence[Button]) -> Button | None:
    """The option that a yes or no means, where the two labels are one of each."""
    meanings = {yes_no(option.label): option for option in options} if len(options) == len(YES_AND_NO) else {}
    return meanings.get(yes_no(said)) if meanings.keys() == YES_AND_NO else None


def _pending(asked: _Asked) -> Routed | None:
    turn = asked.turn
    pending = Pending.parse(turn.conversation.pending)
    if pending is None or pending.intent not in asked.intents or not _fits(asked, pending):
        return None
    return Routed(intent=pending.intent, argument=pending.argument, reason="pending")


def _fits(asked: _Asked, pending: Pending) -> bool:
    if pending.awaited is Awaited.CODE:
        return bool(_CODE.fullmatch(asked.turn.said))
    strong = match_cue(asked.turn.said, [handler for handler in asked.handlers if handler.intent != pending.intent])
    if strong is not None and (strong.handler.order < STRONG or pending.awaited is Awaited.SLOT):
        return False
    if pending.awaited is Awaited.TEXT:
        return True
    spec = all_forms().get(pending.intent)
    fresh = FormState(name=pending.intent, asking=pending.argument)
    return spec is not None and gives_value(spec, fresh, asked.turn.text, at=asked.turn.at)


def _form(asked: _Asked) -> Routed | None:
    turn, state = asked.turn, asked.turn.conversation.form
    spec = form_of(state)
    if spec is None or state is None or spec.name not in asked.intents:
        return None
    into_form = Routed(intent=spec.name, reason="form")
    others = [handler for handler in asked.handlers if handler.intent not in all_forms()]
    cue = match_cue(turn.said, others)
    if cue and cue.handler.order < STRONG:
        return Routed(intent=cue.handler.intent, argument=cue.argument, reason=f"cue:{cue.handler.intent}")
    if gives_value(spec, state, turn.text, at=turn.at):
        return into_form
    if cue:
        return Routed(intent=cue.handler.intent, argument=cue.argument, reason=f"cue:{cue.handler.intent}", aside=True)
    if asked.evidence().decision is Decision.DIRECT:
        return Routed(intent=_knowledge(asked), reason="evidence", aside=True)
    return into_form


def _cue(asked: _Asked) -> Routed | None:
    cue = match_cue(asked.turn.said, asked.handlers)
    if cue is None:
        return None
    if cue.handler.yields and (surer := _by_classifier(asked, _VERY_SURE)) is not None:
        return surer
    if cue.handler.about_one and asked.role.is_staff:
        return _about_one(asked, cue)
    return Routed(intent=cue.handler.intent, argument=cue.argument, reason=f"cue:{cue.handler.intent}")


def _about_one(asked: _Asked, cue: CueHit) -> Routed:
    """Where a name may stand, a cue takes whatever stands there: who is really mentioned counts.

    Words that are nobody's name make the cue doubtful, and the classifier may know better.
    """
    place = place_of(asked.turn.said)
    if place and shown_last(asked.turn.conversation):  # 第四个什么时候找他最好: 他 is the fourth
        return Routed(intent=cue.handler.intent, argument=f"第{place}个", reason=f"cue:{cue.handler.intent}")
    who = asked.mentioned()
    known = "" if who.stranger else who.first
    rest = cue.argument.replace(known, "") if known else cue.argument
    filler = not rest or bool(_NOBODY.fullmatch(rest))
    if not filler and not who.stranger and not _ID.fullmatch(rest) and place_of(rest) is None and bare(rest):
        other = _by_classifier(asked, _DOUBTFUL)
        if other is not None and other.intent != cue.handler.intent:
            return other
    said = "" if filler else cue.argument
    argument = known if known and (who.by_name or cue.argument) else said
    return Routed(intent=cue.handler.intent, argument=argument, reason=f"cue:{cue.handler.intent}")


def _again(asked: _Asked) -> Routed | None:
    """A customer and nothing else, as one goes on after a question: the same question of that customer."""
    turn, before = asked.turn, Question.parse(asked.turn.conversation.asked)
    if before is None or before.intent not in asked.intents or len(turn.said) > _SHORT or turn.conversation.form:
        return None
    who = asked.mentioned()
    if not who.follows:
        return None
    pronoun = PRONOUN.search(turn.said)
    first = who.first if who.by_name or pronoun is None or who.first != "他" else pronoun[0]
    return Routed(intent=before.intent, argument=first, said=before.of(first), reason=_AGAIN)


def _named(asked: _Asked) -> Routed | None:
    """A customer and nothing else."""
    if PROFILE not in asked.intents or not asked.mentioned().alone:
        return None
    return Routed(intent=PROFILE, argument=asked.mentioned().first, reason="named")


def _told(asked: _Asked) -> Routed | None:
    """News of the customer and nothing else: no card answers that."""
    if TELLS not in asked.intents or not only_tells(asked.turn.said):
        return None
    known = definitions().tags
    # A plan is a wish first: it goes the way of wishes, and is kept beside.
    told = any(known[one.tag].kind != PLAN for kind in ("person", "company") for one in told_of(asked.turn.said, kind=kind))
    return Routed(intent=TELLS, reason="told") if told else None


def _judged(asked: _Asked) -> Routed | None:
    """Classifier and evidence together: direct evidence yields only to a very sure classifier, doubtful evidence to a sure one.

    What mentions a customer by name is about the customer: there cards come last.
    """
    direct = asked.evidence().decision is Decision.DIRECT
    ranked = asked.ranked()
    if ranked and ranked[0][0] == OUT_OF_SCOPE and ranked[0][1] >= (_VERY_SURE if direct else _FOREIGN) and not asked.mentioned().by_name:
        return _unclear(asked)
    sure = _by_classifier(asked, _VERY_SURE if direct and not asked.mentioned().by_name else _SURE)
    if sure is None and asked.role is Role.RM and (not direct or asked.mentioned().by_name) and _leads(ranked):
        sure = _by_classifier(asked, _LEADS_FROM)
    if sure is not None:
        return sure
    if _about_somebody(asked):
        return _unclear(asked)
    if asked.evidence().decision is not Decision.NONE:
        return Routed(intent=_knowledge(asked), confidence=asked.evidence().sure, reason="evidence")
    return None


def _leads(ranked: Sequence[tuple[str, float]]) -> bool:
    """Whether the first is twice as likely as the next: of many intents that lie close, half is seldom reached."""
    return len(ranked) > 1 and ranked[0][1] >= 2 * ranked[1][1]


def _by_classifier(asked: _Asked, sure: float) -> Routed | None:
    """What the classifier says, where it is as sure as that and it is something to do."""
    intent, probability = next(iter(asked.ranked()), ("", 0.0))
    if probability < sure or intent in _ANSWERED_BY_CARDS or (intent == PRODUCTS and _knowledge(asked) == PRODUCTS):
        return None
    return Routed(intent=intent, argument=asked.mentioned().first, confidence=probability, reason="classifier")


def _knowledge(asked: _Asked) -> str:
    """Who answers from cards: a product card is answered with the product master beside it."""
    top = asked.evidence().top
    if top is not None and top.card.kind is CardKind.PRODUCT and PRODUCTS in asked.intents:
        return PRODUCTS
    return KNOWLEDGE.get(asked.role, STAFF_KNOWLEDGE)


def _about_somebody(asked: _Asked) -> bool:
    """Whether a relationship manager speaks of a customer: by name, or by a pronoun for the one talked of."""
    who = asked.mentioned()
    return asked.role is Role.RM and not who.stranger and (who.by_name or bool(who.first and asked.turn.conversation.focus))


def _unclear(asked: _Asked) -> Routed:
    guesses = _guesses(asked) if asked.role is Role.RM else ""
    return Routed(intent=FALLBACK.get(asked.role, STAFF_FALLBACK), argument=guesses, confidence=0.0, reason="unclear")


def _guesses(asked: _Asked) -> str:
    """What was most likely meant, for a question back: of whom (empty for nobody), then one `intent title` a line."""
    somebody = _about_somebody(asked)
    taught = [handler for handler in asked.handlers if handler.examples]
    fitting = {handler.intent: handler.title for handler in taught if handler.about_one or (handler.offered and not somebody)}
    likely = [intent for intent, probability in asked.ranked() if intent in fitting and (somebody or probability >= _GUESS)][:_OFFERED]
    if not likely:
        return ""
    return "\n".join((asked.mentioned().first if somebody else "", *(f"{intent} {fitting[intent]}" for intent in likely)))


_STEPS: tuple[Callable[[_Asked], Routed | None], ...] = (
    _blank,
    _command,
    _listed,
    _option,
    _pending,
    _form,
    _again,
    _cue,
    _named,
    _told,
    _judged,
    _unclear,
)
