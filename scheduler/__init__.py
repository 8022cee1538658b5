"""Speaking first, when there is a good reason to: what is due, for whom, why, and in which approved words.

Everything that decides is pure: the day, the customers and the history are arguments, so that any past day can be recomputed and
planning twice adds nothing. Only `runner` has a thread, and it does nothing but call the given tick. Whether a text may leave at
the moment of sending (consent, hours, caps) is decided by the compliance gate, not here.
"""
