"""Who acted, by name; and what is shown of customers to those who may not see them."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from commerce.events import outbox


@contextlib.contextmanager
def acting(user: Any) -> Iterator[None]:
    """Run a block whose timeline, ledger and facts name this person."""
    with outbox.acting(f"user:{user.pk}"):
        yield


def names(actors: Iterable[str]) -> dict[str, str]:
    """Return how each actor is called, in one query: `user:7` by name, the rest in words."""
    wanted = set(actors)
    ids = {actor.removeprefix("user:") for actor in wanted if actor.startswith("user:")}
    numbers = [int(text) for text in ids if text.isdigit()]
    found = get_user_model()._default_manager.in_bulk(numbers) if numbers else {}
    people = {f"user:{key}": str(person) for key, person in found.items()}
    return {actor: people.get(actor) or _in_words(actor) for actor in wanted}


def _in_words(actor: str) -> str:
    kind, _colon, rest = actor.partition(":")
    if kind == "user":
        return _("Former colleague (%(id)s)") % {"id": rest}
    known = {"shopper": _("Shopper"), "system": _("System"), "worker": _("Automatic"), "portone": "PortOne"}
    return known.get(kind, actor)


def mask_name(name: str) -> str:
    """Return `김*루` for `김마루`, `김*` for two letters."""
    name = name.strip()
    if len(name) <= 2:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_phone(phone: str) -> str:
    """Return `010-****-5678`."""
    return f"{phone[:3]}-****-{phone[-4:]}" if len(phone) >= 9 else "*" * len(phone)


def mask_email(email: str) -> str:
    """Return `ha***@example.com`."""
    local, _at, domain = email.partition("@")
    kept = local[: 2 if len(local) > 2 else 1]
    return f"{kept}***@{domain}"


def mask_address(address: str) -> str:
    """Return the city and district only."""
    return " ".join([*address.split()[:2], "***"])


def show_phone(phone: str) -> str:
    """Return `010-1234-5678`; Seoul's numbers begin with two digits."""
    head = 2 if phone.startswith("02") else 3
    if len(phone) < head + 7:
        return phone
    return f"{phone[:head]}-{phone[head:-4]}-{phone[-4:]}"
