"""Backups of a real database: made, destroyed, restored and compared row by row; refused when they are not whole."""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pyrage
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection

from tools.local.paths import ROOT
from tools.local.postgres import program
from workers.backup import drills, keeping, making, media, programs, restoring, tables
from workers.backup import manifest as manifests
from workers.backup import options as said
from workers.backup.options import Options, Server
from workers.backup.refusals import (
    BackupFailed,
    Busy,
    Corrupted,
    DatabaseAway,
    DestinationAway,
    DestinationFull,
    Different,
    NotConfigured,
    ToolMissing,
    Unknown,
    WrongKey,
)
from workers.backup.stores import store

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # 02:00 in Seoul, the 25th
SCHEMA = """
CREATE TABLE mug (id bigint PRIMARY KEY, name text NOT NULL, price integer, sold_at timestamptz, data jsonb, raw bytea);
CREATE TABLE sale (id bigserial PRIMARY KEY, mug_id bigint REFERENCES mug, note text);
CREATE VIEW dear AS SELECT * FROM mug WHERE price > 20000;
INSERT INTO mug SELECT n, '달항아리 ' || n, n * 100, '2026-11-24 18:30:00+09'::timestamptz + n * interval '1 min',
  jsonb_build_object('n', n), decode(md5(n::text), 'hex') FROM generate_series(1, 500) n;
INSERT INTO sale (mug_id, note) SELECT n, md5(n::text) FROM generate_series(1, 500) n;
"""


@pytest.fixture(scope="module")
def server() -> Server:
    """The server of the tests, with the programs that fit to it."""
    return said.server(connection.settings_dict)


@pytest.fixture
def shop(server) -> Iterator[Server]:
    """A small database of its own, filled; everything that was made beside it goes too."""
    name = f"maru_backup_{uuid.uuid4().hex[:8]}"
    _maintain(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    database = replace(server, name=name)
    _run(database, SCHEMA)
    yield database
    with closing(programs.connect(server, name="postgres")) as maintenance:
        beside = maintenance.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{name}%"]
        ).fetchall()
    for (found,) in beside:
        _maintain(server, f"DROP DATABASE {found} WITH (FORCE)")


@pytest.fixture
def pictures(tmp_path) -> dict[str, FileSystemStorage]:
    """What people sent: two pictures, of which one is there twice, and a photo of a return."""
    kept = {name: FileSystemStorage(location=tmp_path / name) for name in ("default", "private")}
    kept["default"].save("original_images/mug.jpg", ContentFile(b"mug" * 1000))
    kept["default"].save("images/again.jpg", ContentFile(b"mug" * 1000))
    kept["private"].save("claims/photo.jpg", ContentFile(b"broken mug"))
    return kept


@pytest.fixture
def options(shop, tmp_path) -> Options:
    return Options(
        url=str(tmp_path / "backups"), database=shop, drill=shop, programs=str(program("pg_dump").parent)
    )


@pytest.fixture
def keys():
    """Two identities: the shop's, and a stranger's."""
    return pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()


@pytest.fixture
def sealed(options, keys) -> Options:
    return replace(options, recipients=(str(keys[0].to_public()),), identity=str(keys[0]))


def _maintain(server: Server, statement: str) -> None:
    with closing(programs.connect(server, name="postgres")) as maintenance:
        maintenance.execute(statement)


def _run(database: Server, statements: str) -> None:
    with closing(programs.connect(database)) as opened:
        opened.execute(statements)


def _rows(database: Server, query: str = "SELECT * FROM mug ORDER BY id") -> list:
    with closing(programs.connect(database)) as opened:
        return opened.execute(query).fetchall()


def _databases(server: Server) -> set[str]:
    """Return this database, what is restored beside it, and those of drills; tests beside us have others."""
    found = _rows(replace(server, name="postgres"), "SELECT datname FROM pg_database")
    return {name for (name,) in found if name.startswith((server.name, drills.PREFIX))}


def _files(options: Options) -> set[str]:
    root = Path(options.url)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def _dump(options: Options, made: manifests.Manifest) -> Path:
    return Path(options.url) / made.dump.name


def _restore(options: Options, made: manifests.Manifest, *, into: str) -> None:
    where = store(options)
    with restoring.opened(store=where, manifest=made, options=options) as plain:
        restoring.restore(plain=plain, manifest=made, options=options, server=options.database, into=into)


