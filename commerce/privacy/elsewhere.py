"""Tables that point at accounts and that no part names: copied out as they are, and forgotten as they say themselves.

What becomes of a row when its account is deleted (`on_delete`) is what becomes of it when its customer leaves. So nothing
is left out of a copy, and nothing stays behind, because somebody forgot to add a `Part`.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import models

from commerce.customers.models import User
from commerce.privacy.shapes import Part, Rows

_PLAIN = (str, int, float, bool, type(None))


def parts(*, known: set[str]) -> list[Part]:
    """Return a part for each way from a table of the shop to accounts, but for the tables that are known."""
    found = []
    for relation in User._meta.related_objects:
        model = relation.related_model
        meta = model._meta
        if meta.app_label == "commerce" and meta.label not in known and not relation.many_to_many:
            owner = relation.field.name
            found.append(
                Part(
                    name=f"{meta.model_name}_{owner}",
                    title=str(meta.verbose_name_plural),
                    collect=_collect(model, owner),
                    forget=_forget(model, owner, relation.on_delete),
                    models=(meta.label,),
                )
            )
    return found


def _collect(model: type[models.Model], owner: str) -> Callable[[int], Rows]:
    def collect(customer_id: int) -> Rows:
        rows = model._default_manager.filter(**{owner: customer_id}).order_by("pk")
        names = [field.attname for field in model._meta.concrete_fields if field.name != owner]
        return [{name: _plain(getattr(row, name)) for name in names} for row in rows]

    return collect


def _forget(model: type[models.Model], owner: str, on_delete: Any) -> Callable[[int, datetime], None] | None:
    if on_delete is models.CASCADE:
        return lambda customer_id, _now: _delete(model, owner, customer_id)
    if on_delete is models.SET_NULL:
        return lambda customer_id, _now: _detach(model, owner, customer_id)
    return None


def _delete(model: type[models.Model], owner: str, customer_id: int) -> None:
    model._default_manager.filter(**{owner: customer_id}).delete()


def _detach(model: type[models.Model], owner: str, customer_id: int) -> None:
    model._default_manager.filter(**{owner: customer_id}).update(**{owner: None})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, (*_PLAIN, list, dict)) else str(value)
