"""Where backups lie: a folder or an S3 bucket. A name is there completely or not at all."""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from workers.backup.options import Options
from workers.backup.refusals import DestinationAway, DestinationFull, NotConfigured, Unknown

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_BATCH = 1000  # names that one request of S3 deletes


class Store(Protocol):
    """What backups need of a place."""

    def workshop(self) -> contextlib.AbstractContextManager[Path]:
        """Give a private folder for files that are being made; what is left in it afterwards is removed."""

    def put(self, *, name: str, path: Path) -> None:
        """Take over a finished file under a name, at once and for good."""

    def open(self, *, name: str) -> contextlib.AbstractContextManager[BinaryIO]:
        """Open what has a name; Unknown if nothing has."""

    def names(self, *, under: str) -> dict[str, int]:
        """Return the names that begin with `under`, with their sizes in bytes."""

    def delete(self, *, names: list[str]) -> None:
        """Remove names; those that are not there do not matter."""


def store(options: Options) -> Store:
    """Return the destination that the environment names.

    Raises:
        NotConfigured: it names none, or something else.
        DestinationAway: the folder cannot be made.
    """
    kind, mark, rest = options.url.partition("://")
    if kind == "s3" and rest.strip("/"):
        bucket, _slash, prefix = rest.strip("/").partition("/")
        return Bucket(bucket=bucket, prefix=prefix, options=options)
    if options.url and not mark and Path(options.url).is_absolute():
        return Folder(Path(options.url))
    said = f"; {options.url!r} is neither" if options.url else ", and is empty"
    raise NotConfigured(f"BACKUP_URL must be a folder like /backups or a bucket like s3://bucket/shop{said}.")


@contextlib.contextmanager
def told(place: str) -> Iterator[None]:
    """Turn what a file system says into a refusal that names the place."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DestinationFull(f"There is no room left in {place}: no backup was made.") from error
        raise DestinationAway(f"{place} cannot be used: {error.strerror or error}.") from error


class Folder:
    """A folder, best on another disk or machine than the database."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @contextlib.contextmanager
    def workshop(self) -> Iterator[Path]:
        """Work on the same file system, so that finishing is a rename."""
        with told(str(self._root)):
            incoming = self._root / ".incoming"
            shutil.rmtree(incoming, ignore_errors=True)  # of a run that was killed: only one runs at a time
            incoming.mkdir(parents=True, mode=0o700)
        try:
            with told(str(self._root)):
                yield incoming
        finally:
            shutil.rmtree(incoming, ignore_errors=True)

    def put(self, *, name: str, path: Path) -> None:
        """Rename, after everything is on the disk."""
        with told(str(self._root)):
            with path.open("rb") as file:
                os.fsync(file.fileno())
            target = self._root / name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.chmod(path, 0o600)
            path.replace(target)
            _sync_folder(target.parent)

    @contextlib.contextmanager
    def open(self, *, name: str) -> Iterator[BinaryIO]:
        """Open a file."""
        try:
            file = (self._root / name).open("rb")
        except FileNotFoundError as error:
            raise Unknown(f"{name} is not in {self._root}.") from error
        except OSError as error:
            raise DestinationAway(f"{self._root} cannot be read: {error.strerror}.") from error
        with file:
            yield file

    def names(self, *, under: str) -> dict[str, int]:
        """Walk the folder."""
        if not self._root.is_dir():
            return {}
        with told(str(self._root)):
            top = self._root / under
            files = (path for path in top.rglob("*") if path.is_file())
            return {str(path.relative_to(self._root)): path.stat().st_size for path in files}

    def delete(self, *, names: list[str]) -> None:
        """Remove files, and the folders that they leave empty."""
        with told(str(self._root)):
            for name in names:
                (self._root / name).unlink(missing_ok=True)
            for folder in {(self._root / name).parent for name in names} - {self._root}:
                with contextlib.suppress(OSError):  # not empty
                    folder.rmdir()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Bucket:
    """A bucket of S3 or of anything that speaks like it."""

    def __init__(self, *, bucket: str, prefix: str, options: Options) -> None:
        self._bucket, self._prefix = bucket, f"{prefix}/" if prefix else ""
        self._spool = options.spool or None
        said = {name: value for name, value in options.bucket.items() if value}
        patience = Config(
            connect_timeout=10, read_timeout=60, retries={"max_attempts": 4, "mode": "standard"}
        )
        self._s3: Any = boto3.client("s3", config=patience, **said)

    @contextlib.contextmanager
    def workshop(self) -> Iterator[Path]:
        """Work in a folder for passing files: what goes to a bucket must have a checksum first."""
        place = told(self._spool or tempfile.gettempdir())
        with place, tempfile.TemporaryDirectory(prefix="maru-backup-", dir=self._spool) as folder:
            yield Path(folder)

    def put(self, *, name: str, path: Path) -> None:
        """Upload; an upload that breaks off leaves no object."""
        with self._told(name):
            self._s3.upload_file(str(path), self._bucket, self._prefix + name)
        path.unlink()

    @contextlib.contextmanager
    def open(self, *, name: str) -> Iterator[BinaryIO]:
        """Read an object."""
        with self._told(name):
            body = self._s3.get_object(Bucket=self._bucket, Key=self._prefix + name)["Body"]
        with contextlib.closing(body), self._told(name):
            yield body

    def names(self, *, under: str) -> dict[str, int]:
        """List the objects."""
        with self._told(under):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{self._prefix}{under}/"
            )
            return {
                item["Key"].removeprefix(self._prefix): int(item["Size"])
                for page in pages
                for item in page.get("Contents", [])
            }

    def delete(self, *, names: list[str]) -> None:
        """Remove objects."""
        for start in range(0, len(names), _BATCH):
            keys = [{"Key": self._prefix + name} for name in names[start : start + _BATCH]]
            with self._told(names[start]):
                answer = self._s3.delete_objects(Bucket=self._bucket, Delete={"Objects": keys, "Quiet": True})
            if answer.get("Errors"):
                raise DestinationAway(f"s3://{self._bucket} refused to delete {answer['Errors'][0]['Key']}.")

    @contextlib.contextmanager
    def _told(self, name: str) -> Iterator[None]:
        place = f"s3://{self._bucket}/{self._prefix}{name}"
        try:
            yield
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in ("NoSuchKey", "404"):
                raise Unknown(f"{place} is not there.") from error
            raise DestinationAway(f"{place}: S3 says {code or error}.") from error
        except (BotoCoreError, boto3.exceptions.Boto3Error) as error:
            raise DestinationAway(f"{place} cannot be reached: {error}") from error
