"""Returns and exchanges at the desk: from the request to exact won, and who may look at photos."""

import io
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from commerce.claims import photos
from commerce.claims.models import Claim
from commerce.claims.states import Kind, Reason
from commerce.payments.models import Refund
from commerce.tests.factories import shelf
from commerce.tests.test_claims import ARRIVED, CJ, DAY, ask, back, delivered, everything
from commerce.tests.test_exchanges import swap, two_cups


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: ARRIVED + 3 * DAY)


def photo() -> photos.Photo:
    target = io.BytesIO()
    Image.new("RGB", (20, 20)).save(target, "JPEG")
    return photos.clean(size=1, content=target)


def act(claim: Claim, slug: str) -> str:
    return reverse("claims:act", args=[claim.pk, slug])


def outcome(claim: Claim, **more: Any) -> dict[str, Any]:
    line = claim.order.lines.get().pk
    return {f"outcome-{line}": "ok", f"restock-{line}": "on"} | more


def test_a_return_goes_from_request_to_money(staff):
    order = delivered()
    claim = ask(order, units=2)

    assert order.number in staff.get(reverse("claims:index")).content.decode()
    staff.post(act(claim, "approve"), {"reply": "보내 주세요."})
    staff.post(act(claim, "receive"))
    shown = staff.post(act(claim, "settle"), outcome(claim))
    assert (shown.context["amount"], Refund.objects.count()) == ("45,000원", 0)
    staff.post(act(claim, "settle"), outcome(claim, confirm="1", expected="45000"))

    claim.refresh_from_db()
    assert (claim.state, claim.reply, claim.refund.amount, claim.refund.fee) == (
        "settled",
        "보내 주세요.",
        45_000,
        3_000,
    )
    assert shelf() == (5, 0)
    assert order.timeline.get(kind="claim_settled").actor.startswith("user:")
    page = staff.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    assert reverse("claims:inspect", args=[claim.pk]) in page


def test_an_exchange_that_came_back_is_told_of_its_replacement(staff):
    placed = two_cups()
    returned, exchanged = ask(placed), swap(placed)
    for claim in (returned, exchanged):
        staff.post(act(claim, "approve"))

    questions = [str(staff.get(act(one, "receive")).context["question"]) for one in (returned, exchanged)]

    assert questions[0] != questions[1]
    assert "기한이 시작됩니다. 3영업일 안에 환불해야 합니다." in questions[0]


def test_another_sum_than_was_shown_is_not_paid(staff):
    claim = back(ask(delivered()))
    before = everything()

    staff.post(act(claim, "settle"), outcome(claim, confirm="1", expected="1"))

    assert everything() == before


def test_the_clock_counts_business_days(staff):
    claim = back(ask(delivered()))  # Friday the 27th; the next days are a weekend

    page = staff.get(reverse("claims:inspect", args=[claim.pk]))
    overdue = staff.get(reverse("claims:index"), {"clock": "overdue"})

    assert "2026-12-02" in page.context["clock"]
    assert "3" in page.context["clock"]
    assert claim.order.number not in overdue.content.decode()


def test_a_replacement_is_sent(staff):
    claim = back(ask(delivered(), kind=Kind.EXCHANGE, reason=Reason.DEFECTIVE))

    wrong = staff.post(
        act(claim, "settle"), outcome(claim, how="replacement", courier="cj", tracking_number="12")
    )
    assert wrong.status_code == 422
    staff.post(act(claim, "settle"), outcome(claim, how="replacement", courier="cj", tracking_number=CJ))

    claim.refresh_from_db()
    assert (claim.state, claim.parcel_number, shelf()) == ("settled", CJ, (2, 0))


def test_another_option_leaves_only_when_somebody_says_how_both_ways_were_paid(staff):
    claim = back(swap(two_cups()))
    parcel = outcome(claim, how="replacement", courier="cj", tracking_number=CJ)
    before = everything()

    asked = staff.get(act(claim, "settle")).content.decode()
    silent = staff.post(act(claim, "settle"), parcel)
    assert "6,000" in asked
    assert (silent.status_code, list(silent.context["form"].errors)) == (422, ["fee_paid"])
    assert silent.context["form"]["tracking_number"].value() == CJ
    assert everything() == before
    staff.post(act(claim, "settle"), parcel | {"fee_paid": "enclosed"})

    claim.refresh_from_db()
    assert (claim.state, claim.fee_paid, shelf("CUP"), shelf("POT")) == (
        "settled",
        "enclosed",
        (4, 0),
        (4, 0),
    )
    page = staff.get(reverse("orders:inspect", args=[claim.order_id])).content.decode()
    assert CJ in page
    assert reverse("orders:take-back", args=[claim.order_id, claim.shipment_id]) not in page


def test_refused_goods_are_sent_back_once(staff):
    claim = back(ask(delivered()))
    staff.post(act(claim, "reject"), {"reply": "사용 흔적이 있습니다."})
    assert act(claim, "send-back") in staff.get(reverse("claims:inspect", args=[claim.pk])).content.decode()
    before = everything()

    wrong = staff.post(act(claim, "send-back"), {"courier": "cj", "tracking_number": "12"})
    assert (wrong.status_code, everything()) == (422, before)
    for _ in range(2):
        staff.post(act(claim, "send-back"), {"courier": "cj", "tracking_number": CJ})

    claim.refresh_from_db()
    assert (claim.parcel_number, claim.order.open_claims) == (CJ, 0)
    assert claim.order.shipments.filter(purpose="back").count() == 1


def test_a_refusal_wants_a_reply(staff):
    claim = ask(delivered())
    before = everything()

    assert staff.post(act(claim, "reject"), {"reply": ""}).status_code == 422
    assert everything() == before
    staff.post(act(claim, "reject"), {"reply": "사용 흔적이 있습니다."})
    claim.refresh_from_db()
    assert claim.state == "rejected"


def test_an_act_that_is_not_next_changes_nothing(staff):
    claim = ask(delivered())
    before = everything()

    for slug in ("receive", "settle"):
        assert staff.post(act(claim, slug), outcome(claim)).status_code == 302
    assert staff.post(act(claim, "explode")).status_code == 404
    assert everything() == before


def test_photos_are_for_those_who_see_orders(staff, client):
    claim = ask(delivered(), pictures=[photo()])
    address = reverse("claims:photo", args=[claim.pk, claim.photos.get().pk])

    answer = staff.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in answer["Cache-Control"]
    assert staff.get(reverse("claims:photo", args=[claim.pk + 1, claim.photos.get().pk])).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_editors_and_strangers_see_and_do_nothing(sign_in, cups):
    claim = ask(delivered(), pictures=[photo()])
    before = everything()
    editor = sign_in("editor@maru.example", group="Editors")

    for address in (
        reverse("claims:index"),
        reverse("claims:inspect", args=[claim.pk]),
        reverse("claims:photo", args=[claim.pk, claim.photos.get().pk]),
        act(claim, "approve"),
    ):
        assert editor.get(address).status_code in (302, 403)
    editor.post(act(claim, "approve"), {"reply": ""})
    assert everything() == before
