"""Everybody on the other side at once: asked what comes of a message, of a morning, of a queue, and at night what the bank wrote down."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from numpy.random import Generator

from sandbox.players import staff
from sandbox.players.chance import after, draw_for, pick
from sandbox.players.diary import Diary, merged
from sandbox.players.files import bank_name, read_rows, whole_deliveries, write_delivery
from sandbox.players.intended import Intended, Reaction, read_intended, write_intended
from sandbox.players.money import Money
from sandbox.players.reacting import NOTHING, READ, Situation, chances
from sandbox.players.saying import Phrases, load_phrases, typed
from sandbox.players.traits import NOBODY_SPECIAL, Traits, booked_channel, read_traits
from sandbox.players.weights import Weights, load_weights

ZONE = ZoneInfo("Asia/Shanghai")
_UNASKED = {"touch": "care", "marketing": "marketing", "service": "service"}  # purposes of messages, as contacts are booked
_WEEK = timedelta(days=7)
_DAYS_OF_A_MONTH = 30
_TYPED = ("thanks", "question", "person", "opt_out", "complain")


class Message(Protocol):
    """What arrives at a customer. `key` is the channel's; `buttons` what a press would send; `notice` is a line of the system.

    `staff_id` is the person who wrote it, empty when that was a machine.
    """

    @property
    def key(self) -> str: ...
    @property
    def customer_id(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def products(self) -> Sequence[str]: ...
    @property
    def buttons(self) -> Sequence[str]: ...
    @property
    def staff_id(self) -> str: ...
    @property
    def notice(self) -> bool: ...


class Players:
    """The simulated people of one bank. `bank` is the folder it was generated into, `played` where its days are delivered."""

    def __init__(self, *, bank: Path | None, played: Path, seed: int) -> None:
        lived = whole_deliveries(played)
        folders = [bank, *lived] if bank else []
        self._traits = read_traits(bank / "truth") if bank else {}
        self._bank_name = (bank_name(bank) if bank else None) or "模拟银行"
        self._money = Money(folders)
        self._products = self._money.product_names()
        self._diary = Diary(settles=self._settled_on)
        self._played = played
        self._seed = seed
        self._weights: Weights = load_weights()
        self._phrases: Phrases = load_phrases()
        self._lately: dict[str, list[datetime]] = defaultdict(list)  # unasked messages by customer
        self._said: dict[tuple[str, date], int] = defaultdict(int)
        self._drawn: dict[tuple[str, date], int] = defaultdict(int)
        self._intended: dict[Reaction, None] = {}  # in the order in which they were meant
        self._take_up(lived)

    def _take_up(self, lived: Sequence[Path]) -> None:
        """Go on where the last play ended: complaints not settled, messages of the last days, and what people meant to do."""
        self._diary.take_up_complaints(row for day in lived for row in read_rows(day, "complaints"))
        for row in (row for day in lived[-_WEEK.days :] for row in read_rows(day, "contacts")):
            at = datetime.fromisoformat(row["at"])
            known = self._lately[row["customer_id"]]
            if row["direction"] == "out" and not row["staff_id"] and at not in known:  # one that went on was delivered twice
                known.append(at)
        for one in read_intended(self._played):
            self._intended[one.reaction] = None
            if one.contact:
                self._diary.take_up_contact(one.reaction.about, one.contact)

    def morning(self, on: date, customers: Sequence[str], *, channel: str) -> list[Reaction]:
        """What customers come with by themselves in the course of that day."""
        own = self._weights.spontaneous
        found = []
        for who in customers:
            if self._of(who).is_gone(on):
                continue
            draw = self._draw(who, on)
            for act, rate in (("talk", own.talk), ("complain", own.complain)):
                if draw.random() < rate / _DAYS_OF_A_MONTH:
                    hours = {str(hour): weight for hour, weight in enumerate(own.hours)}
                    seconds = int(pick(hours, draw)) * 3600 + int(draw.integers(0, 3600))
                    at = datetime.combine(on, time.min, tzinfo=ZONE) + timedelta(seconds=seconds)
                    kind = self._kind_of_talk(who, on, draw) if act == "talk" else act
                    found.append(Reaction(customer_id=who, act=kind, at=at, channel=channel, text=self._says(kind, who, on, draw)))
        return found

    def left_over(self, on: date) -> list[Reaction]:
        """What people meant to do from that day on when the last play ended. Asked once, when a play begins."""
        return [reaction for reaction in self._intended if reaction.at.date() >= on]

    def heard(self, message: Message) -> Reaction | None:
        """What comes of a message; None for nothing at all. Nothing has happened until `happened` is told."""
        reaction = self._reaction_to(message)
        if reaction is not None:
            self._intended[reaction] = None
        return reaction

    def _reaction_to(self, message: Message) -> Reaction | None:
        who, on = message.customer_id, message.at.date()
        draw, traits = self._draw(who, on), self._of(who)
        by_person = bool(message.staff_id)
        unasked = message.purpose in _UNASKED and not by_person
        lately = [at for at in self._lately[who] if message.at - at < _WEEK]
        product = self._money.affordable(who, message.products)
        percents: Mapping[str, float] = traits.answers
        channel = booked_channel(message.channel)
        default = self._weights.answer_percent.get(channel, self._weights.answer_percent["other"])
        situation = Situation(
            unasked=unasked,
            by_person=by_person,
            notice=message.notice,
            hour=message.at.hour,
            percent=percents.get(channel, default),
            lately=len(lately),
            said=self._said[who, on],
            need_open=bool(traits.open_needs(on)),
            leaving=traits.is_leaving(on),
            can_buy=product is not None,
            has_buttons=bool(message.buttons),
        )
        if unasked:
            self._lately[who] = [*lately, message.at]
        if unasked or by_person:
            self._diary.contact(
                message.key,
                customer_id=who,
                at=message.at,
                channel=channel,
                direction="out",
                purpose=_UNASKED.get(message.purpose, "service"),
                products=message.products,
                outcome="delivered",
                staff_id=message.staff_id,
            )
        act = pick(chances(situation, self._weights), draw)
        if act == NOTHING:
            return None
        delays = self._weights.delays
        delay = delays["buying"] if act == "buy" else delays["unasked"] if unasked else delays["talking"]
        at = after(message.at, delay, draw, awake=self._weights.awake if unasked else None)
        text = message.buttons[int(draw.integers(len(message.buttons)))] if act == "press" else ""
        if act in _TYPED:
            text = self._says(act, who, on, draw)
        return Reaction(
            customer_id=who,
            act=act,
            at=at,
            channel=message.channel,
            text=text,
            about=message.key,
            product=(product or "") if act == "buy" else "",
        )

    def happened(self, reaction: Reaction) -> str:
        """A reaction's time has come: the bank writes it down. Returns the amount of a purchase, else empty text."""
        self._intended.pop(reaction, None)
        who, on, at = reaction.customer_id, reaction.at.date(), reaction.at
        channel = booked_channel(reaction.channel)
        if reaction.text:
            self._said[who, on] += 1
            if not reaction.about:
                self._diary.contact(
                    f"in/{who}/{at.isoformat()}",
                    customer_id=who,
                    at=at,
                    channel=channel,
                    direction="in",
                    purpose="service",
                    products=(),
                    outcome="answered",
                )
        if reaction.act == READ:
            self._diary.came_of(reaction.about, "read", at=at)
        elif reaction.act == "buy":
            return self._buys(reaction)
        elif reaction.act == "opt_out":
            self._diary.came_of(reaction.about, "refused", at=at)
            self._diary.refused(who, on)
        else:
            self._diary.came_of(reaction.about, "replied", at=at)
        if reaction.act == "complain":
            self._diary.complaint(customer_id=who, at=at, channel=channel, text=reaction.text)
        return ""

    def next_look(self, staff_id: str, at: datetime) -> datetime:
        """When that relationship manager looks into the queue after the instant."""
        return staff.next_look(at.astimezone(ZONE), self._weights.staff, self._draw(staff_id, at.date()))

    def takes(self, staff_id: str, at: datetime) -> int | None:
        """Seconds until somebody who just took over speaks; None for who never does."""
        how = staff.stint(self._weights.staff, self._draw(staff_id, at.date()))
        return None if how.silent else how.seconds

    def goes_on(self, staff_id: str, at: datetime) -> int:
        """Seconds until the next thing that they do in a conversation."""
        return staff.pause(self._weights.staff, self._draw(staff_id, at.date()))

    def staff_says(self, staff_id: str, what: str, at: datetime) -> str:
        """What they say: `hello` at first, then `answer`."""
        return staff.words(self._phrases, what, self._draw(staff_id, at.date()))

    def works_on_complaint(self, customer_id: str) -> bool:
        """Whether the bank has not settled a complaint of that customer yet."""
        return self._diary.works_on(customer_id)

    def reachable(self, key: str, at: datetime) -> bool:
        """Whether the line is up when a text is handed over."""
        return bool(self._draw(key, at.astimezone(ZONE).date()).random() >= self._weights.line_down)

    def close_day(self, on: date) -> Path:
        """The bank's files of that day. A day on which nothing was to be written down has a delivery too: nothing is news as well."""
        at = datetime.combine(on, time(23, 59, 59), tzinfo=ZONE)
        feeds = merged(self._money.close_day(on), self._diary.close_day(on, at=at))
        folder = self._played / f"day-{on.isoformat()}"
        write_delivery(folder, bank=self._bank_name, as_of=on, feeds=feeds)
        self._intended = {reaction: None for reaction in self._intended if reaction.at.date() > on}
        kept = [Intended(reaction=reaction, contact=self._diary.contact_row(reaction.about)) for reaction in self._intended]
        write_intended(self._played, kept)
        return folder

    def _settled_on(self, complaint: str, made_on: date) -> date:
        """Drawn by the complaint alone: the next play comes to the same day."""
        least, most = self._weights.complaint_days
        return made_on + timedelta(days=int(draw_for(self._seed, complaint, made_on, 0).integers(least, most + 1)))

    def _buys(self, reaction: Reaction) -> str:
        least, most, step = self._weights.purchase
        share = float(self._draw(reaction.customer_id, reaction.at.date()).uniform(least, most))
        purchase = self._money.buy(reaction.customer_id, reaction.product, share=share, step=step, at=reaction.at)
        if purchase is None:
            return ""
        self._diary.bought(purchase)
        self._diary.came_of(reaction.about, "bought", at=reaction.at)
        return str(purchase.amount)

    def _kind_of_talk(self, who: str, on: date, draw: Generator) -> str:
        kind = pick(self._weights.spontaneous.kinds, draw)
        needs = [need for need in self._of(who).open_needs(on) if need in self._phrases.need]
        if (kind == "need" and not needs) or (kind == "product" and not self._products):
            return "question"
        return kind

    def _says(self, act: str, who: str, on: date, draw: Generator) -> str:
        needs = [need for need in self._of(who).open_needs(on) if need in self._phrases.need]
        choice = self._phrases.need[needs[int(draw.integers(len(needs)))]] if act == "need" and needs else self._phrases.customer[act]
        phrase = choice[int(draw.integers(len(choice)))]
        if act == "product":
            phrase = phrase.replace("{product}", self._products[int(draw.integers(len(self._products)))])
        return typed(phrase, draw, typing=self._weights.typing, typos=self._phrases.typos)

    def _of(self, who: str) -> Traits:
        return self._traits.get(who, NOBODY_SPECIAL)

    def _draw(self, who: str, on: date) -> Generator:
        self._drawn[who, on] += 1
        return draw_for(self._seed, who, on, self._drawn[who, on])
