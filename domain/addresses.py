"""Which addresses of the web may stand behind a link: whole, https, of a host that can be read and compared letter by letter."""

import re

LONGEST = 1_024  # bytes: with its label it still is one line of a message on every channel
#: No port, no name before an @, no escape in the host: nothing that makes a stranger look like the bank.
_ADDRESS = re.compile(r"https://(?P<host>(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}|(?:[a-z0-9-]+\.)+xn--[a-z0-9-]+)(?:[/?#][!-~]*)?")
#: What would end an address, or begin something else, in the markup of some channel. Percent signs say it as well.
_UNFIT = re.compile(r"""["'<>()\[\]\\^`{|}]""")


def host_of(url: str) -> str | None:
    """The host of an address that may be linked to, in lower case as it stands there; None for any other text."""
    found = _ADDRESS.fullmatch(url) if len(url) <= LONGEST and not _UNFIT.search(url) else None
    return found["host"] if found else None


def is_host(text: str) -> bool:
    """Whether it is the bare name of such a host."""
    return host_of(f"https://{text}") == text
