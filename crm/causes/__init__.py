"""Why a customer may be leaving: what went wrong and what changed, counted against their own usual and the bank's.

A cause is never more than likely, so each comes with what it rests on, and with one question for the customer.
"""
