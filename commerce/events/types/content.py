"""What the shop's other pages say."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.events.base import Event, fact


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ContentChanged(Event):
    """An address that is no product or category, or every page of the shop, reads differently from now on.

    `subject` is `page:12`, `redirect:3` or `settings:1`; `path` is the address, empty when every page is
    concerned.
    """

    name: ClassVar[str] = "content.changed"
    aggregate: ClassVar[tuple[str, str]] = ("content", "subject")
    subject: str
    path: str
    language: str
