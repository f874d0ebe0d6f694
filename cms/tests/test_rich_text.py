"""What editors type into texts is words, never code."""

import json
from typing import Any

import pytest

from cms.blocks.words import TextBlock

pytestmark = pytest.mark.django_db


def shown(text: str, *, link: str = "") -> str:
    """Return a text as the page shows it after it came from the editor's form."""
    entities: list[dict[str, Any]] = [{"key": 0, "offset": 0, "length": len(text)}] if link else []
    typed = {
        "blocks": [
            {
                "key": "a",
                "type": "unstyled",
                "depth": 0,
                "text": text,
                "inlineStyleRanges": [],
                "entityRanges": entities,
            }
        ],
        "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": link}}} if link else {},
    }
    block = TextBlock()
    block.set_name("body")
    return str(block.render(block.value_from_datadict({"body": json.dumps(typed)}, {}, "body")))


def test_a_script_that_is_typed_is_shown_and_not_run() -> None:
    html = shown("<script>alert(1)</script>")

    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize("link", ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,<b>"])
def test_a_link_that_would_run_something_leads_nowhere(link: str) -> None:
    html = shown("here", link=link)

    assert "here" in html
    assert "script:" not in html.lower() and "data:" not in html
    assert 'href="https://example.com"' in shown("here", link="https://example.com")
