"""A shopper asks for a return on her order's page, with photos that are kept without what hides in them."""

import io
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from commerce.checkout.settling import settle_payment
from commerce.claims import photos
from commerce.claims.models import Claim, ClaimPhoto
from commerce.claims.photos import BadPhoto
from commerce.orders.models import Order
from commerce.payments.states import PaymentState, RefundState
from commerce.tests.factories import NOW, cart, place, product
from commerce.tests.fakes import FakeGateway
from commerce.tests.people import customer
from commerce.tests.refunding import pay
from commerce.tests.shopping import text
from commerce.tests.test_claims import ARRIVED, DAY, arrive, ask, back, delivered, everything, settle
from commerce.tests.wallets import ticket

pytestmark = pytest.mark.django_db
KEY = "0b1f4a1e-7d5c-4e0c-9d6b-0d2b6b1f6a02"
TODAY = ARRIVED + DAY


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: TODAY)


def page(order: Order) -> str:
    return f"/en/orders/{order.token}/claims/"


def typed(order: Order, *, units: Any = 1, **changes: Any) -> dict[str, Any]:
    line = order.lines.get().pk
    return {
        "key": KEY,
        f"line-{line}": units,
        "kind": "return",
        "reason": "defective",
        "text": "금이 갔어요.",
    } | changes


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(target, kind, **more)
    return target.getvalue()


def upload(content: bytes, name: str = "a.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def test_a_return_is_asked_for_on_the_orders_page(client: Client) -> None:
    order = delivered()

    assert f'href="{page(order)}"' in client.get(f"/en/orders/{order.token}/").content.decode()
    assert "without a reason until" in text(client.get(page(order)))
    answer = client.post(page(order), typed(order, pictures=[upload(picture()), upload(picture("PNG"))]))

    claim = Claim.objects.get()
    assert answer["Location"] == f"/en/orders/{order.token}/"
    assert (claim.kind, claim.reason, claim.text, claim.shopper_pays) == (
        "return",
        "defective",
        "금이 갔어요.",
        False,
    )
    assert claim.photos.count() == 2
    assert order.timeline.get(kind="claim_requested").actor == "shopper"
    assert "Return · Requested" in text(client.get(f"/en/orders/{order.token}/"))


def test_the_button_pressed_twice_is_one_claim(client: Client) -> None:
    order = delivered()

    client.post(page(order), typed(order, units=2))
    answer = client.post(page(order), typed(order, units=2))

    assert answer.status_code == 302
    assert Claim.objects.count() == 1


def test_what_was_typed_stays_when_something_is_wrong(client: Client) -> None:
    order = delivered()
    before = everything()

    answer = client.post(page(order), typed(order, reason="", text="모서리가 <b>깨짐</b>"))

    assert (answer.status_code, everything()) == (422, before)
    assert "모서리가 &lt;b&gt;깨짐&lt;/b&gt;" in answer.content.decode()
    assert list(answer.context["form"].errors) == ["reason"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"units": 0}, "line"),
        ({"units": 3}, "line"),
        ({"units": -1}, "line"),
        ({"reason": "hate"}, "reason"),
        ({"kind": "gift"}, "kind"),
        ({"kind": "exchange", "reason": "changed_mind"}, "kind"),
        ({"text": "가" * 1001}, "text"),
    ],
)
def test_odd_entries_are_told_and_change_nothing(client: Client, changes: dict[str, Any], field: str) -> None:
    order = delivered()
    before = everything()

    answer = client.post(page(order), typed(order, **changes))

    assert (answer.status_code, everything()) == (422, before)
    assert [name.split("-")[0] for name in answer.context["form"].errors] == [field]


def test_too_late_is_said_in_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    order = delivered()
    monkeypatch.setattr(timezone, "now", lambda: ARRIVED + timedelta(days=9))
    before = everything()

    answer = client.post(page(order), typed(order, reason="changed_mind"))

    assert (answer.status_code, everything()) == (422, before)
    assert "seven days from delivery for a change of mind" in text(answer)


def test_a_claim_can_be_withdrawn_until_the_parcel_is_back(client: Client) -> None:
    order = delivered()
    claim, other = ask(order), ask(order)
    address = f"{page(order)}{claim.pk}/withdraw/"

    assert "You keep the goods" in text(client.get(address))
    client.post(address)
    back(other)
    client.post(f"{page(order)}{other.pk}/withdraw/")

    claim.refresh_from_db()
    other.refresh_from_db()
    assert (claim.state, other.state) == ("withdrawn", "received")


def test_a_foreign_claim_is_not_withdrawn(client: Client) -> None:
    order = delivered()
    claim = ask(order)
    stranger = place(cart(("CUP", 1)), total=27_000)

    assert client.post(f"/en/orders/{stranger.token}/claims/{claim.pk}/withdraw/").status_code == 302
    assert client.post(f"/en/orders/unknown/claims/{claim.pk}/withdraw/").status_code == 404

    claim.refresh_from_db()
    assert claim.state == "requested"


