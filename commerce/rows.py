"""Insert new rows with one statement whose text is made once: what an order writes is always the same.

Django puts the statement together anew for every row, which costs more than PostgreSQL takes to carry it out.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def insert(*, rows: Sequence[Model]) -> None:
    """Insert new rows of one model and give them their keys; nothing when there are none.

    No signals are sent, and `save` is not called. Constraints are the database's, as always.

    Raises:
        IntegrityError: a constraint refuses a row; none was inserted.
    """
    if not rows:
        return
    model = type(rows[0])
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for row in rows
        for field in _fields(model)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, len(rows)), values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=64)
def _fields(model: type[Model]) -> "tuple[Field[Any, Any], ...]":
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@lru_cache(maxsize=256)
def _statement(model: type[Model], count: int) -> str:
    quote = connection.ops.quote_name
    fields = _fields(model)
    names = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    key = quote(str(model._meta.pk.column))
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {places} RETURNING {key}"
