"""The errcodes that WeCom documents (document/path/90313 and 94677)."""

KNOWN = frozenset(
    {
        *(-1, 40001, 40003, 40007, 40008, 40013, 40014, 40029, 40058, 40063, 40068, 40091, 40096, 40098, 40100, 41001, 41048, 41050),
        *(41051, 41053, 41063, 42001, 42003, 42014, 42015, 42016, 44004, 45002, 45009, 45033, 48002, 50001, 50002, 60011, 60020, 60111),
        *(81013, 84061, 301002, 301053, 701008),
        *range(95000, 95028),
    }
)

#: Faults of a setting: of the secret, the rights or the trusted addresses. An administrator mends them; no message is to blame.
NOT_SET_UP = frozenset({40001, 40013, 40091, 41001, 48002, 60011, 60020, 95011, 95012, 95017, 95023, 301002})

#: What is wrong with a message itself. It is said the first time or never: of a message that was sent before it can only mean the id.
ABOUT_THE_MESSAGE = frozenset({40007, 40008, 40058, 40063, 44004, 45002})
