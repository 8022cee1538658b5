"""Where links lead: the bank's pages by the names that cards call them, and the hosts that may be linked to at all."""

from collections.abc import Collection, Mapping

from domain.addresses import host_of

HOME = "home"  # the page that a welcome leads to


class Pages:
    """What the settings say of the web. Without settings no link leads anywhere, and none is shown."""

    def __init__(self, named: Mapping[str, str], *, hosts: Collection[str]) -> None:
        self._named = dict(named)
        self._hosts = frozenset(hosts)

    def address(self, to: str) -> str | None:
        """The address of a page, or the address itself where that is given; None where there is none or it leads to another host.

        The gate would stop such a link together with its answer: the answer is worth more than the link.
        """
        url = self._named.get(to, to)
        return url if host_of(url) in self._hosts else None
