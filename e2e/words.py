"""What things are called on the page, in the language of the test: the shop's own translations."""

import gettext
from functools import lru_cache
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parents[1] / "site" / "locale" / "ko" / "LC_MESSAGES" / "django.mo"


def say(language: str, text: str, **values: str) -> str:
    """Return the English `text` as the page in `language` says it, with its values filled in."""
    found = _korean().gettext(text) if language == "ko" else text
    return found % values if values else found


@lru_cache(maxsize=1)
def _korean() -> gettext.GNUTranslations:
    with CATALOGUE.open("rb") as file:
        return gettext.GNUTranslations(file)
