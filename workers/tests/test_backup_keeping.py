"""Which backups stay, told by a clock that the tests move."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workers.backup import keeping
from workers.backup import manifest as manifests
from workers.backup.manifest import Manifest, Media, Part, name_of
from workers.backup.options import Options, Server
from workers.backup.stores import store

NIGHT = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # 02:00 in Seoul on Wednesday the 25th


def nights(count: int, *, until: datetime = NIGHT) -> list[str]:
    return [name_of(until - timedelta(days=n)) for n in range(count)]


def kept(names: list[str], now: datetime, *, daily: int = 7, weekly: int = 4, monthly: int = 3) -> list[str]:
    return sorted(
        keeping.kept(names=names, now=now, daily=daily, weekly=weekly, monthly=monthly), reverse=True
    )


def test_of_the_days_alone_the_seventh_stays_and_the_eighth_goes():
    names = nights(30)

    assert kept(names, NIGHT, weekly=0, monthly=0) == names[:7]
    assert kept(names, NIGHT + timedelta(hours=21), weekly=0, monthly=0) == names[:7]  # the same day in Seoul
    assert kept(names, NIGHT + timedelta(hours=23), weekly=0, monthly=0) == names[:6]  # the next


def test_weeks_and_months_keep_their_newest():
    names = nights(120)

    assert [name[:8] for name in kept(names, NIGHT)] == [
        *("20261124", "20261123", "20261122", "20261121", "20261120", "20261119", "20261118"),
        *("20261114", "20261107"),  # Sundays in Seoul (the 15th, the 8th); the 22nd is one of the days
        "20261030",  # the last night of October in Seoul, the 31st
        "20260929",
    ]


def test_run_night_after_night_it_never_keeps_more_and_forgets_nothing_early():
    names: list[str] = []
    for n in range(400):
        now = NIGHT + timedelta(days=n)
        names = kept([name_of(now), *names], now)
        ages = [now - manifests.moment(name) for name in names]
        assert len(names) <= 7 + 4 + 3
        assert [age for age in ages if age < timedelta(days=7)] == [
            timedelta(days=d) for d in range(min(n + 1, 7))
        ]
        if n > 100:
            assert timedelta(days=21) < ages[-1] < timedelta(days=93)


def test_everything_of_a_day_stays_for_a_day():
    names = [name_of(NIGHT + timedelta(hours=n)) for n in range(5)]

    assert kept(names, NIGHT + timedelta(hours=5)) == sorted(names, reverse=True)
    assert kept(names, NIGHT + timedelta(hours=30), weekly=0, monthly=0) == [names[4]]


def test_the_newest_stays_however_old():
    old = nights(3)

    assert kept(old, NIGHT + timedelta(days=700)) == [old[0]]
    assert kept([], NIGHT) == []


@pytest.fixture
def options(tmp_path) -> Options:
    nowhere = Server(name="none")
    return Options(url=str(tmp_path), database=nowhere, drill=nowhere, weekly=0, monthly=0)


def stored(options: Options, name: str, contents: list[str], at: Path) -> None:
    """Write a backup with these contents, as the real one lies there."""
    where = store(options)
    for content in contents:
        (at / "blob").write_text(content)
        where.put(name=f"media/plain/{content[:2]}/{content}", path=at / "blob")
    files = [Media(storage="default", name=f"{c}.jpg", size=1, sha256=c) for c in contents]
    manifests.write_media(path=at / "list", files=files)
    content = (at / "list").read_bytes()
    listed = Part(
        name=f"backups/{name}/media.json.gz", size=len(content), sha256=hashlib.sha256(content).hexdigest()
    )
    where.put(name=listed.name, path=at / "list")
    (at / "dump").write_text("dump")
    where.put(name=f"backups/{name}/database.dump", path=at / "dump")
    made = Manifest(
        name=name, made_at="", seconds=1, sealed_as="plain", server="18", encoding="UTF8", collate="C", ctype="C",
        dump=Part(name=f"backups/{name}/database.dump", size=4, sha256=""), tables={}, media=listed,
    )  # fmt: skip
    manifests.write(store=where, manifest=made, workshop=at)


def test_forgetting_removes_old_backups_and_pictures_that_no_other_needs(options, tmp_path_factory):
    work, names = tmp_path_factory.mktemp("work"), nights(9)
    for number, name in enumerate(names):
        stored(options, name, ["aashared", f"bb{number}"], work)
    (work / "half").write_text("half")
    store(options).put(name="backups/20261101T000000Z/database.dump", path=work / "half")

    gone = keeping.forget(store=store(options), options=options, now=NIGHT)

    left = {str(path.relative_to(options.url)) for path in Path(options.url).rglob("*") if path.is_file()}
    assert gone == names[7:]
    assert {name.split("/")[1] for name in left if name.startswith("backups/")} == set(names[:7])
    assert {name for name in left if name.startswith("media/")} == {
        "media/plain/aa/aashared",
        *(f"media/plain/bb/bb{number}" for number in range(7)),
    }


def test_a_damaged_list_of_pictures_removes_no_picture(options, tmp_path_factory):
    work, names = tmp_path_factory.mktemp("work"), nights(9)
    for number, name in enumerate(names):
        stored(options, name, [f"bb{number}"], work)
    (Path(options.url) / "backups" / names[3] / "media.json.gz").write_bytes(b"damaged")

    with pytest.raises(manifests.Corrupted):
        keeping.forget(store=store(options), options=options, now=NIGHT)

    assert len(list((Path(options.url) / "media" / "plain" / "bb").iterdir())) == 9