@pytest.mark.parametrize("encrypted", [False, True])
def test_what_was_destroyed_comes_back_row_for_row(options, sealed, pictures, encrypted):
    chosen = sealed if encrypted else options
    shop, before = chosen.database, _rows(chosen.database)
    sales = _rows(shop, "SELECT * FROM sale ORDER BY id")
    made = making.make(options=chosen, storages=pictures, now=NOW)
    _run(shop, "DROP TABLE mug CASCADE; UPDATE sale SET note = 'lost'")
    for name in ("original_images/mug.jpg", "images/again.jpg"):
        pictures["default"].delete(name)

    _restore(chosen, made, into=f"{shop.name}_restored")
    old = restoring.swap(server=shop, restored=f"{shop.name}_restored", now=NOW)
    written = media.restore(store=store(chosen), manifest=made, options=chosen, storages=pictures)

    assert _rows(shop) == before
    assert _rows(shop, "SELECT * FROM sale ORDER BY id") == sales
    assert _rows(shop, "SELECT count(*) FROM dear") == [(300,)]
    assert written == (2, 1)
    assert pictures["default"].open("images/again.jpg").read() == b"mug" * 1000
    assert _rows(replace(shop, name=old), "SELECT DISTINCT note FROM sale") == [("lost",)]
    assert made.sealed_as == chosen.sealed_as
    assert (made.rows, made.media_files, made.media_bytes) == (1000, 3, 6010)


def test_the_whole_shop_comes_back(committed, options, server):
    everything = replace(options, database=said.server(connection.settings_dict), media=False)
    made = making.make(options=everything, storages={}, now=NOW)

    _restore(everything, made, into=f"{options.database.name}_whole")

    with closing(programs.connect(server, name=f"{options.database.name}_whole")) as opened:
        tables.one_way(opened)
        found = tables.read(opened)
    assert found == made.tables
    assert len(found) > 100
    assert found["public.django_migrations"][0] > 100


def test_the_snapshot_of_rows_and_dump_is_one(options, pictures, monkeypatch):
    read = tables.read

    def sold_meanwhile(opened):
        _run(options.database, "DELETE FROM sale WHERE id <= 100")
        return read(opened)

    monkeypatch.setattr(tables, "read", sold_meanwhile)
    made = making.make(options=options, storages=pictures, now=NOW)
    monkeypatch.undo()

    assert made.tables["public.sale"][0] == 500
    _restore(options, made, into=f"{options.database.name}_restored")


def test_nothing_of_an_encrypted_backup_can_be_read(sealed, pictures):
    made = making.make(options=sealed, storages=pictures, now=NOW)

    assert _dump(sealed, made).read_bytes().startswith(b"age-encryption.org/v1\n")
    stored = [
        path for path in Path(sealed.url).rglob("*") if path.is_file() and path.suffix not in (".json", ".gz")
    ]
    assert len(stored) == 3  # the dump and two contents
    assert [path for path in stored if b"mug" in path.read_bytes() or b"PGDMP" in path.read_bytes()] == []


def test_without_a_key_it_can_be_read(options, pictures):
    made = making.make(options=options, storages=pictures, now=NOW)

    assert _dump(options, made).read_bytes().startswith(b"PGDMP")


def test_any_program_of_age_opens_it(sealed, pictures, keys):
    made = making.make(options=sealed, storages=pictures, now=NOW)

    assert pyrage.decrypt(_dump(sealed, made).read_bytes(), [keys[0]]).startswith(b"PGDMP")


def test_a_stranger_s_key_is_refused_before_anything_is_touched(sealed, pictures, keys):
    made = making.make(options=sealed, storages=pictures, now=NOW)
    before = _databases(sealed.database)

    for identity, words in (
        (str(keys[1]), "another key"),
        ("", "BACKUP_IDENTITY"),
        ("AGE-SECRET-KEY-1X", "no secret"),
    ):
        with pytest.raises(WrongKey, match=words):
            _restore(replace(sealed, identity=identity), made, into=f"{sealed.database.name}_restored")

    assert _databases(sealed.database) == before


def test_the_key_may_lie_in_a_file(sealed, pictures, keys, tmp_path):
    (tmp_path / "key.txt").write_text(f"# created by age-keygen\n{keys[0]}\n")
    made = making.make(options=sealed, storages=pictures, now=NOW)

    found = drills.verify(store=store(sealed), options=replace(sealed, identity=str(tmp_path / "key.txt")))

    assert found == made


