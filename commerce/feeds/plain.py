"""Texts as feeds may carry them: no HTML, no control characters, one line, not too long."""

import re
from html import unescape
from urllib.parse import quote

from django.utils.html import strip_tags

# What XML 1.0 (2.2) has no place for, other controls, and invisible signs that turn the direction of a text.
_UNSPOKEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def text(words: str, *, most: int = 0) -> str:
    """Return words on one line; of more than `most` characters those that end at a word are kept."""
    line = _SPACES.sub(" ", _UNSPOKEN.sub(" ", words)).strip()
    if not most or len(line) <= most:
        return line
    cut = line[:most]
    head, _space, _tail = cut.rpartition(" ")
    return (head if len(head) > most // 2 and line[most] != " " else cut).strip()


def of_html(html: str, *, most: int = 0) -> str:
    """Return what a reader of the HTML sees; a tag parts words."""
    return text(unescape(strip_tags(_HIDDEN.sub(" ", html).replace("<", " <"))), most=most)


def address(path: str, *, base: str) -> str:
    """Return an absolute address that has only the signs of RFC 3986."""
    whole = path if path.startswith(("http://", "https://")) else f"{base.rstrip('/')}{path}"
    return quote(whole, safe="%/:?#[]@!$&'()*+,;=~-._")
