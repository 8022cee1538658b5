"""Telegram, for staff and tests: its servers are abroad, so customers are refused unless a setting says otherwise (PIPL 38-40).

Telegram has no idempotency key, hence at most once: a text whose fate is uncertain is `unknown` and never sent again. An update is
acknowledged only after it was stored. The library is imported when a token is set.
"""

from bot.channels.telegram.wiring import attach, telegram_channel

__all__ = ["attach", "telegram_channel"]