@pytest.mark.parametrize("damage", ["one bit", "cut off", "gone"])
def test_a_damaged_archive_is_refused_before_anything_is_touched(options, pictures, damage):
    made = making.make(options=options, storages=pictures, now=NOW)
    path, before = _dump(options, made), _databases(options.database)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "one bit":
        path.write_bytes(content)
    elif damage == "cut off":
        path.write_bytes(content[:-1])
    else:
        path.unlink()

    with pytest.raises(Corrupted):
        _restore(options, made, into=f"{options.database.name}_restored")
    with pytest.raises(Corrupted):
        drills.drill(store=store(options), options=options, now=NOW)

    assert _databases(options.database) == before


def test_an_archive_that_fits_its_checksum_and_is_none_is_refused(options, pictures):
    made = making.make(options=options, storages=pictures, now=NOW)
    _dump(options, made).write_bytes(b"x" * 10)
    part = replace(made.dump, size=10, sha256=hashlib.sha256(b"x" * 10).hexdigest())

    with pytest.raises(Corrupted, match="no archive"):
        _restore(options, replace(made, dump=part), into=f"{options.database.name}_restored")


def test_a_damaged_picture_is_found(sealed, options, pictures):
    for chosen in (options, sealed):
        made = making.make(options=chosen, storages=pictures, now=NOW)
        blob = next(
            path for path in (Path(chosen.url) / "media" / chosen.sealed_as).rglob("*") if path.is_file()
        )
        content = bytearray(blob.read_bytes())
        content[-1] ^= 1
        blob.write_bytes(content)

        with pytest.raises(Corrupted):
            media.verify(store=store(chosen), manifest=made, options=chosen)
        shutil.rmtree(chosen.url)


def test_a_restored_database_that_differs_is_told_and_takes_no_name(options, pictures):
    made = making.make(options=options, storages=pictures, now=NOW)
    forged = replace(made, tables={**made.tables, "public.mug": (501, made.tables["public.mug"][1])})

    with pytest.raises(Different, match="public.mug has 500 rows instead of 501"):
        _restore(options, forged, into=f"{options.database.name}_restored")

    assert _rows(options.database, "SELECT count(*) FROM mug") == [(500,)]


def test_two_tables_are_equal_only_row_for_row(shop):
    with closing(programs.connect(shop)) as opened:
        tables.one_way(opened)
        before = tables.read(opened)
        opened.execute("UPDATE public.mug SET price = price WHERE id = 1")  # moves the row, changes nothing
        assert tables.differences(expected=before, found=tables.read(opened)) == []
        opened.execute("UPDATE public.mug SET price = 101 WHERE id = 1")
        assert tables.differences(expected=before, found=tables.read(opened)) == [
            "public.mug has other contents"
        ]
        opened.execute("UPDATE public.mug SET price = 100 WHERE id = 1")
        opened.execute(
            "UPDATE public.mug SET name = '달항아리 2' WHERE id = 3; UPDATE public.sale SET note = NULL WHERE id = 1"
        )
        assert tables.differences(expected=before, found=tables.read(opened)) == [
            "public.mug has other contents",
            "public.sale has other contents",
        ]
        opened.execute("CREATE TABLE public.more (id int); DELETE FROM public.sale WHERE id = 2")
        assert tables.differences(expected=before, found=tables.read(opened))[0] == "public.more is new"


def test_restoring_never_writes_over_a_database(options, pictures):
    made = making.make(options=options, storages=pictures, now=NOW)

    with pytest.raises(BackupFailed, match="exists already"):
        _restore(options, made, into=options.database.name)

    assert _rows(options.database, "SELECT count(*) FROM mug") == [(500,)]


def test_a_swap_that_fails_leaves_every_name(options, pictures):
    shop = options.database
    with pytest.raises(BackupFailed, match="could not change places"):
        restoring.swap(server=shop, restored=f"{shop.name}_missing", now=NOW)

    assert _rows(shop, "SELECT count(*) FROM mug") == [(500,)]


