"""Money is an integer number of won, VAT included. No float and no Decimal takes part.

Other currencies would be integers of their minor unit in the same way; the shop has one currency.
"""

from collections.abc import Sequence

CURRENCY = "KRW"
VAT_RATE = 10  # percent, 부가가치세법 제30조


def vat_inside(gross: int) -> int:
    """Return the VAT in won contained in `gross` won: gross × 10/110, rounded half up."""
    return _divide(gross * VAT_RATE, 100 + VAT_RATE)


def vat_of_next(*, part: int, taken: int, taken_vat: int, whole: int, whole_vat: int) -> int:
    """Return the VAT in won of the next `part` of `whole` won, after parts of `taken` won with `taken_vat`.

    However a whole is taken apart, the VAT of its parts adds up to `whole_vat`.
    """
    if not part or not whole:
        return 0
    so_far = _divide(whole_vat * (taken + part), whole)
    return min(max(so_far - taken_vat, 0), whole_vat - taken_vat, part)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` won by `weights` with the largest-remainder method; the parts always sum to `total`.

    Ties go to the earlier part.

    Raises:
        ValueError: a weight is negative or all are zero.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and not all zero")
    parts = [total * weight // whole for weight in weights]
    remainders = [(total * weight) % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


def show(amount: int, *, language: str = "ko") -> str:
    """Return `amount` won as a shopper reads it: 12,000원 in Korean, ₩12,000 in English."""
    sign, digits = ("-" if amount < 0 else ""), f"{abs(amount):,}"
    return f"{sign}{digits}원" if language.startswith("ko") else f"{sign}₩{digits}"


def _divide(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
