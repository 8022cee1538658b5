"""A stand-in for an OpenAI-compatible chat server on loopback, well-behaved or not: `python -m sandbox.llm --mode good`."""

from sandbox.llm.server import LlmServer, Mode

__all__ = ["LlmServer", "Mode"]
