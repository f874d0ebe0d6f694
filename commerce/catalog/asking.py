"""What a shopper asks of a listing, read from its address and written back into addresses."""

from collections.abc import Callable, Iterable
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
    brands: tuple[str, ...] = ()  # keys of brands
    attributes: tuple[str, ...] = ()  # "material:porcelain": code of an attribute and its value
    reduced: bool = False

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Return the values that are asked for, by the parameter that asks for them."""
        every = {"option": self.options, "brand": self.brands, "attribute": self.attributes}
        return {name: keys for name, keys in every.items() if keys}

    @property
    def stock(self) -> str:
        """Return the value of the parameter `stock`."""
        return _IN_STOCK if self.in_stock else ""

    @property
    def sale(self) -> str:
        """Return the value of the parameter `sale`."""
        return _IN_STOCK if self.reduced else ""

    def within(self, known: Callable[[str], Iterable[str]]) -> "Asked":
        """Return the same without values that the listing does not have; `known` tells them by parameter."""
        return replace(
            self,
            options=_kept(self.options, known("option")),
            brands=_kept(self.brands, known("brand")),
            attributes=_kept(self.attributes, known("attribute")),
        )

    def without(self, *, name: str, key: str = "") -> "Asked":
        """Return the same without one value of a parameter."""
        return replace(
            self,
            prices=_left(self.prices, name == "price" and key),
            options=_left(self.options, name == "option" and key),
            brands=_left(self.brands, name == "brand" and key),
            attributes=_left(self.attributes, name == "attribute" and key),
            in_stock=self.in_stock and name != "stock",
            reduced=self.reduced and name != "sale",
        )

    def address(self, *, sort: str = "") -> str:
        """Return `?…` with all that is asked for, on the first page; `?` alone asks for nothing."""
        asked = {"price": self.prices, **self.groups, "stock": self.stock, "sale": self.sale, "sort": sort}
        return f"?{urlencode({name: value for name, value in asked.items() if value}, doseq=True)}"


def read(parameters: QueryDict) -> Asked:
    """Return what an address asks for; whatever makes no sense is left out."""
    bands = {band.key for band in BANDS}
    return Asked(
        prices=tuple(dict.fromkeys(key for key in parameters.getlist("price")[:MOST] if key in bands)),
        options=_values(parameters, "option"),
        in_stock=parameters.get("stock") == _IN_STOCK,
        brands=_values(parameters, "brand"),
        attributes=_values(parameters, "attribute"),
        reduced=parameters.get("sale") == _IN_STOCK,
    )


def _values(parameters: QueryDict, name: str) -> tuple[str, ...]:
    keys = parameters.getlist(name)[:MOST]
    return tuple(dict.fromkeys(key for key in keys if 0 < len(key) <= _LONGEST and "\x00" not in key))


def _kept(keys: tuple[str, ...], known: Iterable[str]) -> tuple[str, ...]:
    kept = set(known) if keys else ()
    return tuple(key for key in keys if key in kept)


def _left(keys: tuple[str, ...], gone: str | bool) -> tuple[str, ...]:
    return tuple(key for key in keys if key != gone)
