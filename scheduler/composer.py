"""From a planned touch and an approved card to a draft. The words are the card's; only its placeholders are filled."""

from collections.abc import Mapping

from domain.book import Customer, StaffMember
from domain.errors import BadInput
from domain.message import Draft, Purpose
from domain.party import Party, Role
from domain.touchpoint import PlannedTouch
from scheduler.salutation import rm_name, salutation
from scheduler.wording import PLACEHOLDER, Wording

SMS_PART = 70  # UCS-2 units that one part of a short message holds; what goes to older customers fits into one
SENIOR_AGE, SENIOR_SEGMENT = 60, "银发"


def compose(planned: PlannedTouch, customer: Customer, words: Wording, *, rm: StaffMember | None) -> Draft:
    """Word a planned touch for its customer. Who the `rm` is (a deputy during leave, None for nobody) and the channel are the caller's.

    Raises BadInput when planned touch, customer and card do not belong together, when the card's approval does not hold on
    the day, or when the filled text for an older customer does not fit into one short message.
    """
    if (planned.customer_id, planned.card_id) != (customer.id, words.card_id):
        raise BadInput(f"{planned.occasion} wants customer {planned.customer_id} and card {planned.card_id}; give it those")
    if not words.valid_on(planned.not_before.date()):
        raise BadInput(f"{planned.occasion}: card {words.card_id} is not valid on {planned.not_before:%Y-%m-%d}; renew its approval")
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
    """Whether the customer gets the shorter words: a person of 60 years or more on the day of the touch, or in a 银发 segment."""
    if customer.kind != "person":
        return False
    age = customer.age(planned.not_before.date())
    return (age is not None and age >= SENIOR_AGE) or any(SENIOR_SEGMENT in segment for segment in customer.segments)


def _filled(text: str, values: Mapping[str, str], card_id: str) -> str:
    missing = [name for name in PLACEHOLDER.findall(text) if name not in values]
    if missing:
        raise BadInput(f"card {card_id}: nothing to put for {{{missing[0]}}} in this touch; use another placeholder")
    return PLACEHOLDER.sub(lambda found: values[found.group(1)], text)
