"""What merchants read is what the shop does: every event, every field, and verification code that runs."""

import re
import time
from pathlib import Path

import pytest

from workers.webhooks import catalogue, signing

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "webhooks.md").read_text()


def sections() -> dict[str, str]:
    parts = re.split(r"^### (\S+)$", TEXT, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_public_event_is_documented_with_exactly_its_fields():
    listed = {
        name: [field for field in re.findall(r"`(\w+)`", text.partition("Data:")[2]) if field in known(name)]
        for name, text in sections().items()
    }

    assert listed == {name: list(kind.fields) for name, kind in catalogue.PUBLIC.items()}


def known(name: str) -> tuple[str, ...]:
    return catalogue.PUBLIC[name].fields if name in catalogue.PUBLIC else ()


def test_the_reasons_of_a_cancelled_order_are_documented():
    told = set(re.findall(r"`(\w+)`", sections()["order.cancelled"])) - {"order_id", "number", "reason"}

    assert told == {*catalogue._CANCELLED_BECAUSE.values(), "other"}


@pytest.fixture
def verify():
    """The documented Python code, as a merchant would paste it."""
    code = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)[1]
    names: dict[str, object] = {}
    exec(code, names)
    return names["verify"]


def test_the_documented_code_accepts_what_we_send_and_refuses_the_rest(verify):
    secret, old, now, body = (
        signing.new_secret(),
        signing.new_secret(),
        int(time.time()),
        b'{"type":"order.paid"}',
    )
    headers = {
        "webhook-id": "m-1",
        "webhook-timestamp": str(now),
        "webhook-signature": signing.signatures(
            secrets=[secret, old], message_id="m-1", timestamp=now, body=body
        ),
    }

    verify(secret, headers, body)
    verify(old, headers, body)
    for wrong in (
        lambda: verify(signing.new_secret(), headers, body),
        lambda: verify(secret, headers, body + b" "),
        lambda: verify(secret, headers | {"webhook-id": "m-2"}, body),
        lambda: verify(secret, headers | {"webhook-timestamp": str(now - 400)}, body),
    ):
        with pytest.raises(ValueError, match="too old|wrong signature"):
            wrong()
