"""Pages of a list, and several of them at once: "load more" grows a page, and its address says from where to where."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator

MOST = 8  # pages that are shown at once; from there on one goes on with a page of its own


@dataclass(frozen=True, slots=True)
class Strip:
    """The way through a list as numbers: below lists of the same length it is the same."""

    number: int  # the page, or the last of several that are shown
    first: int
    begins: int  # the place, from 1, of the first thing that is shown
    ends: int
    count: int
    numbers: tuple[int, ...]  # pages one can go to; 0 where some are left out
    previous: int = 0  # 0: there is none
    next: int = 0
    full: bool = False  # no more than this is shown at once


class Span(Page):  # type: ignore[type-arg]  # of whatever the list holds
    """The pages from `first` up to `number` as one. `added`: the rest is on the screen, only the last one is read."""

    def __init__(self, paginator: Paginator, *, first: int, number: int, added: bool) -> None:  # type: ignore[type-arg]
        size, count = paginator.per_page, paginator.count
        start = ((number if added else first) - 1) * size
        end = count if number == paginator.num_pages else number * size
        super().__init__(paginator.object_list[start:end], number, paginator)
        self.first, self.added = first, added

    @property
    def several(self) -> bool:
        """Return whether more than one page is shown."""
        return self.first < self.number

    @property
    def full(self) -> bool:
        """Return whether no more than this is shown at once."""
        return self.number - self.first + 1 >= MOST

    @cached_property
    def anew(self) -> int:
        """Return the place, from 1, of the first thing of the last page of several; 0: there is none to point at."""
        one = not self.several or self.added
        return 0 if one else (self.number - self.first) * self.paginator.per_page + 1

    @property
    def strip(self) -> Strip:
        """Return what leads to the other pages."""
        numbers = self.paginator.get_elided_page_range(self.number, on_each_side=1, on_ends=1)
        return Strip(
            number=self.number,
            first=self.first,
            begins=self.start_index(),
            ends=self.end_index(),
            count=self.paginator.count,
            numbers=tuple(number if isinstance(number, int) else 0 for number in numbers),
            previous=self.previous_page_number() if self.has_previous() else 0,
            next=self.next_page_number() if self.has_next() else 0,
            full=self.full,
        )

    def has_previous(self) -> bool:
        """Return whether something comes before what is shown."""
        return self.first > 1

    def previous_page_number(self) -> int:
        """Return the page before all that is shown."""
        return self.paginator.validate_number(self.first - 1)

    def start_index(self) -> int:
        """Return the place, from 1, of the first thing that is shown."""
        return (self.first - 1) * self.paginator.per_page + 1 if self.paginator.count else 0


class Spans(Paginator[Any]):
    """A list in pages, of which those that lie together can be shown as one."""

    def span(self, *, number: str | int, first: str = "", added: bool = False) -> Span:
        """Return the pages from `first` to `number`, at most `MOST`: of more the last ones.

        A `first` that makes no sense is `number`.

        Raises:
            InvalidPage: there is no page of that number.
        """
        last = self.validate_number(number)
        try:
            begins = min(self.validate_number(first), last)
        except InvalidPage:
            begins = last
        return Span(self, first=max(begins, last - MOST + 1), number=last, added=added)
