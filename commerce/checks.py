"""Questions that `manage.py check` asks of the shop's configuration."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

_V1_KEY = re.compile(r"^\d{16}$")


@register("payments")
def portone_key(**_kwargs: Any) -> list[CheckMessage]:
    """Warn when PORTONE_API_KEY holds a key of PortOne's first version, which has sixteen digits."""
    if not _V1_KEY.match(settings.PORTONE_CHANNEL_KEY):
        return []
    return [
        Warning(
            "PORTONE_API_KEY looks like a PortOne V1 REST API key.",
            hint="The shop speaks PortOne V2: set the channel key (channel-key-…) here and "
            "the V2 API secret in PORTONE_API_SECRET.",
            id="commerce.W001",
        )
    ]
