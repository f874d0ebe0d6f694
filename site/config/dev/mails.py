"""Read the mails that the file backend wrote, newest first."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

_BETWEEN = re.compile(rb"^-{79}\n", re.MULTILINE)  # what Django's backend writes after each mail


@dataclass(frozen=True, slots=True)
class Mail:
    """A sent mail; `name` is its file and its place in it."""

    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        """Return what the mail is about."""
        return str(self.message["Subject"] or "(no subject)")

    @property
    def to(self) -> str:
        """Return who got it."""
        return str(self.message["To"] or "")

    @property
    def date(self) -> str:
        """Return when it left."""
        return str(self.message["Date"] or "")

    @property
    def text(self) -> str:
        """Return the plain part."""
        return _body(self.message, "plain")

    @property
    def html(self) -> str:
        """Return the HTML part; empty when the mail has none."""
        return _body(self.message, "html")

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Return the headers as they are read by people."""
        return [(name, str(value)) for name, value in self.message.items()]


def folder() -> Path | None:
    """Return where the mails lie; None when they really leave."""
    path = getattr(settings, "EMAIL_FILE_PATH", None)
    return Path(path) if path else None


def newest_first() -> list[Mail]:
    """Return every mail."""
    place = folder()
    files = sorted(place.glob("*.log"), key=lambda path: path.stat().st_mtime_ns) if place else []
    return [mail for path in reversed(files) for mail in reversed(list(_read(path)))]


def find(*, name: str) -> Mail | None:
    """Return the mail of that name; only names of existing mails lead to a file."""
    return next((mail for mail in newest_first() if mail.name == name), None)


def _read(path: Path) -> Iterator[Mail]:
    parts = [part for part in _BETWEEN.split(path.read_bytes()) if part.strip()]
    for place, raw in enumerate(parts):
        message = email.message_from_bytes(raw, policy=email.policy.default)
        if isinstance(message, EmailMessage):
            yield Mail(f"{path.stem}-{place}", message)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""
