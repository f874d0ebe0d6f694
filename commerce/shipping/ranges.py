"""Ranges of postcodes as people write them: `63000-63644 40200~40240, 32133`, one or many in a line."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_RANGE = re.compile(r"(\d{5})(?:-(\d{5}))?", re.ASCII)
_DASHES = re.compile(r"\s*[-~–—〜]\s*")


class NotARange(ValueError):
    """A part of the text is no range of five-digit postcodes; `part` is that text."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Postcodes from `first` to `last`, both included."""

    first: int
    last: int

    def overlaps(self, other: "Range") -> bool:
        """Return whether some postcode lies in both."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        if self.first == self.last:
            return f"{self.first:05d}"
        return f"{self.first:05d}-{self.last:05d}"


def parse(text: str) -> list[Range]:
    """Return the ranges of a text in order.

    Raises:
        NotARange: a part is something else, or ends before it begins.
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    return sorted(_read(part) for part in re.split(r"[\s,;]+", plain) if part)


def overlap(*, ranges: Sequence[Range]) -> tuple[Range, Range] | None:
    """Return two ranges, of sorted ones, that share a postcode."""
    for before, after in pairwise(ranges):
        if before.overlaps(after):
            return before, after
    return None


def _read(part: str) -> Range:
    found = _RANGE.fullmatch(part)
    if found is None:
        raise NotARange(part)
    first = int(found[1])
    last = int(found[2] or found[1])
    if last < first:
        raise NotARange(part)
    return Range(first, last)
