"""What the clock does for backups, what the shop remembers of them, and who is told."""

import logging
import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from wagtail.users.models import UserProfile

from cms.tests import desk
from tools.local.postgres import program
from workers import health as workers_health
from workers.backup import drills, making, options, records, running
from workers.backup.refusals import BackupFailed, DatabaseAway
from workers.handlers import backups
from workers.jobs import Context
from workers.models import BackupRun
from workers.tests.test_metrics import samples

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
GOOD = {"relay": 1.0, "outbox": 0.0, "due": 2.0, "schedule": 0.0, "dead": 0, "dead_by_handler": {}}


@pytest.fixture
def configured(settings, tmp_path):
    """A shop whose backups go to a folder."""
    settings.BACKUP_URL = str(tmp_path / "backups")
    settings.BACKUP_PG_BIN = str(program("pg_dump").parent)
    settings.BACKUP_MEDIA = False
    return tmp_path / "backups"


def context(now: datetime = NOW) -> Context:
    return Context(handler="backups.make", attempt=1, idempotency_key=uuid.uuid4(), now=now)


def run(
    kind: str = "backup", *, age: timedelta = timedelta(hours=3), now: datetime | None = None, **fields
) -> BackupRun:
    at = (now or timezone.now()) - age
    described = {
        "state": "done",
        "name": f"{at:%Y%m%dT%H%M%SZ}",
        "taken_at": at,
        "finished_at": at,
        "size": 1000,
    }
    return BackupRun.objects.create(kind=kind, started_at=at, **{**described, **fields})


def test_the_night_s_backup_is_made_noted_and_swept_after(committed, configured):
    for days in (9, 0):
        backups.make(None, context(NOW - timedelta(days=days)))

    rows = list(BackupRun.objects.order_by("started_at"))
    assert [(row.kind, row.state, row.name) for row in rows] == [
        ("backup", "done", "20261115T170000Z"),
        ("backup", "done", "20261124T170000Z"),
    ]
    assert rows[1].tables > 100 and rows[1].rows > 100 and rows[1].size > 10_000
    assert rows[1].finished_at > NOW
    assert {path.name for path in (configured / "backups").iterdir()} == {
        row.name for row in rows
    }  # one of its week


def test_the_eighth_day_s_backup_goes_and_its_row_says_so(committed, configured, settings):
    settings.BACKUP_KEEP_WEEKLY = settings.BACKUP_KEEP_MONTHLY = 0
    for days in (7, 6, 0):
        backups.make(None, context(NOW - timedelta(days=days)))

    assert list(BackupRun.objects.order_by("started_at").values_list("name", "gone_at")) == [
        ("20261117T170000Z", NOW),
        ("20261118T170000Z", None),
        ("20261124T170000Z", None),
    ]
    out = StringIO()
    call_command("restore_backup", list=True, stdout=out)
    assert [line.split()[0] for line in out.getvalue().splitlines()] == [
        "20261124T170000Z",
        "20261118T170000Z",
    ]


def test_without_a_destination_the_clock_does_nothing(db, settings):
    settings.BACKUP_URL = ""

    for handler in (backups.make, backups.check, backups.drill):
        handler(None, context())

    assert BackupRun.objects.count() == 0
    assert records.health() == "off"
    with pytest.raises(CommandError, match="BACKUP_URL"):
        call_command("backup")


def test_a_failure_is_noted_with_its_reason(committed, configured, settings):
    settings.BACKUP_PG_BIN = "/nowhere"

    with pytest.raises(CommandError, match="pg_dump is not in /nowhere"):
        call_command("backup")

    row = BackupRun.objects.get()
    assert (row.state, row.name) == ("failed", "")
    assert row.error.startswith("pg_dump is not in /nowhere")


def test_of_two_at_once_the_second_leaves_no_trace(committed, configured):
    with making.alone(options=options.from_settings()):
        backups.make(None, context())
        with pytest.raises(CommandError) as refusal:
            call_command("backup")

    assert refusal.value.returncode == 75
    assert BackupRun.objects.count() == 0


def test_a_run_that_was_killed_is_told_apart_by_the_next(committed, configured):
    lost = BackupRun.objects.create(kind="backup", state="running", started_at=NOW - timedelta(days=1))

    backups.make(None, context())

    lost.refresh_from_db()
    assert (lost.state, lost.error) == ("failed", "it ended without a word, killed or cut off")


def test_a_backup_counts_though_old_ones_cannot_be_removed(committed, configured, monkeypatch):
    def stuck(**_kwargs):
        raise BackupFailed("read-only")

    monkeypatch.setattr(running.keeping, "forget", stuck)
    with pytest.raises(BackupFailed, match="was made, but old ones could not be removed: read-only"):
        backups.make(None, context())

    assert BackupRun.objects.get().state == "done"


def test_the_drill_runs_once_a_week_and_only_where_backups_can_be_opened(
    committed, configured, settings, monkeypatch
):
    proof = drills.Proof(
        name="20261124T170000Z", lost=timedelta(hours=3), took=4.2, tables=120, rows=9000, files=7
    )
    monkeypatch.setattr(running.drills, "drill", lambda **_kwargs: proof)

    backups.drill(None, context(NOW + timedelta(hours=3)))
    backups.drill(None, context(NOW + timedelta(days=6)))
    assert list(BackupRun.objects.filter(kind="drill").values_list("state", "started_at")) == [
        ("done", NOW + timedelta(hours=3))
    ]
    settings.BACKUP_KEY = ["age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqs3290gq"]
    backups.drill(None, context(NOW + timedelta(days=8)))
    assert BackupRun.objects.filter(kind="drill").count() == 1
    settings.BACKUP_KEY = []
    backups.drill(None, context(NOW + timedelta(days=8)))
    assert BackupRun.objects.filter(kind="drill", state="done").count() == 2


