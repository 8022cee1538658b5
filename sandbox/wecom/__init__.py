"""A stand-in for the WeCom servers on loopback, for tests and demonstrations: `python -m sandbox.wecom`.

It keeps the rules that a client can trip over: tokens, encrypted callbacks, windows, counts, codes that are good once. What it enforces and
what it does not is in docs/sandbox-wecom.md.
"""

from sandbox.wecom.options import Options, Settings
from sandbox.wecom.server import WecomServer

__all__ = ["Options", "Settings", "WecomServer"]
