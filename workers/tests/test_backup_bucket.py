"""Backups in a bucket, over HTTP against a local S3."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from moto.server import ThreadedMotoServer

from workers.backup import drills, keeping, making, media, programs, restoring
from workers.backup import manifest as manifests
from workers.backup.refusals import Corrupted, DestinationAway, Unknown
from workers.backup.stores import store
from workers.tests.test_backup import NOW, keys, options, pictures, sealed, server, shop  # noqa: F401 - fixtures

KEYS = {"aws_access_key_id": "maru", "aws_secret_access_key": "nobody-knows", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    yield "http://{}:{}".format(*running.get_host_and_port())
    running.stop()


@pytest.fixture
def bucket(address):
    client = boto3.client("s3", endpoint_url=address, **KEYS)
    client.create_bucket(Bucket="maru-backup")
    yield client
    for item in client.list_objects_v2(Bucket="maru-backup").get("Contents", []):
        client.delete_object(Bucket="maru-backup", Key=item["Key"])
    client.delete_bucket(Bucket="maru-backup")


@pytest.fixture
def remote(sealed, address, tmp_path):  # noqa: F811
    (tmp_path / "spool").mkdir()
    return replace(
        sealed,
        url="s3://maru-backup/shop",
        spool=str(tmp_path / "spool"),
        bucket={**KEYS, "endpoint_url": address},
    )


def test_a_backup_in_a_bucket_comes_back_and_goes_when_its_time_is_over(bucket, remote, pictures, tmp_path):  # noqa: F811
    old = making.make(options=remote, storages=pictures, now=NOW - timedelta(days=300))
    made = making.make(options=remote, storages=pictures, now=NOW)
    where = store(remote)

    proof = drills.drill(store=where, options=remote, now=NOW)
    gone = keeping.forget(store=where, options=remote, now=NOW)

    assert (proof.rows, proof.files) == (1000, 3)
    assert gone == [old.name]
    found = {item["Key"] for item in bucket.list_objects_v2(Bucket="maru-backup")["Contents"]}
    assert {key for key in found if "/backups/" in key} == {
        f"shop/backups/{made.name}/{part}" for part in ("database.dump.age", "manifest.json", "media.json.gz")
    }
    assert len([key for key in found if "/media/" in key]) == 2
    assert list((tmp_path / "spool").iterdir()) == []
    pictures["private"].delete("claims/photo.jpg")
    assert media.restore(store=where, manifest=made, options=remote, storages=pictures) == (1, 2)


def test_a_damaged_object_is_refused(bucket, remote, pictures):  # noqa: F811
    made = making.make(options=remote, storages=pictures, now=NOW)
    bucket.put_object(Bucket="maru-backup", Key=f"shop/{made.dump.name}", Body=b"damaged")

    with pytest.raises(Corrupted), restoring.opened(store=store(remote), manifest=made, options=remote):
        pass


def test_a_bucket_that_is_not_there_is_named(address, remote, pictures):  # noqa: F811
    with pytest.raises(DestinationAway, match="s3://maru-backup/shop/.*NoSuchBucket"):
        making.make(options=remote, storages=pictures, now=NOW)
    with pytest.raises(DestinationAway, match="cannot be reached"):
        nowhere = replace(remote, bucket={**KEYS, "endpoint_url": "http://127.0.0.1:9"})
        manifests.names(store=store(nowhere))


def test_an_empty_bucket_has_no_backup(bucket, remote):
    with pytest.raises(Unknown, match="no backup yet"):
        manifests.read(store=store(remote))


def test_nothing_of_the_shop_s_rows_stands_in_the_bucket(bucket, remote, pictures):  # noqa: F811
    made = making.make(options=remote, storages=pictures, now=NOW)

    with closing(programs.connect(remote.database)) as opened:
        words = [row[0].encode() for row in opened.execute("SELECT note FROM sale LIMIT 50")]
    content = bucket.get_object(Bucket="maru-backup", Key=f"shop/{made.dump.name}")["Body"].read()
    assert [word for word in words if word in content] == []
