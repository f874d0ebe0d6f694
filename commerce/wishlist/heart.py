"""The heart of a product, in pages that are alike for everybody: what differs between visitors is a few signs of it."""

from collections.abc import Iterable

_OFF, _ON = (
    'name="add" value="{slug}" aria-pressed="false"',
    'name="remove" value="{slug}" aria-pressed="true"',
)


def attributes(*, slug: str, on: bool) -> str:
    """Return what tells a full heart from an empty one; a slug has letters, digits and hyphens only."""
    return (_ON if on else _OFF).format(slug=slug)


def full(html: str, *, slug: str) -> str:
    """Return HTML in which the heart of a product is full."""
    return html.replace(attributes(slug=slug, on=False), attributes(slug=slug, on=True))


def filled(body: bytes, *, slugs: Iterable[str]) -> bytes:
    """Return a page on which the hearts of these products are full."""
    for slug in slugs:
        body = body.replace(attributes(slug=slug, on=False).encode(), attributes(slug=slug, on=True).encode())
    return body
