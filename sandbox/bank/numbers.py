"""Numbers that look right and belong to nobody: regions, prefixes and codes that were never given out."""

from datetime import date

_NOWHERE = "990000"  # no administrative division begins with 99
_PER_DAY = 500  # serials of one sex and day of birth in one region
_RIC_CHECK = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def identity_number(born: date, serial: int, *, male: bool) -> str:
    """A resident identity number with a right check character (GB 11643). Odd serials are men, even ones women."""
    order = (serial * 2 + (1 if male else 0)) % 1000
    digits = f"99{serial // _PER_DAY % 10_000:04d}{born:%Y%m%d}{order:03d}"
    weighted = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(digits))
    return digits + _RIC_CHECK[weighted % 11]


def credit_code(serial: int) -> str:
    """A unified social credit code with a right check character (GB 32100)."""
    body = f"91{_NOWHERE}{serial:09d}"
    weighted = sum(_USCC_ALPHABET.index(char) * weight for char, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return body + _USCC_ALPHABET[(31 - weighted % 31) % 31]


def telephone(kind: int, serial: int) -> str:
    """Eleven digits that begin with 120: no mobile number does."""
    return f"120{kind:01d}{serial:07d}"
