"""Drafts, conversations and verdicts as JSON and back.

Only our own shapes are read: an unknown enum value or a missing key raises (KeyError, ValueError), since it means that the database
was written by a newer version. Nothing here can construct an `Approved`.
"""

from dataclasses import asdict
from typing import Any

from domain.conversation import Conversation, FormState, Owner
from domain.message import Blocked, Button, Deferred, Draft, Kind, Link, NeedsReview, Purpose, Verdict
from domain.party import Party

Json = dict[str, Any]


def draft_to_json(draft: Draft) -> Json:
    """Leave out what is empty: most drafts are a text and a card id."""
    body: Json = {"text": draft.text, "to": str(draft.to), "purpose": draft.purpose.value, "kind": draft.kind.value}
    body["author"] = str(draft.author)
    if draft.buttons:
        body["buttons"] = [[b.label, b.payload] for b in draft.buttons]
    if draft.links:
        body["links"] = [[link.label, link.url] for link in draft.links]
    for name in ("image", "template", "answers"):
        if (value := getattr(draft, name)) is not None:
            body[name] = value
    for name in ("card_ids", "citations", "products", "about"):
        if value := getattr(draft, name):
            body[name] = list(value)
    if draft.ai_generated:
        body["ai"] = True
    return body


def draft_from_json(body: Json) -> Draft:
    return Draft(
        text=body["text"],
        to=Party.parse(body["to"]),
        purpose=Purpose(body["purpose"]),
        kind=Kind(body["kind"]),
        author=Party.parse(body["author"]),
        buttons=tuple(Button(label=label, payload=payload) for label, payload in body.get("buttons", ())),
        links=tuple(Link(label=label, url=url) for label, url in body.get("links", ())),
        image=body.get("image"),
        template=body.get("template"),
        answers=body.get("answers"),
        card_ids=tuple(body.get("card_ids", ())),
        citations=tuple(body.get("citations", ())),
        products=tuple(body.get("products", ())),
        about=tuple(body.get("about", ())),
        ai_generated=body.get("ai", False),
    )


def state_to_json(conversation: Conversation) -> Json:
    """The part of a conversation that no query asks for."""
    body: Json = {}
    if conversation.form:
        body["form"] = {
            "name": conversation.form.name,
            "slots": [list(pair) for pair in conversation.form.slots],
            "asking": conversation.form.asking,
            "misses": conversation.form.misses,
        }
    if conversation.options:
        body["options"] = [[b.label, b.payload] for b in conversation.options]
    if conversation.topic:
        body["topic"] = list(conversation.topic)
    if conversation.focus:
        body["focus"] = conversation.focus
    if conversation.focus_before:
        body["focus_before"] = conversation.focus_before
    if conversation.asked:
        body["asked"] = conversation.asked
    if conversation.pending:
        body["pending"] = conversation.pending
    if conversation.greeted:
        body["greeted"] = True
    if conversation.misses:
        body["misses"] = conversation.misses
    return body


def conversation_from_row(row: Any) -> Conversation:
    """Build a conversation from a row of the table."""
    state: Json = row.state
    form = state.get("form")
    return Conversation(
        id=row.id,
        channel=row.channel,
        party=Party.parse(row.party),
        owner=Owner(row.owner),
        staff=row.staff,
        waiting_since=row.waiting_since,
        owned_since=row.owned_since,
        last_human_at=row.last_human_at,
        form=form
        and FormState(
            name=form["name"],
            slots=tuple((name, value) for name, value in form["slots"]),
            asking=form["asking"],
            misses=form["misses"],
        ),
        options=tuple(Button(label=label, payload=payload) for label, payload in state.get("options", ())),
        topic=tuple(state.get("topic", ())),
        focus=state.get("focus"),
        focus_before=state.get("focus_before"),
        asked=state.get("asked"),
        pending=state.get("pending"),
        greeted=state.get("greeted", False),
        misses=state.get("misses", 0),
        version=row.version,
    )


def findings_to_json(verdict: Verdict | None) -> list[Json] | None:
    """The findings of a verdict that stopped a text, for the record."""
    if not isinstance(verdict, Blocked | NeedsReview | Deferred):
        return None
    return [
        {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in asdict(finding).items()}
        for finding in verdict.findings
    ]