def test_the_order_says_when_the_money_follows(client: Client) -> None:
    order = delivered()
    claim = back(ask(order))

    assert "Your money follows by" in text(client.get(f"/en/orders/{order.token}/"))
    settle(claim)
    assert "Return · Settled" in text(client.get(f"/en/orders/{order.token}/"))


def test_the_order_says_when_the_money_was_given_back(client: Client) -> None:
    order = delivered()
    refund = settle(back(ask(order)))
    address = f"/en/orders/{order.token}/"
    assert "Your money is on its way." in text(client.get(address))

    gateway = FakeGateway()
    gateway.says(order, PaymentState.PAID)
    assert pay(refund, gateway, now=TODAY) == RefundState.SUCCEEDED

    said = text(client.get(address))
    assert "Your money was given back." in said
    assert "Your money is on its way." not in said


GPS = 0x8825


def test_where_a_photo_was_taken_is_not_kept(client: Client) -> None:
    exif = Image.Exif()
    exif.get_ifd(GPS)[2] = (37.0, 34.0, 12.0)
    exif[0x010E] = "secret description"
    sent = picture(exif=exif, comment=b"secret comment")
    assert GPS in Image.open(io.BytesIO(sent)).getexif()
    order = delivered()

    client.post(page(order), typed(order, pictures=[upload(sent, "../../../etc/passwd.jpg")]))

    photo = ClaimPhoto.objects.get()
    kept = storages["private"].open(photo.name).read()
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
    assert b"secret" not in kept
    assert photo.name.startswith("claims/")
    assert "passwd" not in photo.name and ".." not in photo.name
    assert client.get(f"/media/{photo.name}").status_code == 404


def test_a_script_behind_a_picture_is_not_kept() -> None:
    sent = picture() + b"<script>alert(1)</script><?php system('id'); ?>"

    kept = photos.clean(size=len(sent), content=io.BytesIO(sent)).content

    assert b"script" not in kept and b"php" not in kept


def test_a_photo_is_made_no_larger_than_needed_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    sent = picture(size=(3_000, 1_500), exif=exif)

    kept = photos.clean(size=len(sent), content=io.BytesIO(sent))

    assert (kept.width, kept.height) == (1_000, 2_000)


def bomb() -> bytes:
    """Return a small PNG that says it has 900 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    size = (30_000).to_bytes(4)
    header = chunk(b"IHDR", size + size + b"\x08\x02\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "kind"),
        (b"GIF89a" + b"\x00" * 40, "kind"),
        (b"%PDF-1.4", "kind"),
        (b"", "kind"),
        (picture("GIF"), "kind"),
        (picture("TIFF"), "kind"),
        (picture()[:300], "kind"),
        (bomb(), "pixels"),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(BadPhoto) as bad:
        photos.clean(size=len(content), content=io.BytesIO(content))

    assert bad.value.why == why


@pytest.mark.parametrize(
    "files",
    [
        [upload(b"<svg/>", "a.jpg")],
        [upload(picture() + b"\x00" * photos.BYTES)],
        [upload(picture()) for _ in range(6)],
    ],
)
def test_bad_photos_are_told_and_nothing_is_kept(client: Client, files: list[Any]) -> None:
    order = delivered()
    before = everything()

    answer = client.post(page(order), typed(order, pictures=files))

    assert (answer.status_code, everything()) == (422, before)
    assert list(answer.context["form"].errors) == ["pictures"]


def test_a_failure_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    order = delivered()
    kept: list[str] = []
    keep = photos.keep

    def once(*, photo: photos.Photo) -> str:
        if kept:
            raise OSError("disk full")
        kept.append(keep(photo=photo))
        return kept[-1]

    monkeypatch.setattr(photos, "keep", once)
    photo = photos.clean(size=1, content=io.BytesIO(picture()))

    with pytest.raises(OSError, match="disk full"):
        ask(order, pictures=[photo, photo])

    assert not storages["private"].exists(kept[0])
    assert not Claim.objects.exists()


def test_who_used_a_coupon_reads_that_it_stays_used(client: Client) -> None:
    user = customer()
    product()
    placed = place(cart(("CUP", 2)), total=46_000, customer_id=user.pk, coupon=ticket(user).pk)
    gateway = FakeGateway()
    gateway.says(placed, PaymentState.PAID)
    settle_payment(payment_id=placed.payment.payment_id, gateway=gateway, now=NOW)
    arrive(placed, 2, at=ARRIVED)
    plain = delivered()

    assert "the coupon stays used" in text(client.get(page(placed)))
    assert "coupon" not in text(client.get(page(plain)))
