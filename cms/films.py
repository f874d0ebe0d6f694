"""Addresses of films at YouTube and Vimeo. Only these two, and only their ids are kept: nothing else gets into a frame."""

import re
from dataclasses import dataclass

FRAMES = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
)  # what pages with such films may frame
_YOUTUBE = re.compile(
    r"^https://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?(?:[^#]*&)?v=|embed/|shorts/)|youtu\.be/|www\.youtube-nocookie\.com/embed/)"
    r"([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])"
)
_VIMEO = re.compile(r"^https://(?:www\.|player\.)?vimeo\.com/(?:video/)?(\d{6,12})(?:[/?#]|$)")


@dataclass(frozen=True, slots=True)
class Embed:
    """A film of another house: `frame` is loaded when somebody presses play, `page` is for those without scripts."""

    house: str
    frame: str
    page: str


def embed_of(address: str) -> Embed | None:
    """Return where the film of an address is, or None when it is no film of a house that we know."""
    if found := _YOUTUBE.match(address):
        key = found[1]
        frame = f"{FRAMES[0]}/embed/{key}?autoplay=1&rel=0"
        return Embed("YouTube", frame, f"https://www.youtube.com/watch?v={key}")
    if found := _VIMEO.match(address):
        key = found[1]
        return Embed("Vimeo", f"{FRAMES[1]}/video/{key}?autoplay=1&dnt=1", f"https://vimeo.com/{key}")
    return None
