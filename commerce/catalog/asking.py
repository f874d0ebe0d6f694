"""What a shopper asks of a listing, read from its address and written back into addresses."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

BOUNDS = (10_000, 30_000, 50_000, 100_000, 300_000)  # won: where one price band ends and the next begins
MOST = 40  # values that one address may ask for; further ones are not read
_LONGEST = 200  # characters of such a value
_IN_STOCK = "in"


@dataclass(frozen=True, slots=True)
class Band:
    """Prices from `low` up to, but without, `high` won; no `high`: whatever is dearer."""

    key: str
    low: int
    high: int | None


def _bands() -> tuple[Band, ...]:
    lows, highs = (0, *BOUNDS), (*BOUNDS, None)
    return tuple(Band(f"{low}-{high or ''}", low, high) for low, high in zip(lows, highs, strict=True))


BANDS = _bands()  # in the order of `width_bucket` over BOUNDS


@dataclass(frozen=True, slots=True)
class Asked:
    """Values of one facet are alternatives, facets have to be met together, all of them by one variant."""

    prices: tuple[str, ...] = ()  # keys of BANDS
    options: tuple[str, ...] = ()  # "색상:백자": name and value of an option in the default language
    in_stock: bool = False

    @property
    def groups(self) -> dict[str, list[str]]:
        """Return the option values that are asked for, by the name of the option."""
        found: dict[str, list[str]] = {}
        for key in self.options:
            found.setdefault(key.partition(":")[0], []).append(key)
        return found

    @property
    def stock(self) -> str:
        """Return the value of the parameter `stock`."""
        return _IN_STOCK if self.in_stock else ""

    def within(self, known: Iterable[str]) -> "Asked":
        """Return the same without option values that the listing does not have."""
        kept = set(known)
        return replace(self, options=tuple(key for key in self.options if key in kept))

    def without(self, *, price: str = "", option: str = "", stock: bool = False) -> "Asked":
        """Return the same without one of its values."""
        return Asked(
            prices=tuple(key for key in self.prices if key != price),
            options=tuple(key for key in self.options if key != option),
            in_stock=self.in_stock and not stock,
        )

    def address(self, *, sort: str = "") -> str:
        """Return `?…` with all that is asked for, on the first page; `?` alone asks for nothing."""
        asked = {"price": self.prices, "option": self.options, "stock": self.stock, "sort": sort}
        return f"?{urlencode({name: value for name, value in asked.items() if value}, doseq=True)}"


def read(parameters: QueryDict) -> Asked:
    """Return what an address asks for; whatever makes no sense is left out."""
    bands = {band.key for band in BANDS}
    options = [key for key in parameters.getlist("option")[:MOST] if _sensible(key)]
    return Asked(
        prices=tuple(dict.fromkeys(key for key in parameters.getlist("price")[:MOST] if key in bands)),
        options=tuple(dict.fromkeys(options)),
        in_stock=parameters.get("stock") == _IN_STOCK,
    )


def _sensible(key: str) -> bool:
    name, _colon, value = key.partition(":")
    return bool(name and value) and len(key) <= _LONGEST and "\x00" not in key