def test_the_commands_tell_what_they_proved(committed, configured):
    out = StringIO()
    call_command("backup", stdout=out)
    call_command("verify_backup", stdout=out)
    call_command("backup_drill", stdout=out)

    name = BackupRun.objects.get(kind="backup").name
    made, intact, equal = out.getvalue().splitlines()
    assert made.startswith(f"backup {name}: ") and "tables" in made
    assert intact.startswith(f"backup {name} is intact: ")
    assert equal.startswith(f"backup {name} is equal row for row: ")
    assert "at most 0 min would be lost" in equal


def test_restoring_over_the_shop_is_refused(committed, configured):
    call_command("backup", stdout=StringIO())

    with pytest.raises(CommandError, match="never over it"):
        call_command("restore_backup", into=connection.settings_dict["NAME"])
    with pytest.raises(CommandError, match="no backup called"):
        call_command("restore_backup", "../../etc")


def test_a_database_that_is_away_when_a_run_begins_is_told(monkeypatch):
    def away(**_kwargs):
        raise running.OperationalError("connection refused\n\tIs the server running on that host?")

    monkeypatch.setattr(running.records, "begin", away)
    with pytest.raises(DatabaseAway, match="does not answer: connection refused$"):
        running._begin("backup", NOW)


def test_rows_follow_what_is_stored(committed, configured):
    backups.make(None, context())
    BackupRun.objects.all().delete()  # as after a restore of an older state
    removed = run(now=NOW, age=timedelta(days=1))

    backups.check(None, context())

    removed.refresh_from_db()
    assert removed.gone_at == NOW
    found = BackupRun.objects.get(gone_at=None)
    assert (found.name, found.taken_at) == ("20261124T170000Z", NOW)
    assert found.tables > 100


@pytest.mark.parametrize(
    ("hours", "sizes", "alarms"),
    [
        (25, (1000, 1000), ["drill"]),
        (27, (1000, 1000), ["older than", "drill"]),
        (3, (799, 1000), ["smaller", "drill"]),
        (3, (800, 1000), ["drill"]),
    ],
)
def test_what_is_wrong_is_an_error_in_the_log(db, configured, monkeypatch, caplog, hours, sizes, alarms):
    monkeypatch.setattr(running.records, "follow", lambda **_kwargs: None)
    run(now=NOW, age=timedelta(hours=hours), size=sizes[0])
    run(now=NOW, age=timedelta(hours=hours + 24), size=sizes[1])

    backups.check(None, context())

    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == len(alarms)
    assert all(word in error for word, error in zip(alarms, errors, strict=True))


@pytest.mark.parametrize(("hours", "word"), [(25, "ok"), (27, "late"), (None, "late")])
def test_health_says_so_and_takes_no_page_away(db, client, configured, monkeypatch, hours, word):
    monkeypatch.setattr(workers_health, "ping_broker", lambda: None)
    monkeypatch.setattr(workers_health, "lag", lambda: GOOD)
    if hours:
        run(age=timedelta(hours=hours))
    run(age=timedelta(hours=1), state="failed")
    run(age=timedelta(hours=1), gone_at=timezone.now())

    answer = client.get("/health/")

    assert answer.status_code == 200
    assert answer.json()["backup"] == word
    assert answer.json()["status"] == ("ok" if word == "ok" else "degraded")


def test_metrics_tell_the_ages(db, monkeypatch):
    monkeypatch.setattr(workers_health, "windows", lambda: None)
    assert ("maru_backup_age_seconds",) not in samples()
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        now = cursor.fetchone()[0]
    run(now=now, age=timedelta(hours=2))
    run("drill", now=now, age=timedelta(days=2))

    found = samples()

    assert found["maru_backup_age_seconds",] == 7200
    assert found["maru_backup_drill_age_seconds",] == 172_800


@pytest.fixture
def operator(db, client):
    user = desk.person("operator@maru.example", group="Operators", first_name="이하나")
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = "en"
    profile.save()
    client.force_login(user)
    return client


def test_the_page_lists_what_is_kept_and_what_failed(operator, configured):
    run(name="20261124T170000Z", rows=12_345, encrypted=True)
    run("drill", seconds=4.2)
    run(age=timedelta(hours=30), state="failed", name="", error="There is no room left in /backups")

    page = operator.get("/admin/backups/").content.decode()

    assert "20261124T170000Z" in page and "12,345" in page and "encrypted" in page
    assert "restored in 4.2 s" in page
    assert "There is no room left in /backups" in page
    assert 'role="alert"' not in page


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ([], "There is no backup yet."),
        ([27], "The newest backup is 27 h old"),
        ([3], "No backup was restored on trial within eight days."),
    ],
)
def test_the_page_warns(operator, configured, made, words):
    for hours in made:
        run(age=timedelta(hours=hours))

    page = operator.get("/admin/backups/").content.decode()

    assert 'role="alert"' in page and words in page


def test_a_late_backup_stands_on_the_first_page_too(operator, configured):
    assert "The newest backup is too old." in operator.get("/admin/").content.decode()
    run()
    assert "The newest backup is too old." not in operator.get("/admin/").content.decode()


def test_whoever_does_not_operate_the_shop_sees_neither_page_nor_entry(db, client):
    client.force_login(desk.person("editor@maru.example", group="Editors"))

    assert client.get("/admin/backups/").status_code == 403
    assert "/admin/backups/" not in client.get("/admin/").content.decode()
