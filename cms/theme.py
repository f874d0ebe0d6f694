"""The shop's own colour, corners and letters: checked, and written as a style sheet that the security policy allows.

Contrast is counted as WCAG 2.2 counts it (relative luminance, success criterion 1.4.3).
"""

import hashlib
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ENOUGH = 4.5  # AA for text of normal size
PAPER, STONE = (
    "#fbfaf7",
    "#f1eee8",
)  # what the accent stands on, and what stands on it: tokens of css/core.css
ACCENT = "#3e5c50"
RADII = [(0, _("Square")), (2, _("Hardly rounded")), (8, _("Rounded")), (16, _("Very round"))]  # pixels
RADIUS = 2
FONTS = {
    "maru": '"Maru Sans", "Maru Fallback", "Maru Fallback Noto", system-ui, sans-serif',
    "device": 'system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", sans-serif',
    "serif": '"Nanum Myeongjo", "AppleMyungjo", "Noto Serif KR", "Batang", serif',
}
FONT_NAMES = [
    ("maru", _("Maru Sans, from the shop itself")),
    ("device", _("The device's own letters, nothing is loaded")),
    ("serif", _("Letters with serifs, as far as the device has them")),
]
FONT = "maru"
_HEX = re.compile(r"#[0-9a-f]{6}")
Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Theme:
    """What an editor chose; `accent` empty is the shop's own green."""

    accent: str = ""
    radius: int = RADIUS
    font: str = FONT

    @property
    def plain(self) -> bool:
        """Return whether nothing differs from the style sheet as it is."""
        return self == Theme() or self == Theme(accent=ACCENT)

    def css(self) -> str:
        """Return the style sheet: tokens that stand in for those of css/core.css."""
        accent = self.accent or ACCENT
        return (
            "@layer tokens{:root{"
            f"--celadon:{accent};--celadon-deep:{mixed(accent, '#000000', 0.22)};--celadon-mist:{mixed(accent, PAPER, 0.88)};"
            f"--radius:{self.radius}px;--font:{FONTS.get(self.font, FONTS[FONT])}"
            "}}\n"
        )

    def version(self) -> str:
        """Return what changes whenever the style sheet does."""
        return hashlib.sha256(self.css().encode()).hexdigest()[:12]


def check_accent(colour: str) -> None:
    """Refuse an accent on which text cannot be read, or that cannot be read as text.

    Raises:
        ValidationError: it is no colour, or too pale; the next colour that would do is named.
    """
    if not _HEX.fullmatch(colour.lower()):
        raise ValidationError(_("Write the colour as # and six digits, like #3e5c50."))
    found = weakest(colour)
    if found < ENOUGH:
        raise ValidationError(
            _(
                "The contrast with text is %(found).1f:1, and 4.5:1 is needed. A darker one that would do: %(better)s"
            ),
            params={"found": int(found * 10) / 10, "better": darkened(colour)},
        )


def weakest(colour: str) -> float:
    """Return the lowest contrast that a colour has with what it is shown on."""
    return min(contrast(colour, ground) for ground in (PAPER, STONE, mixed(colour, PAPER, 0.88)))


def darkened(colour: str) -> str:
    """Return the lightest colour of the same kind that can be read."""
    for step in range(101):
        darker = mixed(colour, "#000000", step / 100)
        if weakest(darker) >= ENOUGH:
            return darker
    return ACCENT


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """Return a colour with a share (0 to 1) of another in it."""
    parts = zip(_rgb(colour), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def _luminance(colour: str) -> float:
    def linear(part: int) -> float:
        value = part / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = map(linear, _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
