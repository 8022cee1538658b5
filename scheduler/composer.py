"""From a planned touch and an approved card to a draft. The words are the card's; only its placeholders are filled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.book import Customer, StaffMember
from domain.errors import BadInput
from domain.message import Draft, Purpose
from domain.party import Party, Role
from domain.touchpoint import PlannedTouch
from scheduler.salutation import rm_name, salutation

PLACEHOLDERS = ("称呼", "节气", "客户经理")
LONGEST, LONGEST_SHORT = 60, 35  # characters of an approved greeting, placeholders as written
SMS_PART = 70  # UCS-2 units that one part of a short message holds; what goes to older customers fits into one
SENIOR_AGE, SENIOR_SEGMENT = 60, "银发"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of a touch from one approved card: `text` for most people, `short` for older customers."""

    card_id: str
    text: str
    short: str


def wording(card_id: str, *, answer: str, details: str) -> Wording:
    """Take the words from a card: `answer` is its first paragraph, the first paragraph of `details` (its 展开) the shorter variant.

    Raises BadInput naming the card for an unknown placeholder, a stray brace, a missing variant or one that is too long.
    """
    short = details.strip().removeprefix("## 展开").strip().partition("\n\n")[0]
    return Wording(
        card_id=card_id,
        text=_checked(card_id, "first paragraph", answer.strip(), LONGEST),
        short=_checked(card_id, "展开", short, LONGEST_SHORT),
    )


def compose(planned: PlannedTouch, customer: Customer, words: Wording, *, rm: StaffMember | None) -> Draft:
    """Word a planned touch for its customer. Who the `rm` is (a deputy during leave, None for nobody) and the channel are the caller's.

    Raises BadInput when planned touch, customer and card do not belong together, or when the filled text for an older customer does
    not fit into one short message.
    """
    if (planned.customer_id, planned.card_id) != (customer.id, words.card_id):
        raise BadInput(f"{planned.occasion} wants customer {planned.customer_id} and card {planned.card_id}; give it those")
    senior = is_senior(customer, planned)
    values = {**dict(planned.values), "称呼": salutation(customer), "客户经理": rm_name(rm)}
    text = _filled(words.short if senior else words.text, values, words.card_id)
    if senior and len(text.encode("utf-16-le")) // 2 > SMS_PART:
        raise BadInput(f"{planned.occasion}: the text is longer than {SMS_PART} characters; shorten 展开 of card {words.card_id}")
    return Draft(
        text=text,
        to=Party(Role.CUSTOMER, customer.id),
        purpose=Purpose(planned.purpose),
        card_ids=(words.card_id,),
        about=(customer.id,),
        template=words.card_id,
    )


def is_senior(customer: Customer, planned: PlannedTouch) -> bool:
    """Whether the customer gets the shorter words: 60 years or older on the day of the touch, or in a 银发 segment."""
    age = customer.age(planned.not_before.date())
    return (age is not None and age >= SENIOR_AGE) or any(SENIOR_SEGMENT in segment for segment in customer.segments)


def _checked(card_id: str, part: str, text: str, longest: int) -> str:
    if not text:
        raise BadInput(f"card {card_id}: {part} is empty; write the greeting there")
    unknown = [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
    if unknown:
        raise BadInput(f"card {card_id}: unknown placeholder {{{unknown[0]}}} in {part}; use {'、'.join(PLACEHOLDERS)}")
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        raise BadInput(f"card {card_id}: a brace without its other half in {part}; write {{称呼}}")
    if len(text) > longest:
        raise BadInput(f"card {card_id}: {part} has {len(text)} characters, at most {longest} are read; shorten it")
    return text


def _filled(text: str, values: Mapping[str, str], card_id: str) -> str:
    missing = [name for name in _PLACEHOLDER.findall(text) if name not in values]
    if missing:
        raise BadInput(f"card {card_id}: nothing to put for {{{missing[0]}}} in this touch; use another placeholder")
    return _PLACEHOLDER.sub(lambda found: values[found.group(1)], text)
