"""Numbers that scanners read off goods: GTIN-8, GTIN-12 (UPC), GTIN-13 (EAN, 880… in Korea) and GTIN-14."""

LENGTHS = (8, 12, 13, 14)
LONGEST = 14  # digits


def normalise(text: str) -> str:
    """Return a number as the shop stores it, without the spaces and hyphens with which it is printed."""
    return "".join(text.split()).replace("-", "")


def valid(text: str) -> bool:
    """Tell whether a stored number has a length that exists and the right check digit (GS1 General Specifications, 7.9)."""
    if not (text.isascii() and text.isdigit()) or len(text) not in LENGTHS:
        return False
    digits = [int(sign) for sign in reversed(text)]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
