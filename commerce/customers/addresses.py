"""Where a customer lets parcels go. Every function asks whose the address is: nobody reaches another's by its key."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from commerce.customers.models import Address, User
from commerce.events import outbox, types

MOST = 20  # addresses that a customer may keep


class UnableToKeep(Exception):
    """Nothing was changed."""


class TooManyAddresses(UnableToKeep):
    """A customer keeps `MOST` of them already."""

    limit = MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Who receives and where; phones are digits only."""

    recipient_name: str
    recipient_phone: str
    postcode: str
    address1: str
    address2: str = ""
    delivery_note: str = ""


def of(*, customer_id: int) -> QuerySet[Address]:
    """Return a customer's addresses, the default first."""
    return Address.objects.filter(customer_id=customer_id)


def one(*, customer_id: int, address_id: int) -> Address | None:
    """Return an address of a customer; None when it is somebody else's, or gone."""
    return of(customer_id=customer_id).filter(pk=address_id).first()


def default_of(*, customer_id: int) -> Address | None:
    """Return where a customer's parcels usually go."""
    return of(customer_id=customer_id).filter(is_default=True).first()


@transaction.atomic
def add(*, customer_id: int, place: Place, default: bool, now: datetime) -> Address:
    """Keep another address; the first one is the default, and so is one that is wanted as such.

    Raises:
        TooManyAddresses: nothing was kept.
    """
    known = _locked(customer_id)
    if len(known) >= MOST:
        raise TooManyAddresses
    default = default or not known
    if default:
        of(customer_id=customer_id).filter(is_default=True).update(is_default=False)
    address = Address.objects.create(
        customer_id=customer_id, is_default=default, created_at=now, **asdict(place)
    )
    _tell(address, "added", now=now)
    return address


@transaction.atomic
def change(*, customer_id: int, address_id: int, place: Place, default: bool, now: datetime) -> Address:
    """Change an address, and make it the default if that is wanted; it never stops being the default here.

    Raises:
        Address.DoesNotExist: it is somebody else's, or gone.
    """
    address = _mine(customer_id, address_id)
    for name, value in asdict(place).items():
        setattr(address, name, value)
    if default and not address.is_default:
        of(customer_id=customer_id).filter(is_default=True).update(is_default=False)
        address.is_default = True
    address.save()
    _tell(address, "changed", now=now)
    return address


@transaction.atomic
def make_default(*, customer_id: int, address_id: int, now: datetime) -> Address:
    """Let parcels usually go there.

    Raises:
        Address.DoesNotExist: it is somebody else's, or gone.
    """
    address = _mine(customer_id, address_id)
    if not address.is_default:
        of(customer_id=customer_id).filter(is_default=True).update(is_default=False)
        address.is_default = True
        address.save(update_fields=["is_default"])
        _tell(address, "changed", now=now)
    return address


@transaction.atomic
def remove(*, customer_id: int, address_id: int, now: datetime) -> Place:
    """Forget an address and return it, so that it can be kept again; the newest of the others becomes the default.

    Raises:
        Address.DoesNotExist: it is somebody else's, or gone.
    """
    address = _mine(customer_id, address_id)
    place = place_of(address=address)
    _tell(address, "removed", now=now)
    was_default = address.is_default
    address.delete()
    following = of(customer_id=customer_id).order_by("-pk").first() if was_default else None
    if following:
        following.is_default = True
        following.save(update_fields=["is_default"])
    return place


@transaction.atomic
def remember(*, customer_id: int, place: Place, now: datetime) -> None:
    """Note that a parcel goes there: an address that is known was used, another one is kept while there is room."""
    known = _locked(customer_id)
    same = next((address for address in known if place_of(address=address) == place), None)
    if same:
        same.used_at = now
        same.save(update_fields=["used_at"])
    elif len(known) < MOST:
        add(customer_id=customer_id, place=place, default=False, now=now)


def place_of(*, address: Address) -> Place:
    """Return an address as plain values."""
    return Place(
        recipient_name=address.recipient_name,
        recipient_phone=address.recipient_phone,
        postcode=address.postcode,
        address1=address.address1,
        address2=address.address2,
        delivery_note=address.delivery_note,
    )


def _locked(customer_id: int) -> list[Address]:
    """Lock a customer's account and return the addresses: nobody adds or removes one meanwhile."""
    User.objects.select_for_update(no_key=True).get(pk=customer_id)
    return list(of(customer_id=customer_id))


def _mine(customer_id: int, address_id: int) -> Address:
    found = next((one for one in _locked(customer_id) if one.pk == address_id), None)
    if found is None:
        raise Address.DoesNotExist(f"customer {customer_id} has no address {address_id}")
    return found


def _tell(address: Address, change: types.AddressChange, *, now: datetime) -> None:
    outbox.record(
        types.AddressChanged(
            customer_id=address.customer_id, address_id=address.pk, change=change, occurred_at=now
        )
    )