def test_pictures_are_stored_once_and_read_again_only_when_they_changed(options, pictures, monkeypatch):
    first = making.make(options=options, storages=pictures, now=NOW)
    opened = []
    original = FileSystemStorage.open
    monkeypatch.setattr(
        FileSystemStorage,
        "open",
        lambda self, name, mode="rb": opened.append(name) or original(self, name, mode),
    )
    pictures["default"].save("original_images/new.jpg", ContentFile(b"new"))

    second = making.make(options=options, storages=pictures, now=NOW + timedelta(days=1))

    assert opened == ["original_images/new.jpg"]
    assert (first.media_files, second.media_files) == (3, 4)
    assert len([name for name in _files(options) if name.startswith("media/")]) == 3


def test_of_two_at_once_one_runs(options, pictures):
    with making.alone(options=options), pytest.raises(Busy):
        making.make(options=options, storages=pictures, now=NOW)

    assert _files(options) == set()


def test_control_without_the_lock_both_would_run(options, pictures, monkeypatch):
    with making.alone(options=options):
        monkeypatch.setattr(making, "LOCK", making.LOCK + 1)
        making.make(options=options, storages=pictures, now=NOW)

    assert len(manifests.names(store=store(options))) == 1


def test_a_disk_that_is_full_leaves_nothing_that_counts(options, pictures, monkeypatch):
    real = Path.open

    def full(self, mode="r", *args, **kwargs):
        return real(
            Path("/dev/full") if self.name == "database" and "w" in mode else self, mode, *args, **kwargs
        )

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(DestinationFull, match="no room left"):
        making.make(options=options, storages=pictures, now=NOW)
    monkeypatch.undo()

    assert _files(options) == set()
    assert manifests.names(store=store(options)) == []


def test_encrypting_onto_a_full_disk_says_the_same(sealed, pictures, monkeypatch):
    real = Path.open

    def full(self, mode="r", *args, **kwargs):
        return real(
            Path("/dev/full") if self.name == "database" and "w" in mode else self, mode, *args, **kwargs
        )

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(DestinationFull, match="no room left"):
        making.make(options=sealed, storages=pictures, now=NOW)


def test_a_run_that_breaks_amid_the_pictures_is_no_backup_and_the_next_sweeps_up(
    options, pictures, monkeypatch
):
    def broken(**_kwargs):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(media, "sync", broken)
    monkeypatch.setattr(making, "_take_back", lambda *_: None)  # as if the process had been killed there
    with pytest.raises(DestinationAway, match="Input/output error"):
        making.make(options=options, storages=pictures, now=NOW)
    monkeypatch.undo()

    assert _files(options) == {"backups/20261124T170000Z/database.dump"}
    assert manifests.names(store=store(options)) == []
    with pytest.raises(Unknown):
        manifests.read(store=store(options))
    later = making.make(options=options, storages=pictures, now=NOW + timedelta(hours=1))
    keeping.forget(store=store(options), options=options, now=NOW + timedelta(hours=1))
    assert {name.split("/")[1] for name in _files(options) if name.startswith("backups/")} == {later.name}


def test_a_dump_that_ends_badly_is_no_backup(options, pictures, tmp_path):
    tool = tmp_path / "bin" / "pg_dump"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho PGDMP half\necho 'server closed the connection' >&2\nexit 1\n")
    tool.chmod(0o755)

    with pytest.raises(BackupFailed, match=r"pg_dump failed \(1\): server closed the connection"):
        making.make(options=replace(options, programs=str(tool.parent)), storages=pictures, now=NOW)

    assert _files(options) == set()


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"programs": "/nowhere"}, ToolMissing, "pg_dump is not in /nowhere"),
        ({"url": ""}, NotConfigured, "BACKUP_URL"),
        ({"url": "ftp://example"}, NotConfigured, "neither"),
        ({"url": "backups"}, NotConfigured, "neither"),
        ({"url": "/proc/nowhere"}, DestinationAway, "/proc/nowhere cannot be used"),
        ({"recipients": ("AGE-SECRET-KEY-1",)}, NotConfigured, "no public age key"),
    ],
)
def test_what_is_missing_is_named(options, pictures, changes, refusal, words):
    with pytest.raises(refusal, match=words):
        making.make(options=replace(options, **changes), storages=pictures, now=NOW)

    assert _files(options) == set()


