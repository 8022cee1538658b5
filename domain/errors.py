"""The one root of everything that Peiban raises on purpose."""


class PeibanError(Exception):
    """An anticipated fault. The message is one line that says what to do; commands print it and exit with 2."""


class BadInput(PeibanError):
    """The caller gave something that cannot be used: an unknown id, a malformed file, a wrong option."""


class BadSettings(PeibanError):
    """The configuration cannot be used. Every wrong setting is named in the one message."""


class Conflict(PeibanError):
    """Somebody else changed the same record first. Load it again and retry."""


class IllegalTransition(PeibanError):
    """The event is not allowed in the state the conversation is in. Nothing was changed."""


class ChannelDown(PeibanError):
    """The channel did not take the message now. It was certainly not delivered: retry later with the same key.

    `retry_after_s` is how long the channel asked to be left alone, 0 when it did not say.
    """

    def __init__(self, message: str = "", *, retry_after_s: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class DeliveryUnknown(PeibanError):
    """The channel may or may not have taken the message. Without an idempotency key it must not be sent again."""


class NotOurTurn(PeibanError):
    """On the channel's side a person has the conversation: what the bot wanted to say is not wanted any more."""


class RecipientGone(PeibanError):
    """The recipient cannot be reached on this channel any more. Do not retry."""


class CapReached(PeibanError):
    """The channel lets this person have no more for now. It was certainly not delivered, and nobody need look after it."""


class BadSignature(PeibanError):
    """A callback was forged, stale or damaged. It is refused and counted, its content is not logged."""
