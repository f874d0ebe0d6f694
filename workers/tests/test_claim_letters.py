"""The mails about returns and exchanges: where to send, until when, what comes back."""

from typing import Any

import pytest

from commerce.claims import selectors, services, settling
from commerce.claims.models import Claim
from commerce.claims.states import Kind, Reason
from commerce.tests.test_claims import ARRIVED, CJ, DAY, ask, back, delivered, settle
from workers import claim_letters, mail
from workers.letters import Letter

pytestmark = pytest.mark.django_db


def claim_of(**changes: Any) -> Claim:
    return ask(delivered(language="en"), **changes)


def both(letter: Letter) -> tuple[str, str]:
    """Return the plain and the HTML text."""
    message = mail.compose(letter=letter, message_id="<1@maru.example>")
    return str(message.body), str(message.alternatives[0][0])


def fresh(claim: Claim) -> Claim:
    return selectors.by_id(claim_id=claim.pk)


def test_an_approval_says_until_when_and_who_pays() -> None:
    claim = claim_of()
    services.approve(claim_id=claim.pk, reply="Please wrap it well.", now=ARRIVED + DAY)

    letter = claim_letters.approved(claim=fresh(claim))

    assert "You can send your return" in letter.subject
    for text in both(letter):
        assert "Dec. 10, 2026" in text
        assert "Please wrap it well." in text
        assert "you pay the way back" in text
        assert "× 1" in text


def test_faulty_goods_come_back_at_our_cost() -> None:
    claim = claim_of(reason=Reason.DEFECTIVE)
    services.approve(claim_id=claim.pk, reply="", now=ARRIVED + DAY)

    for text in both(claim_letters.approved(claim=fresh(claim))):
        assert "We pay the way back" in text


def test_a_refusal_says_why_and_escapes_it() -> None:
    claim = claim_of()
    services.reject(claim_id=claim.pk, reply="It was <b>worn</b>.", now=ARRIVED + DAY)

    plain, html = both(claim_letters.rejected(claim=fresh(claim)))

    assert "It was <b>worn</b>." in plain
    assert "It was &lt;b&gt;worn&lt;/b&gt;." in html


def test_the_arrival_says_when_the_money_follows() -> None:
    claim = back(claim_of())  # on Friday the 27th: three business days

    for text in both(claim_letters.received(claim=fresh(claim))):
        assert "Dec. 2, 2026" in text


def test_the_end_says_the_sum_and_its_parts() -> None:
    claim = back(claim_of(units=2))
    settle(claim)

    for text in both(claim_letters.settled(claim=fresh(claim))):
        assert "₩45,000" in text
        assert "-₩3,000" in text


def test_a_replacement_can_be_followed() -> None:
    claim = back(claim_of(kind=Kind.EXCHANGE, reason=Reason.DEFECTIVE))
    settling.settle_with_replacement(
        claim_id=claim.pk, found={}, courier="cj", tracking_number=CJ, now=ARRIVED + 3 * DAY
    )

    letter = claim_letters.settled(claim=fresh(claim))

    assert "Your replacement is on its way" in letter.subject
    for text in both(letter):
        assert CJ in text
        assert "cjlogistics" in text


def test_a_korean_order_gets_korean_dates() -> None:
    claim = ask(delivered())
    services.approve(claim_id=claim.pk, reply="", now=ARRIVED + DAY)

    for text in both(claim_letters.approved(claim=fresh(claim))):
        assert "2026년 12월 10일" in text
