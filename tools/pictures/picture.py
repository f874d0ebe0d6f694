"""What one picture is: a file, the product it shows, its words in two languages, and the scene that makes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Role = Literal["front", "detail", "scale", "hero", "story"]

PORTRAIT = (1200, 1500)
WIDE = (1600, 900)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture to be taken; `first` tells the order of work, lowest first."""

    name: str
    role: Role
    ko: str
    en: str
    scene: Callable[[], None]
    product: str | None = None
    colour: str | None = None
    size: tuple[int, int] = PORTRAIT
    exposure: float = 0.0
    first: int = 1
