"""The vocabulary of the house and its pure state machines.

Everything here is the standard library only: no clock, no randomness, no settings, no I/O. All other rooms may import this one
and it imports none. Values are frozen dataclasses; what can happen is a table (`conversation.TRANSITIONS`), not a branch.
"""
