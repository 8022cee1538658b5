"""What the workbench says on behalf of the person at it: the same commands that the buttons of a chat send.

The words after a command are shown in that person's own chat instead of the command.
"""

from bot.inbound_text import MAX_TEXT

_TAKE_OVER, _RELAY, _RELEASE, _CLOSE_COMPLAINT = "take_over:", "reply:", "release:", "close_complaint:"
_SEPARATOR = ">"
LONGEST_RELAY = MAX_TEXT - 200  # a relayed text travels with the name of the conversation before it


def take_over(conversation_id: str) -> str:
    """Take a customer's conversation."""
    return f"{_TAKE_OVER}{conversation_id}"


def relay(conversation_id: str, text: str) -> str:
    """Say something to the customer whose conversation is held."""
    return f"{_RELAY}{conversation_id}{_SEPARATOR}{text}"


def release(conversation_id: str) -> str:
    """Give a conversation back to the bot."""
    return f"{_RELEASE}{conversation_id}"


def close_complaint(reference: str) -> str:
    """Say that a complaint was dealt with."""
    return f"{_CLOSE_COMPLAINT}{reference}"


def in_words(text: str) -> str | None:
    """What a command of the workbench did, for the transcript of who gave it. None for any other text."""
    if text.startswith(_RELAY) and _SEPARATOR in text:
        return f"已发送：{text.partition(_SEPARATOR)[2]}"
    if text.startswith(_TAKE_OVER):
        return "接管会话"
    if text.startswith(_RELEASE):
        return "交还给助手"
    if text.startswith(_CLOSE_COMPLAINT):
        return f"投诉处理完了 {text.removeprefix(_CLOSE_COMPLAINT)}"
    return None
