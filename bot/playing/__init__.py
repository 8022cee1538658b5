"""A bank is played: days pass, simulated people answer what the bot sends, the bank delivers what happened, and at the end all is checked.

Nothing here knows who plays: `audience` says what is asked of them. The time is moved by hand; everything else is the house as it serves.
"""
