"""Numbers that scanners read off goods: GTIN-8, GTIN-12 (UPC), GTIN-13 (EAN, 880… in Korea) and GTIN-14."""

LENGTHS = (8, 12, 13, 14)
LONGEST = 14  # digits


def normalise(text: str) -> str:
    """Return a number as the shop stores it: without spaces and hyphens, and with as many zeros in front as 8, 13 or 14
    digits want.

    Zeros in front say nothing (GS1 General Specifications, 7.9: all are 14 digits long): a GTIN-12 is the GTIN-13 with
    one more of them.
    """
    bare = "".join(text.split()).replace("-", "")
    if not valid(bare):
        return bare
    digits = bare.lstrip("0")
    return digits.zfill(8 if len(digits) <= 8 else max(len(digits), 13))


def spellings(barcode: str) -> tuple[str, ...]:
    """Return a number in every length that it can have, as older rows and scanners have it; nothing for nothing."""
    digits = barcode.lstrip("0")
    return tuple(digits.zfill(length) for length in LENGTHS if digits and len(digits) <= length)


def valid(text: str) -> bool:
    """Tell whether a stored number has a length that exists and the right check digit (GS1 General Specifications, 7.9)."""
    if not (text.isascii() and text.isdigit()) or len(text) not in LENGTHS:
        return False
    digits = [int(sign) for sign in reversed(text)]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
