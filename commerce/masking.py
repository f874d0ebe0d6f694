"""Names as everybody may read them."""

_MOST = 8  # signs of a masked name


def mask(*, name: str) -> str:
    """Return `김*나` for `김하나`, `김*` for two letters, `H*** K***` for `Hana Kim`."""
    words = name.split()
    if len(words) > 1:
        return " ".join(f"{word[0]}***" for word in words[:3])
    whole = name.strip()
    if len(whole) <= 2:
        return whole[:1] + "*"
    return whole[0] + "*" * min(len(whole) - 2, _MOST) + whole[-1]
