from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workers.backup import command, media, options, restoring, running
from workers.backup import manifest as manifests
from workers.backup.manifest import Manifest
from workers.backup.options import Options
from workers.backup.stores import Store, store


class Command(BaseCommand):
    help = (
        "Restore a backup into a new database beside the shop's, compare it row by row, and with --swap let it take "
        "the shop's name; the old database keeps another name. Nothing is dropped."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="which; default the newest")
        parser.add_argument("--list", action="store_true", help="show the backups there are, restore nothing")
        parser.add_argument("--into", default="", help="the new database's name; default <shop's>_restored")
        parser.add_argument(
            "--swap", action="store_true", help="let it take the shop's name when it is equal"
        )
        parser.add_argument(
            "--privileges", action="store_true", help="also grants to other roles, which must exist"
        )
        parser.add_argument(
            "--media", action="store_true", help="also bring back files that are missing or differ"
        )
        parser.add_argument("--media-only", action="store_true", help="bring back files, no database")

    def handle(self, *args: Any, **kwargs: Any) -> None:
        said = options.from_settings()
        with command.told():
            where = store(said)
            if kwargs["list"]:
                self._list(where)
                return
            manifest = manifests.read(store=where, name=kwargs["name"])
            if not kwargs["media_only"]:
                self._database(where, manifest, said, kwargs)
            if kwargs["media"] or kwargs["media_only"]:
                self._media(where, manifest, said)

    def _list(self, where: Store) -> None:
        for name in manifests.names(store=where):
            found = manifests.read(store=where, name=name)
            self.stdout.write(
                f"{name}  {command.size(found.dump.size):>9}  {found.rows:>12,} rows  {found.media_files:>8,} files  "
                f"{'plain' if found.sealed_as == 'plain' else 'encrypted'}"
            )

    def _database(self, where: Store, manifest: Manifest, said: Options, wanted: dict[str, Any]) -> None:
        into = wanted["into"] or f"{said.database.name}_restored"
        if into == said.database.name:
            raise CommandError(
                "A backup is restored beside the shop's database, never over it: choose another --into."
            )
        with restoring.opened(store=where, manifest=manifest, options=said) as plain:
            restoring.restore(
                plain=plain,
                manifest=manifest,
                options=said,
                server=said.database,
                into=into,
                privileges=wanted["privileges"],
            )
        self.stdout.write(f"{into} is equal to backup {manifest.name}, row for row: {manifest.rows:,} rows")
        if wanted["swap"]:
            before = restoring.swap(server=said.database, restored=into, now=timezone.now())
            self.stdout.write(
                f"{said.database.name} is now what was {into}; the old one is {before or 'not there'}"
            )

    def _media(self, where: Store, manifest: Manifest, said: Options) -> None:
        written, right = media.restore(store=where, manifest=manifest, options=said, storages=running.files())
        self.stdout.write(f"{written:,} files were brought back, {right:,} were right")
