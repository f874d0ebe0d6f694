"""What every shop page knows of the shop itself."""

from typing import Any

from django.http import HttpRequest


def shop(request: HttpRequest) -> dict[str, Any]:
    """Add the settings that editors keep: brand, footer, legal fields."""
    return {}
