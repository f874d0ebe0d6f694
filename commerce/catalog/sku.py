"""How a SKU is written."""

import re

_NOT_SKU = re.compile(r"[^A-Z0-9]+")


def normalise_sku(text: str) -> str:
    """Return a SKU as it is stored: upper case, digits and letters joined by single hyphens."""
    return _NOT_SKU.sub("-", text.strip().upper()).strip("-")
