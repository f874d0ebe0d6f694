"""Addresses of static files are worked out once, but for a shop under development."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage

from config.static_files import Collected, Plain


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tell which addresses were worked out."""
    names: list[str] = []
    original = StaticFilesStorage.url

    def told(self: StaticFilesStorage, name: str | None) -> str:
        names.append(name or "")
        return original(self, name)

    monkeypatch.setattr(StaticFilesStorage, "url", told)
    return names


def test_an_address_is_worked_out_once(asked: list[str]) -> None:
    files = Plain()

    assert [files.url("css/core.css"), files.url("css/core.css")] == ["/static/css/core.css"] * 2
    assert files.url("css/pdp.css") == "/static/css/pdp.css"
    assert asked == ["css/core.css", "css/pdp.css"]


def test_under_development_it_is_worked_out_each_time(asked: list[str], settings: Any) -> None:
    settings.DEBUG = True
    files = Plain()

    files.url("css/core.css")
    files.url("css/core.css")

    assert asked == ["css/core.css"] * 2


def test_collected_files_have_their_contents_in_their_names(tmp_path: Path) -> None:
    (tmp_path / "staticfiles.json").write_text(
        '{"paths": {"css/core.css": "css/core.0123456789ab.css"}, "version": "1.1", "hash": "x"}'
    )
    files = Collected(location=str(tmp_path))

    assert files.url("css/core.css") == "/static/css/core.0123456789ab.css"
    files.hashed_files.clear()  # of which nothing is asked again
    assert files.url("css/core.css") == "/static/css/core.0123456789ab.css"
