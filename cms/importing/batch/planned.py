"""A page that is about to be written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cms.models import ProductPage


@dataclass(slots=True, kw_only=True)
class Planned:
    """A page with what becomes of it. Keys and the moment are known before anything is written."""

    page: ProductPage
    published: bool
    parent: Any = None  # of a new page
    title_before: str = ""  # of a page that is on sale
    revision: int = 0
    at: datetime = datetime.min

    @property
    def new(self) -> bool:
        """Return whether the page is not in the database yet."""
        return self.parent is not None
