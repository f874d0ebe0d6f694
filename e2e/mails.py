"""Read the mails that the shop sent."""

import email
import email.policy
import re
import time
from email.message import EmailMessage
from pathlib import Path

PATIENCE = 30  # seconds until a worker must have sent it


class FileMails:
    """Mails that the file backend wrote into a folder; only a shop on this machine shows them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[EmailMessage]:
        """Return every mail so far."""
        texts = [path.read_bytes() for path in sorted(self.folder.glob("*.log"))]
        parts = [
            part
            for text in texts
            for part in re.split(rb"^-{79}\n", text, flags=re.MULTILINE)
            if part.strip()
        ]
        return [_parse(part) for part in parts]


def wait_for(mails: FileMails, *, to: str, containing: str, patience: float = PATIENCE) -> EmailMessage:
    """Return the mail to that address whose text contains the words; a worker may take up to `patience` seconds."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        for mail in mails.all():
            if to in str(mail["To"]) and containing in text_of(mail):
                return mail
        time.sleep(0.2)
    raise AssertionError(f"no mail to {to} with {containing!r} within {patience:.0f} s")


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    body = mail.get_body(preferencelist=("plain",))
    return str(body.get_content()) if body else ""


def _parse(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message
