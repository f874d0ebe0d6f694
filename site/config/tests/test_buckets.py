"""Media in a bucket, over HTTP against a local S3: what editors upload, and what shoppers send."""

import re
from collections.abc import Iterator
from io import BytesIO

import boto3
import httpx
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from moto.server import ThreadedMotoServer
from PIL import Image

from cms.models.media import ShopImage
from commerce.claims import photos
from commerce.customers.models import User
from config import buckets
from config.env import ROOT

KEYS = {"access_key": "maru-test", "secret_key": "nobody-knows", "region": "ap-northeast-2"}

DOCUMENTED = re.findall(r"```json\n(.+?)```", (ROOT / "docs" / "scaling.md").read_text(), re.DOTALL)[0]


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def s3(s3_server, settings):
    """Two empty buckets, and a shop that keeps its media there."""
    client = boto3.client(
        "s3",
        endpoint_url=s3_server,
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
        region_name=KEYS["region"],
    )
    for name in ("maru-media", "maru-private"):
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": KEYS["region"]})
    client.put_bucket_policy(Bucket="maru-media", Policy=DOCUMENTED.replace("BUCKET", "maru-media"))
    settings.STORAGES = {
        **settings.STORAGES,
        **buckets.storages(bucket="maru-media", private="maru-private", endpoint=s3_server, **KEYS),
    }
    yield client
    for name in ("maru-media", "maru-private"):
        for item in names(client, name):
            client.delete_object(Bucket=name, Key=item)
        client.delete_bucket(Bucket=name)


def names(client, bucket: str) -> list[str]:
    return [item["Key"] for item in client.list_objects_v2(Bucket=bucket).get("Contents", [])]


def jpeg(colour: str = "red") -> bytes:
    kept = BytesIO()
    Image.new("RGB", (600, 400), colour).save(kept, "JPEG")
    return kept.getvalue()


@pytest.fixture
def editor(db, client):
    client.force_login(User.objects.create_superuser(email="admin@maru.example", password="maru-admin-1"))
    return client


def upload(client, content: bytes, *, title: str = "Mug") -> ShopImage:
    answer = client.post(
        "/admin/images/add/",
        {"title": title, "file": SimpleUploadedFile("mug.jpg", content, "image/jpeg"), "collection": 1},
    )
    assert answer.status_code == 302, answer.content[:2000]
    return ShopImage.objects.get(title=title)


def test_a_picture_that_an_editor_uploads_is_read_by_its_address_until_it_is_deleted(
    s3, editor, django_capture_on_commit_callbacks
):
    image = upload(editor, jpeg())
    rendition = image.get_rendition("width-360|format-webp")

    assert image.file.url.split("?") == [image.file.url]  # stable: the catalog keeps it
    found = httpx.get(image.file.url)
    assert (found.status_code, found.content) == (200, jpeg())
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    small = httpx.get(rendition.url)
    assert small.status_code == 200
    assert Image.open(BytesIO(small.content)).size == (360, 240)
    assert all(name.startswith("media/") for name in names(s3, "maru-media"))

    with django_capture_on_commit_callbacks(execute=True):
        editor.post(f"/admin/images/{image.pk}/delete/")

    assert not ShopImage.objects.exists()
    assert names(s3, "maru-media") == []
    assert httpx.get(image.file.url).status_code in (
        403,
        404,
    )  # S3 tells strangers which only to those who may list


def test_the_same_file_name_never_replaces_another_s_picture(s3, editor):
    first, second = upload(editor, jpeg(), title="One"), upload(editor, jpeg("blue"), title="Two")

    assert first.file.name != second.file.name
    assert httpx.get(first.file.url).content == jpeg()
    assert httpx.get(second.file.url).content == jpeg("blue")


def test_photos_of_returns_lie_apart_and_without_a_public_address(s3):
    name = photos.keep(photo=photos.clean(size=len(jpeg()), content=BytesIO(jpeg())))

    assert names(s3, "maru-media") == []
    assert names(s3, "maru-private") == [f"private/{name}"]
    assert photos.read(name=name).read()[:2] == b"\xff\xd8"
    address = storages["private"].url(name)
    assert httpx.get(address.split("?")[0]).status_code == 403
    assert "X-Amz-Signature=" in address and "X-Amz-Expires=60" in address
    photos.forget(names=[name])
    assert names(s3, "maru-private") == []
    with pytest.raises(FileNotFoundError):
        photos.read(name=name)


def test_in_one_bucket_photos_and_documents_are_closed_and_pictures_open(s3, settings, s3_server):
    settings.STORAGES = {
        **settings.STORAGES,
        **buckets.storages(bucket="maru-media", endpoint=s3_server, **KEYS),
    }
    storages["private"].save("claims/photo.jpg", ContentFile(b"photo"))
    for name in ("documents/list.pdf", "original_images/mug.jpg"):
        storages["default"].save(name, ContentFile(b"file"))

    answers = {
        name: httpx.get(f"{s3_server}/maru-media/{name}").status_code for name in names(s3, "maru-media")
    }

    assert answers == {
        "media/documents/list.pdf": 403,
        "media/original_images/mug.jpg": 200,
        "private/claims/photo.jpg": 403,
    }


def test_without_a_second_bucket_private_files_have_a_folder_of_their_own():
    made = buckets.storages(bucket="shop", **KEYS)

    assert [made[name]["OPTIONS"]["bucket_name"] for name in ("default", "private")] == ["shop", "shop"]
    assert [made[name]["OPTIONS"]["location"] for name in ("default", "private")] == ["media", "private"]


@pytest.mark.parametrize(
    ("said", "origin"),
    [
        ({}, "https://shop.s3.amazonaws.com"),
        ({"region": "ap-northeast-2"}, "https://shop.s3.ap-northeast-2.amazonaws.com"),
        ({"endpoint": "https://fly.storage.tigris.dev/x"}, "https://fly.storage.tigris.dev"),
        ({"endpoint": "https://s3.example", "domain": "cdn.shop.example"}, "https://cdn.shop.example"),
    ],
)
def test_browsers_may_fetch_pictures_from_the_bucket_and_from_nowhere_else(said, origin):
    assert buckets.origin(bucket="shop", **said) == origin


def test_addresses_stand_where_the_policy_allows_them(s3, settings, s3_server):
    storages["default"].save("mug.jpg", ContentFile(b"mug"))

    address = storages["default"].url("mug.jpg")

    assert address.startswith(buckets.origin(bucket="maru-media", endpoint=s3_server) + "/")
    aws = buckets.storages(bucket="shop", **KEYS)
    settings.STORAGES = {**settings.STORAGES, **aws}
    assert (
        storages["default"]
        .url("mug.jpg")
        .startswith(buckets.origin(bucket="shop", region=KEYS["region"]) + "/media/")
    )


@pytest.mark.django_db
def test_both_policies_name_the_origin(client, settings):
    settings.MEDIA_ORIGIN = "https://cdn.shop.example"

    admin = client.get("/admin/login/").headers["Content-Security-Policy"]

    assert "img-src 'self' data: blob: https://cdn.shop.example" in admin
