"""Files that people sent: pictures of the shop and photos of returns. Each content is stored once, by its SHA-256."""

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.core.files import File
from django.core.files.storage import Storage

from workers.backup import programs, sealing
from workers.backup.manifest import Manifest, Media, read_media
from workers.backup.options import Options
from workers.backup.refusals import BackupFailed, Corrupted, Unknown
from workers.backup.stores import Store

FOLDER = "media"
Storages = Mapping[str, Storage]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How many files a backup has, and the bytes of their different contents."""

    files: int
    size: int


def sync(
    *, store: Store, options: Options, storages: Storages, previous: list[Media], workshop: Path
) -> list[Media]:
    """Store what is new and return the list of all files. What did not change since `previous` is not read again.

    A file that is deleted meanwhile is left out.
    """
    stored = set(store.names(under=f"{FOLDER}/{options.sealed_as}"))
    known = {(item.storage, item.name): item for item in previous}
    found = []
    for alias, storage in storages.items():
        for name in sorted(_walk(storage, "")):
            programs.check()
            with contextlib.suppress(FileNotFoundError):
                item = _unchanged(alias, storage, name, known)
                if item is None or _blob(options.sealed_as, item.sha256) not in stored:
                    item = _copy(
                        alias, storage, name, store=store, options=options, stored=stored, at=workshop
                    )
                found.append(item)
    return found


def _walk(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return  # nobody sent anything yet
    for name in files:
        if name:  # S3 may list the folder itself
            yield f"{folder}/{name}" if folder else name
    for name in folders:
        yield from _walk(storage, f"{folder}/{name}" if folder else name)


def _unchanged(
    alias: str, storage: Storage, name: str, known: Mapping[tuple[str, str], Media]
) -> Media | None:
    before = known.get((alias, name))
    changed = _changed(storage, name)
    if before and changed and (before.size, before.changed) == (storage.size(name), changed):
        return before
    return None


def _changed(storage: Storage, name: str) -> str:
    try:
        return storage.get_modified_time(name).isoformat()
    except NotImplementedError:
        return ""


def _copy(
    alias: str, storage: Storage, name: str, *, store: Store, options: Options, stored: set[str], at: Path
) -> Media:
    changed, path = _changed(storage, name), at / "file"
    with storage.open(name, "rb") as opened, path.open("wb") as target:
        source = sealing.Metered(opened)
        try:
            sealing.seal(source=source, target=sealing.Meter(target), recipients=options.recipients)
        except BaseException as error:
            if source.failure:
                raise BackupFailed(f"The file {alias}/{name} cannot be read: {source.failure}.") from error
            raise
    blob = _blob(options.sealed_as, source.sha256)
    if blob not in stored:
        store.put(name=blob, path=path)
        stored.add(blob)
    return Media(storage=alias, name=name, size=source.size, sha256=source.sha256, changed=changed)


def _blob(sealed_as: str, sha256: str) -> str:
    return f"{FOLDER}/{sealed_as}/{sha256[:2]}/{sha256}"


def used(*, store: Store, manifests: list[Manifest]) -> set[str]:
    """Return the stored names that backups still need."""
    return {
        _blob(manifest.sealed_as, item.sha256)
        for manifest in manifests
        for item in read_media(store=store, manifest=manifest)
    }


def verify(*, store: Store, manifest: Manifest, options: Options) -> Checked:
    """Read every file of a backup and compare its SHA-256.

    Raises:
        Corrupted: one is missing or differs.
        WrongKey: they cannot be decrypted.
    """
    files = read_media(store=store, manifest=manifest)
    if (len(files), sum(item.size for item in files)) != (manifest.media_files, manifest.media_bytes):
        raise Corrupted(f"{manifest.name} lists other files than it counted.")
    size = 0
    for sha256 in sorted({item.sha256 for item in files}):
        programs.check()
        meter = sealing.Meter()
        _fetch(store, manifest, sha256, meter, options)
        size += meter.size
    return Checked(files=len(files), size=size)


def restore(*, store: Store, manifest: Manifest, options: Options, storages: Storages) -> tuple[int, int]:
    """Bring back the files that are missing or differ; return how many were written and how many were right.

    Files that the backup does not know stay. Each is checked before anything is replaced.

    Raises:
        Corrupted, WrongKey: a file cannot be brought back; those before it were.
    """
    written = right = 0
    for item in read_media(store=store, manifest=manifest):
        storage = storages[item.storage]
        if _same(storage, item):
            right += 1
            continue
        with tempfile.TemporaryFile(dir=options.spool or None) as passing:
            _fetch(store, manifest, item.sha256, sealing.Meter(passing), options)
            passing.seek(0)
            storage.delete(item.name)
            saved = storage.save(item.name, File(passing, name=item.name))
        if saved != item.name:
            raise BackupFailed(
                f"{item.storage}/{item.name} was stored as {saved}: something else has its name."
            )
        written += 1
    return written, right


def _same(storage: Storage, item: Media) -> bool:
    try:
        if storage.size(item.name) != item.size:
            return False
        with storage.open(item.name, "rb") as file:
            meter = sealing.Meter()
            sealing.copy(file, meter)
    except FileNotFoundError:
        return False
    return meter.sha256 == item.sha256


def _fetch(store: Store, manifest: Manifest, sha256: str, target: sealing.Meter, options: Options) -> None:
    name = _blob(manifest.sealed_as, sha256)
    try:
        with store.open(name=name) as source:
            if manifest.sealed_as == "plain":
                sealing.copy(source, target)
            else:
                sealing.unseal(source=source, target=target, options=options)
    except Unknown as error:
        raise Corrupted(f"{name} is missing from the backup {manifest.name}.") from error
    if target.sha256 != sha256:
        raise Corrupted(f"{name} is not what was written: its SHA-256 differs.")
