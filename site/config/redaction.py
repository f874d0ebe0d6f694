"""Take personal data and secrets out of a text before it leaves the process: for logs and for reports of faults.

What has a shape is recognised: addresses of mail, phone numbers, card numbers, tokens, keys, the addresses of orders
and the rows that PostgreSQL quotes. A name has no shape; that nothing logs one is a rule of the house with a test.
"""

import re
from collections.abc import Callable
from typing import Any

_Replacement = str | Callable[[re.Match[str]], str]
SECRET_NAMES = re.compile(
    r"(?i)pass(word|wd|phrase)?$|secret|token|api_?key|authori[sz]ation|cookie|session|csrf|dsn$|signature"
)


def _card(found: re.Match[str]) -> str:
    return "[card]" if _luhn([int(sign) for sign in found.group() if sign.isdigit()]) else found.group()


def _luhn(digits: list[int]) -> bool:
    """Return whether the last digit checks the others (ISO/IEC 7812-1 annex B): a card's does."""
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


_RULES: tuple[tuple[re.Pattern[str], _Replacement], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # PostgreSQL quotes the row that a constraint refused, with every column of it
        (r"(?s)(Failing row contains )\(.*?\)(?=\.?(?:\n|\Z|\"|'|\\n))", r"\1([row])"),
        (r"(Key \([^\n]*?\)=)\([^\n]*?\)(?= (?:already|is|conflicts)|\n|\Z)", r"\1([row])"),
        # credentials: in addresses, in headers, by name
        (r"(\w://)[^/\s@\"']+@", r"\1[secret]@"),
        (r"(https://hooks\.slack\.com/)[\w/]+", r"\1[secret]"),
        (r"(?i)\b(bearer|basic|portone|digest)\s+[\w.~+/=-]{8,}", r"\1 [secret]"),
        (r"\bwhsec_[\w+/=-]+", "[secret]"),
        (
            r"(?i)\b([\w-]*(?:password|passwd|secret|token|api[_-]?key|authori[sz]ation|sessionid|csrftoken)"
            + r"[\"']?\s*[=:]\s*[\"']?)(?!\[)[^\s\"'&,;})\]]{4,}",
            r"\1[secret]",
        ),
        # whoever has the address of an order sees it, and whoever has this link sets a password
        (r"(/orders/)(?!lookup/)[\w-]{16,}", r"\1[token]"),
        # with the answer of a provider somebody signs in
        (r"(/login/callback/\?)[^\s\"']+", r"\1[secret]"),
        (r"(/password_reset/confirm/)[\w-]+/[\w-]+", r"\1[token]"),
        # people
        (r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+", "[email]"),
        (
            r"(?<![\w-])(?:\+?82[-. ]?0?|0)1[016-9][-. ]?\d{3,4}[-. ]?\d{4}(?![\w-])",
            "[phone]",
        ),
        (r"(?<![\w-])(?:\+82[-. ]?|0)(?:2|[3-6]\d|70|80|50\d)[-. ]\d{3,4}[-. ]\d{4}(?![\w-])", "[phone]"),
        (r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])", _card),
    )
)


def scrub(text: str) -> str:
    """Return the text with what is personal or secret replaced by a word in brackets."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def scrubbed(value: Any) -> Any:
    """Return the value, its lists and its dictionaries with every text scrubbed; what a secret's name holds goes."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return {name: _under(name, held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [scrubbed(held) for held in value]
    return value


def _under(name: Any, held: Any) -> Any:
    secret = isinstance(name, str) and isinstance(held, str) and SECRET_NAMES.search(name)
    return "[secret]" if secret and held else scrubbed(held)
