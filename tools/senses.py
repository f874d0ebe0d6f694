"""Checks that our Korean changes no text of Wagtail, Django or allauth to another sense: `python -m tools.senses`.

Our catalogue goes before theirs, for their screens too. A word that they use otherwise needs a context (`pgettext`).
"""

import gettext
import importlib
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

OURS = Path(__file__).resolve().parents[1] / "site/locale/ko/LC_MESSAGES/django.mo"
ENTRY = re.compile(r'^(?:msgctxt "(.*)"\n)?msgid "(.+)"$', re.MULTILINE)
# The same sense in words that suit a shop better, or a text of theirs that no screen of ours shows.
AGREED = frozenset(  # a list would be fifty lines
    "Active|All|Approved|Back|Breadcrumb|Cancelled|Caption|Confirm|Content|Default|Description|Download|Duration|"  # noqa: SIM905
    "Enabled|History|Live|Method|Never|No|Number|Order|Page not found|Point|Promote|Promoted results|Published|"
    "Reject|Rejected|Show|Show all|Sort|Sort by|Text|Undo|Updated|active|content|image|images|sent|status|"
    "version".split("|")
)


def main() -> int:
    """Print the texts that nobody agreed to; return the exit code."""
    theirs: dict[str, set[str]] = {}
    for name in ("wagtail", "django", "allauth"):
        for text, translation in _texts_of(name):
            theirs.setdefault(text, set()).add(translation)
    ours = _catalogue(OURS)
    other = {text for text, told in theirs.items() if text in ours and ours[text] not in told}
    for text in sorted(other - AGREED):
        print(f"{text!r}: we say {ours[text]!r}, they {sorted(theirs[text])}: use a context", file=sys.stderr)
    for text in sorted(AGREED - other):
        print(f"{text!r} needs no agreement any more: take it out of tools/senses.py", file=sys.stderr)
    return 1 if other != AGREED else 0


def _texts_of(package: str) -> Iterator[tuple[str, str]]:
    """Read what a package asks for, and its Korean; empty where it has none, for then ours is shown."""
    folder = Path(str(importlib.import_module(package).__file__)).parent
    for path in folder.rglob("locale/en/LC_MESSAGES/django.po"):
        for context, text in ENTRY.findall(path.read_text()):
            yield f"{context}\x04{text}" if context else text, ""
    for path in folder.rglob("locale/ko/LC_MESSAGES/django.mo"):
        yield from _catalogue(path).items()


def _catalogue(path: Path) -> dict[str, str]:
    found = vars(gettext.GNUTranslations(io.BytesIO(path.read_bytes())))["_catalog"]
    return {key if isinstance(key, str) else key[0]: text for key, text in found.items() if key}


if __name__ == "__main__":
    sys.exit(main())
