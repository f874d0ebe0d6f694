"""The README names every fault, lever, button and API that exists."""

from dataclasses import fields
from pathlib import Path

import pytest

from tools.portone_sandbox import admin
from tools.portone_sandbox.behaviour import Faults, camel
from tools.portone_sandbox.tests.test_window import ENGLISH, KOREAN

README = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [camel(one.name) for one in fields(Faults)])
def test_faults_are_described(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize("verb", admin.LEVERS)
def test_levers_are_described(verb: str) -> None:
    assert f"`POST /_sandbox/payments/{{id}}/{verb}`" in README


@pytest.mark.parametrize("action", KOREAN)
def test_buttons_are_described(action: str) -> None:
    assert f"| `{action}` | {KOREAN[action]} | {ENGLISH[action]}" in README
