"""Encrypting in the age format: the shop holds the public key only, and any `age` program opens a backup."""

import hashlib
from collections.abc import Iterable
from typing import Any, BinaryIO, Protocol

import pyrage

from workers.backup.options import Options, identity_text
from workers.backup.refusals import Corrupted, NotConfigured, WrongKey

CHUNK = 1 << 20


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class Meter:
    """A writer that knows how many bytes went through it and their SHA-256."""

    def __init__(self, target: BinaryIO | None = None) -> None:
        self._target, self._hash, self.size = target, hashlib.sha256(), 0
        self.failure: BaseException | None = None  # what age's own error hides

    def write(self, data: bytes) -> int:
        """Pass on and count."""
        try:
            if self._target is not None:
                self._target.write(data)
        except BaseException as error:
            self.failure = error
            raise
        self._hash.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: whoever opened the target flushes it."""

    @property
    def sha256(self) -> str:
        """Return the checksum of what went through."""
        return self._hash.hexdigest()


class Metered:
    """A reader that knows how many bytes came through it and their SHA-256."""

    def __init__(self, source: Readable) -> None:
        self._source, self._hash, self.size = source, hashlib.sha256(), 0
        self.failure: BaseException | None = None

    def read(self, size: int = CHUNK) -> bytes:
        """Read and count."""
        try:
            data = self._source.read(size)
        except BaseException as error:
            self.failure = error
            raise
        self._hash.update(data)
        self.size += len(data)
        return data

    @property
    def sha256(self) -> str:
        """Return the checksum of what came through."""
        return self._hash.hexdigest()


def seal(*, source: Readable, target: Meter, recipients: Iterable[str]) -> None:
    """Copy `source` to `target`, encrypted when there are recipients; the plain text touches no disk.

    Raises:
        NotConfigured: a recipient is no public age key.
        OSError: the target cannot take it.
    """
    try:
        keys = [pyrage.x25519.Recipient.from_str(name) for name in recipients]
    except pyrage.RecipientError as error:
        raise NotConfigured("BACKUP_KEY is no public age key; those begin with age1.") from error
    if not keys:
        copy(source, target)
        return
    try:
        pyrage.encrypt_io(source, target, keys)
    except pyrage.EncryptError as error:
        raise target.failure or error from error


def unseal(*, source: Readable, target: Meter, options: Options) -> None:
    """Copy `source`, which was encrypted, to `target` in plain.

    Raises:
        WrongKey: there is no key, or it is not the one that this was encrypted for.
        Corrupted: a chunk is not what was written.
    """
    try:
        pyrage.decrypt_io(source, target, [_identity(options)])
    except pyrage.DecryptError as error:
        if "matching" in str(error).lower():
            raise WrongKey("The backup is encrypted for another key than BACKUP_IDENTITY.") from error
        raise Corrupted(f"The encrypted file is damaged: {error}.") from error
    except OSError as error:
        if target.failure:
            raise target.failure from error
        raise Corrupted(f"The encrypted file is damaged: {error}.") from error


def _identity(options: Options) -> Any:
    try:
        lines = identity_text(options).splitlines()
        key = next((line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")), "")
        if not key:
            raise WrongKey(
                "The backup is encrypted: BACKUP_IDENTITY must hold its secret key, or a path to it."
            )
        return pyrage.x25519.Identity.from_str(key)
    except OSError as error:
        raise WrongKey(f"The file that BACKUP_IDENTITY names cannot be read: {error.strerror}.") from error
    except pyrage.IdentityError as error:
        raise WrongKey("BACKUP_IDENTITY is no secret age key.") from error


def copy(source: Readable, target: Any) -> None:
    """Copy everything, in parts."""
    while data := source.read(CHUNK):
        target.write(data)
