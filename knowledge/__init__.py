"""Approved content: what a card is, how a folder of them is read, looked up and linted.

Wording lives in cards, never in code. This room reads files and answers questions about them; searching is `retrieval`, sending is
`bot`, and whether a text may leave is `compliance`. Nothing here knows the time: the day is an argument.
"""
