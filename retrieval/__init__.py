"""From a question to evidence: which approved cards answer it, how surely, and when to say that none does.

`publish` builds a base from a catalogue, `Search` answers from it. A role sees only its own cards: they are filtered before anything
is scored. Without vectors the lexical leg answers alone. Nothing here says anything to anybody: that is `handlers` and `bot`.
"""
