"""Whose data may be used for what, by the latest word up to the day."""

from ibis import Table

from crm.assessing.workspace import Workspace
from crm.needs.rows import latest

#: Sources from outside, each used only where the customer said yes.
EXTERNAL = ("registry", "tax", "intellectual_property", "social_security")


def granted(work: Workspace, purpose: str) -> Table:
    """The customers who said yes, and have not taken it back."""
    return _words(work, purpose).filter(lambda words: words.granted).select("customer_id")


def refused(work: Workspace, purpose: str) -> Table:
    """The customers who said no last. Who never said a word is not among them."""
    return _words(work, purpose).filter(lambda words: ~words.granted).select("customer_id")


def _words(work: Workspace, purpose: str) -> Table:
    consents = work.table("consents")
    return latest(consents.filter(consents.purpose == purpose), by=("customer_id",), order=("at",))
