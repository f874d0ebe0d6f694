"""Won arithmetic: VAT is one eleventh of the taxable part."""


def vat_of(taxable: int) -> int:
    """Round one eleventh of `taxable` won to the nearest won (PortOne does not document its rounding)."""
    return (taxable + 5) // 11