@pytest.mark.parametrize(
    "changes", [{"port": "1"}, {"name": "maru_no_such_database"}, {"user": "maru_nobody"}]
)
def test_a_database_that_does_not_answer_is_told_without_its_password(options, pictures, changes):
    away = replace(options.database, password="tell-nobody", **changes)

    with pytest.raises(DatabaseAway) as refusal:
        making.make(options=replace(options, database=away), storages=pictures, now=NOW)

    assert "tell-nobody" not in str(refusal.value)


def test_no_argument_of_a_program_holds_a_secret(sealed, pictures, tmp_path, keys):
    for name in ("pg_dump", "pg_restore"):
        tool = tmp_path / "bin" / name
        tool.parent.mkdir(exist_ok=True)
        real = program(name)
        tool.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/arguments\nexec {real} "$@"\n')
        tool.chmod(0o755)
    secret = sealed.database.password or "tell-nobody"  # a server that trusts us takes any
    told = replace(sealed, programs=str(tmp_path / "bin"), database=replace(sealed.database, password=secret))

    made = making.make(options=told, storages=pictures, now=NOW)
    _restore(told, made, into=f"{sealed.database.name}_restored")

    arguments = (tmp_path / "arguments").read_text()
    assert "--format=custom" in arguments and "--exit-on-error" in arguments
    assert secret not in arguments and str(keys[0]) not in arguments
    assert secret not in repr(told) and str(keys[0]) not in repr(told)


def test_a_drill_proves_everything_and_leaves_no_database(sealed, pictures):
    made = making.make(options=sealed, storages=pictures, now=NOW)
    before = _databases(sealed.database)

    proof = drills.drill(store=store(sealed), options=sealed, now=NOW + timedelta(hours=3))

    assert (proof.name, proof.tables, proof.rows, proof.files) == (made.name, 2, 1000, 3)
    assert proof.lost == timedelta(hours=3)
    assert _databases(sealed.database) == before


def test_what_a_killed_drill_left_goes_with_a_later_one(options):
    old, young, other = (
        f"{drills.PREFIX}{name}" for name in ("19990101t000000z", "19990103t000000z", "of_somebody_else")
    )
    for name in (old, young, other):
        _maintain(options.database, f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        restoring.sweep(
            server=options.database, prefix=f"{drills.PREFIX}1999", now=NOW
        )  # not ours: no such moment
        assert {old, young, other} <= _databases(options.database)
        restoring.sweep(server=options.database, prefix=drills.PREFIX, now=datetime(1999, 1, 3, tzinfo=UTC))
        assert {old, young, other} & _databases(options.database) == {young, other}
    finally:
        for name in (old, young, other):
            _maintain(options.database, f"DROP DATABASE IF EXISTS {name}")


def test_a_drill_that_fails_leaves_no_database_either(options, pictures, monkeypatch):
    making.make(options=options, storages=pictures, now=NOW)
    before = _databases(options.database)
    monkeypatch.setattr(tables, "differences", lambda **_kwargs: ["public.mug is missing"])

    with pytest.raises(Different):
        drills.drill(store=store(options), options=options, now=NOW)

    assert _databases(options.database) == before


FULL = """
mount -t tmpfs -o size=64k none {folder} || exit 99
exec {python} manage.py backup
"""


def _may_mount() -> bool:
    probe = "mount -t tmpfs none /mnt"
    return (
        subprocess.run(["unshare", "-m", "sh", "-c", probe], capture_output=True, check=False).returncode == 0
    )


@pytest.mark.skipif(
    not shutil.which("unshare") or not _may_mount(), reason="only root may mount a small disk"
)
def test_the_command_on_a_disk_that_is_really_full(committed, tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    name = connection.settings_dict
    url = f"postgres://{name['USER']}:{name['PASSWORD']}@{name['HOST']}:{name['PORT']}/{name['NAME']}"
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", FULL.format(folder=folder, python=sys.executable)],
        env={
            **os.environ,
            "DATABASE_URL": url,
            "BACKUP_URL": str(folder),
            "BACKUP_PG_BIN": str(program("pg_dump").parent),
            "BACKUP_MEDIA": "false",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.strip() == f"CommandError: There is no room left in {folder}: no backup was made."


def test_a_connection_cut_amid_the_run_is_told(options, pictures, monkeypatch):
    def cut(_connection):
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(tables, "read", cut)
    with pytest.raises(DatabaseAway, match="stopped answering"):
        making.make(options=options, storages=pictures, now=NOW)

    assert _files(options) == set()
