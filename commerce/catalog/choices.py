"""The filters of a listing as its template shows them: what can be chosen, what is chosen, and how to undo it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.catalog.asking import BANDS, Asked, Band
from commerce.catalog.facets import Counted, Option
from commerce.money import amounts

FIRST = 8  # values of a facet that are seen at once; the others unfold
IN_STOCK = gettext_lazy("Hide sold out")
REDUCED = gettext_lazy("On sale only")


@dataclass(frozen=True, slots=True)
class Choice:
    """A box to tick."""

    key: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """Boxes that belong together, sent as the parameter `name`."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def first(self) -> tuple[Choice, ...]:
        """Return what is seen at once."""
        return self.choices[:FIRST]

    @property
    def more(self) -> tuple[Choice, ...]:
        """Return what unfolds."""
        return self.choices[FIRST:]

    @property
    def unfolded(self) -> bool:
        """Return whether something that would be folded away is chosen."""
        return any(choice.selected for choice in self.more)


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that is chosen, with the address that leaves it out."""

    label: str | Promise
    address: str


def offered(*, counted: Counted, asked: Asked, language: str) -> tuple[Facet, ...]:
    """Return the facets by which the listing can be narrowed; what nothing would be left of is not offered."""
    prices = [
        Choice(band.key, _band(band, language), counted.bands.get(place, 0), band.key in asked.prices)
        for place, band in enumerate(BANDS)
    ]
    facets = [Facet("price", _("Price"), _shown(prices))]
    for option in counted.facets:
        wanted = asked.groups.get(option.name, ())
        choices = [
            Choice(value.key, value.label, value.count, value.key in wanted) for value in option.values
        ]
        facets.append(Facet(option.name, _label(option), _shown(choices)))
    return tuple(facet for facet in facets if _narrows(facet, counted))


def chips(*, counted: Counted, asked: Asked, sort: str, language: str) -> tuple[Chip, ...]:
    """Return what is chosen, in the order of the facets."""
    found = [
        Chip(_band(band, language), asked.without(name="price", key=band.key).address(sort=sort))
        for band in BANDS
        if band.key in asked.prices
    ]
    found += [
        Chip(
            f"{_label(option)}: {value.label}",
            asked.without(name=option.name, key=value.key).address(sort=sort),
        )
        for option in counted.facets
        for value in option.values
        if value.key in asked.groups.get(option.name, ())
    ]
    if asked.in_stock:
        found.append(Chip(IN_STOCK, asked.without(name="stock").address(sort=sort)))
    if asked.reduced:
        found.append(Chip(REDUCED, asked.without(name="sale").address(sort=sort)))
    return tuple(found)


def _label(option: Option) -> str:
    return option.label or _("Brand")


def _shown(choices: list[Choice]) -> tuple[Choice, ...]:
    return tuple(choice for choice in choices if choice.count or choice.selected)


def _narrows(facet: Facet, counted: Counted) -> bool:
    """Return whether a facet leads anywhere: a single box that every product fits does not."""
    chosen = any(choice.selected for choice in facet.choices)
    return chosen or len(facet.choices) > 1 or any(c.count < counted.fitting for c in facet.choices)


def _band(band: Band, language: str) -> str:
    low = amounts.show(band.low, language=language)
    if band.high is None:
        return _("%(price)s and more") % {"price": low}
    high = amounts.show(band.high, language=language)
    if not band.low:
        return _("Below %(price)s") % {"price": high}
    return _("%(low)s to %(high)s") % {"low": low, "high": high}
