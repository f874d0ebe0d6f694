"""A backup that was never restored is a hope: restore it, compare every row and every file, and write it down."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from workers.backup import manifest as manifests
from workers.backup import media, restoring
from workers.backup.manifest import Manifest
from workers.backup.options import Options
from workers.backup.stores import Store

PREFIX = "maru_drill_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a drill showed. `lost`: age of the backup, the most that would be lost now. `took`: seconds to restore."""

    name: str
    lost: timedelta
    took: float
    tables: int
    rows: int
    files: int


def verify(*, store: Store, options: Options, name: str = "") -> Manifest:
    """Read a backup completely without any database: checksums, key, archive, every file; return its manifest.

    Raises:
        BackupFailed: of its kinds Unknown, Corrupted, WrongKey and ToolMissing.
    """
    manifest = manifests.read(store=store, name=name)
    with restoring.opened(store=store, manifest=manifest, options=options):
        pass
    media.verify(store=store, manifest=manifest, options=options)
    return manifest


def drill(*, store: Store, options: Options, now: datetime, name: str = "") -> Proof:
    """Restore a backup into a database of its own, compare everything, and remove that database.

    Raises:
        BackupFailed: the backup cannot be restored, or is not what was backed up.
    """
    manifest = manifests.read(store=store, name=name)
    restoring.sweep(server=options.drill, prefix=PREFIX, now=now)
    into, began = f"{PREFIX}{manifests.name_of(now).lower()}", time.monotonic()
    with restoring.opened(store=store, manifest=manifest, options=options) as plain:
        try:
            restoring.restore(
                plain=plain, manifest=manifest, options=options, server=options.drill, into=into
            )
            took = time.monotonic() - began
        finally:
            restoring.drop(server=options.drill, name=into)
    checked = media.verify(store=store, manifest=manifest, options=options)
    return Proof(
        name=manifest.name,
        lost=now - manifest.moment,
        took=round(took, 2),
        tables=len(manifest.tables),
        rows=manifest.rows,
        files=checked.files,
    )
