"""Signed links and sessions: good for one person, one use, a while."""

from datetime import datetime, timedelta

import pytest

from bot.web.identity import CHAT, LINK_LASTS, SESSION_LASTS, WORKBENCH, Door, sign, sign_session, verify, verify_session, visitor
from compliance.days import BANK_ZONE
from domain.errors import BadSignature
from domain.party import Party, Role

SECRET = "a key of the tests that signs links and cookies"
AT = datetime(2026, 11, 24, 9, 0, tzinfo=BANK_ZONE)
CUSTOMER, MANAGER = Party(Role.CUSTOMER, "C000001"), Party(Role.RM, "S0003")


def test_a_link_names_its_person() -> None:
    assert verify(sign(CUSTOMER, SECRET, AT), SECRET, AT + timedelta(minutes=9)) == CUSTOMER


def test_a_link_lasts_ten_minutes_at_most() -> None:
    assert timedelta(minutes=10) >= LINK_LASTS
    token = sign(CUSTOMER, SECRET, AT)
    assert verify(token, SECRET, AT + LINK_LASTS - timedelta(seconds=1)) == CUSTOMER
    with pytest.raises(BadSignature, match="ended"):
        verify(token, SECRET, AT + LINK_LASTS)


@pytest.mark.parametrize("token", ["", "x", "a.b", "eyJwYXJ0eSI6IDF9.c2ln", "令牌", sign(CUSTOMER, "another key that nobody here has", AT)])
def test_a_link_that_was_not_made_here_is_refused(token: str) -> None:
    with pytest.raises(BadSignature):
        verify(token, SECRET, AT)


def test_a_link_that_was_changed_is_refused() -> None:
    token = sign(CUSTOMER, SECRET, AT)
    body, _, signature = token.rpartition(".")
    other_body = sign(MANAGER, SECRET, AT).rpartition(".")[0]
    for changed in (f"{other_body}.{signature}", f"{body}x.{signature}", f"{body}.{signature[:-2]}", body):
        with pytest.raises(BadSignature):
            verify(changed, SECRET, AT)


def test_a_link_is_no_session_and_a_session_no_link() -> None:
    with pytest.raises(BadSignature):
        verify_session(sign(CUSTOMER, SECRET, AT), SECRET, AT)
    with pytest.raises(BadSignature):
        verify(sign_session(CUSTOMER, SECRET, AT), SECRET, AT)


def test_nothing_is_signed_without_a_secret() -> None:
    with pytest.raises(BadSignature):
        sign(CUSTOMER, "", AT)


def test_a_session_ends() -> None:
    known = verify_session(sign_session(CUSTOMER, SECRET, AT), SECRET, AT)
    assert known.party == CUSTOMER
    assert known.may_go_on(AT + SESSION_LASTS - timedelta(seconds=1))
    assert not known.may_go_on(AT + SESSION_LASTS)


def at_the_door(
    door: Door, *, sandbox: bool, wanted: str = "", cookies: dict[str, str] | None = None, secret: str = SECRET
) -> Party | None:
    known = visitor(door, sandbox=sandbox, secret=secret, at=AT, wanted=wanted, cookies=cookies or {})
    return known.party if known else None


def test_in_a_sandbox_the_address_says_who_it_is() -> None:
    assert at_the_door(CHAT, sandbox=True, wanted="customer:C000001") == CUSTOMER
    assert at_the_door(WORKBENCH, sandbox=True, wanted="rm:S0003") == MANAGER


@pytest.mark.parametrize(
    ("door", "wanted"), [(CHAT, "rm:S0003"), (WORKBENCH, "customer:C000001"), (CHAT, "bot:peiban"), (CHAT, "Anna"), (CHAT, "customer:")]
)
def test_each_page_admits_only_those_it_is_for(door: Door, wanted: str) -> None:
    assert at_the_door(door, sandbox=True, wanted=wanted) is None


def test_outside_a_sandbox_the_address_says_nothing() -> None:
    assert at_the_door(CHAT, sandbox=False, wanted="customer:C000001") is None


def test_outside_a_sandbox_the_cookie_of_the_page_counts() -> None:
    cookies = {CHAT.cookie: sign_session(CUSTOMER, SECRET, AT), WORKBENCH.cookie: sign_session(MANAGER, SECRET, AT)}
    assert at_the_door(CHAT, sandbox=False, cookies=cookies) == CUSTOMER
    assert at_the_door(WORKBENCH, sandbox=False, cookies=cookies) == MANAGER
    assert at_the_door(WORKBENCH, sandbox=False, cookies={WORKBENCH.cookie: cookies[CHAT.cookie]}) is None
    assert at_the_door(CHAT, sandbox=False, cookies={CHAT.cookie: "forged"}) is None
    assert at_the_door(CHAT, sandbox=False, cookies=cookies, secret="") is None
