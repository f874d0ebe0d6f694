"""Read, insert and update rows with statements whose text is made once: what an order does is always the same.

Django puts the statement together anew each time, which costs more than PostgreSQL takes to carry it out.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)


def read(model: type[M], condition: str, *values: Any) -> list[M]:
    """Return the rows of a model that meet a condition of SQL, with its values; order and lock are part of it.

    `rows.read(Cart, "token = %s FOR UPDATE", token)`. The condition is a constant of the program, never typed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_selection(model, condition), values)
        found = cursor.fetchall()
    names, converted = _columns(model)
    rows = []
    for stored in found:
        kept = list(stored)
        for place, convert in converted:
            kept[place] = convert(kept[place], None, connection)
        rows.append(model.from_db(connection.alias, names, kept))
    return rows


def one(model: type[M], condition: str, *values: Any) -> M:
    """Return the only row that meets a condition, see `read`.

    Raises:
        DoesNotExist: the model's own; there is none.
    """
    found = read(model, condition, *values)
    if not found:
        raise model.DoesNotExist(f"no {model.__name__} meets: {condition}")  # type: ignore[attr-defined]
    return found[0]


def hold(row: Model, **related: Model | Sequence[Model] | None) -> None:
    """Let a row know rows that were read already, as `select_related` and `prefetch_related` do, by their names."""
    for name, rows in related.items():
        if rows is None or isinstance(rows, Model):
            row._meta.get_field(name).set_cached_value(row, rows)  # type: ignore[union-attr]
            continue
        known = getattr(row, name).all()
        known._result_cache, known._prefetch_done = list(rows), True
        row._prefetched_objects_cache = {**getattr(row, "_prefetched_objects_cache", {}), name: known}  # type: ignore[attr-defined]


def update(row: Model, *names: str) -> None:
    """Write some fields of one row, without signals; nothing else of it is touched.

    Raises:
        DoesNotExist: the model's own; the row is gone.
    """
    model = type(row)
    fields = [model._meta.get_field(name) for name in names]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(_change(model, names), [*values, row.pk])
        if not cursor.rowcount:
            raise model.DoesNotExist(f"{model.__name__} {row.pk} is gone")  # type: ignore[attr-defined]


def insert(*, rows: Sequence[Model], conflict: str = "") -> None:
    """Insert new rows of one model and give them their keys; nothing when there are none.

    `conflict` may be an `ON CONFLICT …` for rows that exist already; after `DO NOTHING` those have no key, so
    it is for single rows. No signals are sent, and `save` is not called. Constraints are the database's, as always.

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
        cursor.execute(_statement(model, len(rows), conflict), values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=not conflict):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=64)
def _columns(model: type[Model]) -> tuple[list[str], list[tuple[int, Callable[..., Any]]]]:
    """Return the names of a row's values, and what makes those into Python's that the driver does not."""
    fields = model._meta.concrete_fields
    converted = [
        (place, field.from_db_value) for place, field in enumerate(fields) if hasattr(field, "from_db_value")
    ]
    return [field.attname for field in fields], converted


@lru_cache(maxsize=256)
def _selection(model: type[Model], condition: str) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in model._meta.concrete_fields)
    return f"SELECT {names} FROM {quote(model._meta.db_table)} WHERE {condition}"


@lru_cache(maxsize=256)
def _change(model: type[Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(str(model._meta.get_field(name).column))} = %s" for name in names)  # type: ignore[union-attr]
    key = quote(str(model._meta.pk.column))
    return f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE {key} = %s"


@lru_cache(maxsize=64)
def _fields(model: type[Model]) -> "tuple[Field[Any, Any], ...]":
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@lru_cache(maxsize=256)
def _statement(model: type[Model], count: int, conflict: str) -> str:
    quote = connection.ops.quote_name
    fields = _fields(model)
    names = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    key = quote(str(model._meta.pk.column))
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {places} {conflict} RETURNING {key}"
