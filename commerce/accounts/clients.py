"""Which address asks, as one that a column for addresses takes."""

import ipaddress

from django.http import HttpRequest

from commerce import limits


def address(request: HttpRequest) -> str | None:
    """Return who asks (CLIENT_ADDRESS_HEADER behind a proxy), or None when that is no address."""
    try:
        return str(ipaddress.ip_address(limits.client(request)))
    except ValueError:
        return None
