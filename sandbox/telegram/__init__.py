"""A stand-in for the Telegram Bot API on loopback, for tests and demonstrations: `python -m sandbox.telegram`.

It keeps the rules that a bot can trip over: offsets that confirm, one poller at a time, webhook against polling, limits of texts and
buttons, error bodies, people who never wrote or who blocked the bot. Unlike the real one it takes webhooks over plain HTTP.
"""

from sandbox.telegram.faults import Fault
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.world import World

__all__ = ["Fault", "TelegramServer", "World"]
