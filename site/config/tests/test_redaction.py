"""What logs and reports of faults may not say, and what they must still say."""

import pytest

from config.redaction import scrub, scrubbed


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mail to hana.kim+shop@example.co.kr failed", "mail to [email] failed"),
        ("call 010-1234-5678 or 01012345678", "call [phone] or [phone]"),
        ("call +82 10-1234-5678, +821012345678", "call [phone], [phone]"),
        ("the shop: 02-123-4567, 031-123-4567, 070.1234.5678", "the shop: [phone], [phone], [phone]"),
        ("card 4111 1111 1111 1111, 4111111111111111", "card [card], [card]"),
        ("Authorization: PortOne 0123456789abcdef", "Authorization: [secret] [secret]"),
        ("sent Bearer abc.def-ghi_jkl", "sent Bearer [secret]"),
        ("key whsec_cG9ydG9uZQ== refused", "key [secret] refused"),
        ("redis://:hunter2@cache.example:6379/0", "redis://[secret]@cache.example:6379/0"),
        ("postgres://shop:hunter2@db/shop", "postgres://[secret]@db/shop"),
        ("https://0123456789abcdef@o1.ingest.example/7", "https://[secret]@o1.ingest.example/7"),
        ("https://hooks.slack.com/services/T0/B0/xyz", "https://hooks.slack.com/[secret]"),
        ("PORTONE_API_SECRET=hunter2hunter2", "PORTONE_API_SECRET=[secret]"),
        ('{"password": "hunter2", "n": 1}', '{"password": "[secret]", "n": 1}'),
        ("GET /en/orders/Zk3_x-9aQ2LmN0pRs7Tu/claims/", "GET /en/orders/[token]/claims/"),
        (
            "GET /accounts/kakao/login/callback/?code=Zm9vYmFy&state=c3RhdGU HTTP/1.1",
            "GET /accounts/kakao/login/callback/?[secret] HTTP/1.1",
        ),
        ("GET /admin/password_reset/confirm/MQ/c5s-abc/", "GET /admin/password_reset/confirm/[token]/"),
        (
            'null value in "name"\nDETAIL:  Failing row contains (7, 김하나, 효자로 12 (3층), x).\nCONTEXT: 1',
            'null value in "name"\nDETAIL:  Failing row contains ([row]).\nCONTEXT: 1',
        ),
        (
            "duplicate key\nDETAIL:  Key (lower(name::text), shop)=(김하나, 1) already exists.",
            "duplicate key\nDETAIL:  Key (lower(name::text), shop)=([row]) already exists.",
        ),
    ],
)
def test_what_is_personal_or_secret_is_replaced(said: str, kept: str) -> None:
    assert scrub(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "order 20261124-0000001 of 2026-11-24T09:30:00.123Z: 51,000 won",
        "payment 4bf92f35-77b3-4da6-a3ce-929d0e0e4736 differs and cannot be settled",
        "id 20261124010123456789 and 1234567890123456",  # long, and no card's: the check digit is wrong
        "GET /orders/lookup/ 200",
        "10.0.0.5:8000 answered within 0.3 seconds",
        "the token of a delivery was taken over",
        "sku CUP-WHITE-01, 3 of 10",
    ],
)
def test_what_an_operator_needs_stays(said: str) -> None:
    assert scrub(said) == said


def test_structures_are_scrubbed_all_the_way_down() -> None:
    said = {"values": [{"value": "no hana@example.com"}], "Cookie": "a=b", "count": 3, "api_key": ""}

    assert scrubbed(said) == {
        "values": [{"value": "no [email]"}],
        "Cookie": "[secret]",
        "count": 3,
        "api_key": "",
    }
