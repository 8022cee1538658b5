"""How many threads the number libraries may use while something is trained."""

from contextlib import AbstractContextManager
from importlib import import_module


def one_thread() -> AbstractContextManager[object]:
    """Keep the number libraries loaded so far to one thread.

    For matrices this small their threads wait for each other, thrice as long on busy cores; and sums come in one order.
    """
    limits: AbstractContextManager[object] = import_module("threadpoolctl").threadpool_limits(limits=1)
    return limits
