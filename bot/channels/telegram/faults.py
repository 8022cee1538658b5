"""What a failed call means for the ledger: certainly not delivered, perhaps delivered, or the person is out of reach.

Only two things prove that a message was not taken: the request never left, or the Bot API itself said no. Everything else may have
arrived. Tokens stand in addresses and texts in bodies, so no message of a library goes into our errors.
"""

import json

import httpx
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError

from domain.errors import ChannelDown, DeliveryUnknown, PeibanError, RecipientGone

#: Faults of the transport that come before the first byte of the request.
_NOT_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_GATEWAY = (502, 504)  # somebody in between gave up waiting: what lies behind may have done it


class Flooded(NetworkError):
    """429: too many messages."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("flood control")
        self.retry_after_s = retry_after_s


class NotDone(NetworkError):
    """The Bot API answered with a fault of its own, in its own form: it did not do what was asked."""


class Garbled(NetworkError):
    """The answer is not one of the Bot API."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status} without a readable answer")
        self.status = status


def check_answer(status: int, payload: bytes) -> None:
    """Raise for an answer that the library would mistake or write into its log whole; pass every other one on to it."""
    try:
        body = json.loads(payload)
    except ValueError:
        raise Garbled(status) from None
    accepted = body.get("ok") if isinstance(body, dict) else None
    if accepted is True and "result" in body and 200 <= status < 300:
        return
    if accepted is not False or status < 400 or status in _GATEWAY:
        raise Garbled(status)
    if status == 429:
        parameters = body.get("parameters")
        wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
        raise Flooded(float(wait) if isinstance(wait, int | float) else 1.0)
    if status >= 500:
        raise NotDone(f"status {status}")


def judge(error: TelegramError) -> PeibanError:
    """Say in our words what a failed send means."""
    match error:
        case Flooded():
            return ChannelDown(f"Telegram asks to wait {error.retry_after_s:g} s", retry_after_s=error.retry_after_s)
        case NotDone():
            return ChannelDown(f"Telegram is out of order: {error}")
        case Garbled():
            return ChannelDown(f"not Telegram: {error}") if 400 <= error.status < 500 else DeliveryUnknown(f"no answer to trust: {error}")
        case InvalidToken() | Conflict():
            return ChannelDown("Telegram does not accept the token; check PEIBAN_TELEGRAM_TOKEN")
        case Forbidden() | ChatMigrated():
            return RecipientGone("the person blocked the bot or is gone")
        case BadRequest():
            return RecipientGone(f"Telegram refused: {error.message[:80]}")
    if isinstance(error.__cause__, _NOT_WRITTEN):
        return ChannelDown(f"Telegram cannot be reached ({type(error.__cause__).__name__})")
    return DeliveryUnknown(f"Telegram did not answer ({type(error.__cause__ or error).__name__})")
