"""What makes a backup: its manifest is written last, so whatever has none is no backup."""

import contextlib
import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workers.backup.refusals import Corrupted, Unknown
from workers.backup.sealing import Metered
from workers.backup.stores import Store
from workers.backup.tables import Tables

VERSION = 1
FOLDER = "backups"
_NAME = re.compile(r"^\d{8}T\d{6}Z$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file of a backup as it is stored: bytes and SHA-256, encrypted if the backup is."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file that people sent, by its plain contents. `changed`: when its storage says it was last changed."""

    storage: str
    name: str
    size: int
    sha256: str
    changed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything that is known of a backup without opening it. `seconds`: how long it took to make."""

    name: str
    made_at: str
    seconds: float
    sealed_as: str  # `plain`, or a short name of the keys it is encrypted for
    server: str  # version of PostgreSQL
    encoding: str
    collate: str
    ctype: str
    dump: Part
    tables: Tables
    media: Part | None
    media_files: int = 0
    media_bytes: int = 0
    version: int = field(default=VERSION)

    @property
    def moment(self) -> datetime:
        """Return when the snapshot was taken."""
        return moment(self.name)

    @property
    def rows(self) -> int:
        """Return the rows of all tables."""
        return sum(rows for rows, _checksum in self.tables.values())


def name_of(at: datetime) -> str:
    """Return how a backup of a moment is called: 20261124T170000Z."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def moment(name: str) -> datetime:
    """Return the moment that a name tells."""
    return datetime.strptime(name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def write(*, store: Store, manifest: Manifest, workshop: Path) -> None:
    """Write the manifest: from now on the backup counts."""
    path = workshop / "manifest.json"
    path.write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True))
    store.put(name=f"{FOLDER}/{manifest.name}/manifest.json", path=path)


def names(*, store: Store) -> list[str]:
    """Return the names of all backups that count, the newest first."""
    found = (name.split("/") for name in store.names(under=FOLDER))
    return sorted(
        (
            parts[1]
            for parts in found
            if len(parts) == 3 and parts[2] == "manifest.json" and _NAME.match(parts[1])
        ),
        reverse=True,
    )


def read(*, store: Store, name: str = "") -> Manifest:
    """Return a backup, by default the newest.

    Raises:
        Unknown: there is none (of this name).
        Corrupted: its manifest cannot be read, or a newer version of the shop wrote it.
    """
    if not name:
        name = next(iter(names(store=store)), "")
        if not name:
            raise Unknown("There is no backup yet.")
    if not _NAME.match(name):
        raise Unknown(f"There is no backup called {name!r}; names look like 20261124T170000Z.")
    try:
        with store.open(name=f"{FOLDER}/{name}/manifest.json") as file:
            return _parsed(json.loads(file.read()))
    except Unknown as error:
        raise Unknown(f"There is no backup called {name}.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise Corrupted(f"The manifest of {name} cannot be read: {error}.") from error


def _parsed(said: dict[str, Any]) -> Manifest:
    if said["version"] != VERSION:
        raise ValueError(f"it is of version {said['version']}, and this shop reads {VERSION}")
    media = Part(**said.pop("media")) if said["media"] else said.pop("media")
    tables = {name: (int(rows), str(checksum)) for name, (rows, checksum) in said.pop("tables").items()}
    return Manifest(**{**said, "dump": Part(**said["dump"]), "tables": tables, "media": media})


def write_media(*, path: Path, files: Iterable[Media]) -> None:
    """Write the list of files: one JSON object a line, compressed."""
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        for item in files:
            lines.write(json.dumps(asdict(item), ensure_ascii=False, sort_keys=True) + "\n")


def read_media(*, store: Store, manifest: Manifest) -> list[Media]:
    """Return the files that belong to a backup.

    Raises:
        Corrupted: the list is not the one that was written.
    """
    if manifest.media is None:
        return []
    with _checked(store, manifest.media) as text:
        return [Media(**json.loads(line)) for line in gzip.decompress(text).decode().splitlines()]


@contextlib.contextmanager
def _checked(store: Store, part: Part) -> Iterator[bytes]:
    with store.open(name=part.name) as file:
        metered = Metered(file)
        text = b"".join(iter(metered.read, b""))
    if (metered.size, metered.sha256) != (part.size, part.sha256):
        raise Corrupted(f"{part.name} is not what was written: its SHA-256 differs.")
    yield text
