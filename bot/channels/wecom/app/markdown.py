"""An answer that is a list or a sheet, as markdown of the app (document/path/90236). Pure.

The words stay as the gate approved them; only what is bold is added. A text that carries a sign of markup itself, perhaps in what a
customer wrote, stays plain text: nobody but we decide what is bold, and nothing becomes a link.
"""

import re

LIMIT = 2_048  # bytes
_LEAST = 3  # lines: a heading and two that are alike
_HEAD = 60  # characters
_MARKUP = re.compile(r"[*_`<>#~|\\]|\]\(|^\s*[-+] |https?://", re.MULTILINE)
_NUMBERED = re.compile(r"^\d+[.、] ?\S")
_LABELLED = re.compile(r"^([\u4e00-\u9fff（）、A-Za-z0-9]{1,12})：(?=\S)")


def markdown_of(text: str) -> tuple[str, ...]:
    """The messages, cut at ends of lines so that no markup is torn; empty where plain text says it as well."""
    lines = text.strip().splitlines()
    if len(lines) < _LEAST or len(lines[0]) > _HEAD or _MARKUP.search(text):
        return ()
    if sum(bool(_NUMBERED.match(line) or _LABELLED.match(line)) for line in lines[1:]) < _LEAST - 1:
        return ()
    return _packed([_head(lines[0]), *(_LABELLED.sub(r"**\1**：", line) for line in lines[1:])])


def _head(line: str) -> str:
    return f"**{line.strip()}**"


def _packed(lines: list[str]) -> tuple[str, ...]:
    """As many lines a message as it holds; nothing at all when one line alone is too long."""
    messages: list[str] = []
    for line in lines:
        if len(line.encode()) > LIMIT:
            return ()
        longer = f"{messages[-1]}\n{line}" if messages else line
        if messages and len(longer.encode()) <= LIMIT:
            messages[-1] = longer
        else:
            messages.append(line)
    return tuple(message for message in messages if message.strip())
