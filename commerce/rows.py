"""Read, insert and update rows with statements whose text is made once: what an order does is always the same.

Django puts the statement together anew each time, which costs more than PostgreSQL takes to carry it out. Waiting for
an answer costs as much again, so what does not need each other's answers goes to PostgreSQL together: `send`, `ask`,
`read_each`, `together`.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)
T = TypeVar("T")
Statement = tuple[str, Sequence[Any]]
Rows = list[tuple[Any, ...]]
_Then = Callable[[Rows, int], None]  # takes the rows that came back, and how many were touched

_waiting: ContextVar[list[tuple[Statement, _Then]] | None] = ContextVar("waiting", default=None)


def send(*statements: Statement, using: str = DEFAULT_DB_ALIAS) -> list[Rows]:
    """Carry statements out one after the other with one message to PostgreSQL; return what each brought back.

    Each sees what those before it did and what others committed meanwhile, as if it had been sent alone. The first
    that fails ends them all. Within `together`, what waits goes before them with the same message.
    """
    if using != DEFAULT_DB_ALIAS:
        return [found for found, _ in _send(statements, using)]
    return [found for found, _ in _send_after_what_waits(statements)]


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """Statements, and what makes an answer of the rows that they bring: whoever reads decides with what it travels."""

    statements: Sequence[Statement]
    answer: Callable[[list[Rows]], T]


def ask(*questions: Question[Any]) -> tuple[Any, ...]:
    """Send several questions in this order with one message, see `send`, and return an answer to each."""
    brought = send(*(each for question in questions for each in question.statements))
    answers = []
    for question in questions:
        own, brought = brought[: len(question.statements)], brought[len(question.statements) :]
        answers.append(question.answer(own))
    return tuple(answers)


def new_key(model: type[Model]) -> Question[int]:
    """Ask for the key of a row that is inserted later, so that others can name it before; one not used is lost."""
    return Question(((_new_key(model), ()),), lambda brought: int(brought[0][0][0]))


def _send_after_what_waits(statements: Sequence[Statement]) -> list[tuple[Rows, int]]:
    waiting = _waiting.get() or []
    before = waiting[:]
    waiting.clear()
    if not before and not statements:
        return []
    brought = _send([*(each for each, _ in before), *statements])
    for (_, then), (found, touched) in zip(before, brought, strict=False):
        then(found, touched)
    return brought[len(before) :]


def _send(statements: Sequence[Statement], using: str = DEFAULT_DB_ALIAS) -> list[tuple[Rows, int]]:
    database = connections[using]
    brought = []
    with _cursor(database) as cursor:
        if len(statements) == 1:
            cursor.execute(*statements[0])
        else:  # put together one by one: how each is cut at its values is remembered
            cursor.execute(";".join([cursor.mogrify(text, values) for text, values in statements]))
        for place in range(len(statements)):
            if place:
                cursor.nextset()
            brings = cursor.rownumber is not None
            brought.append((cursor.fetchall() if brings else [], cursor.rowcount))
    return brought


@contextmanager
def _cursor(database: Any) -> Iterator[Any]:
    """Give Django's cursor where somebody counts or measures statements, else the driver's, without what wraps each call."""
    if not database.in_atomic_block or database.queries_logged or database.execute_wrappers:
        with database.cursor() as cursor:
            yield cursor
        return
    database.validate_no_broken_transaction()
    with database.wrap_database_errors, database.create_cursor() as cursor:
        yield cursor


@contextmanager
def together() -> Iterator[None]:
    """Keep what is inserted and updated within the block, and send it with the next `send`, or at the block's end.

    Rows get their keys then. Django's own queries within the block do not see them yet: `flush` before one.
    """
    if _waiting.get() is not None:  # a wider block sends
        yield
        return
    waiting: list[tuple[Statement, _Then]] = []
    token = _waiting.set(waiting)
    try:
        yield
        flush()
    finally:
        _waiting.reset(token)


def flush() -> None:
    """Send what waits within `together`, for those who need its keys."""
    _send_after_what_waits(())


def _do(statement: Statement, then: _Then) -> None:
    waiting = _waiting.get()
    if waiting is None:
        ((found, touched),) = _send([statement])
        then(found, touched)
    else:
        waiting.append((statement, then))


def read(model: type[M], condition: str, *values: Any) -> list[M]:
    """Return the rows of a model that meet a condition of SQL, with its values; order and lock are part of it.

    `rows.read(Cart, "token = %s FOR UPDATE", token)`. The condition is a constant of the program, never typed.
    """
    (found,) = send(selection(model, condition, *values))
    return made(model, found)


def selection(model: type[Model], condition: str, *values: Any) -> Statement:
    """Return the statement that reads these rows, for `send`; see `read`."""
    return _selection(model, condition), values


def read_each(
    *wanted: tuple[type[Model], str, Sequence[Any]], using: str = DEFAULT_DB_ALIAS
) -> list[list[Any]]:
    """Return the rows of several models, each with its condition and values, with one message; see `read`."""
    statements = (selection(model, condition, *values) for model, condition, values in wanted)
    brought = send(*statements, using=using)
    return [made(model, found, using=using) for (model, _, _), found in zip(wanted, brought, strict=True)]


def made(model: type[M], found: Rows, *, using: str = DEFAULT_DB_ALIAS) -> list[M]:
    """Return what `send` brought for a `selection` as rows of the model."""
    names, converted = _columns(model)
    database, rows = connections[using], []
    for stored in found:
        kept = list(stored)
        for place, convert in converted:
            kept[place] = convert(kept[place], None, database)
        rows.append(model.from_db(using, names, kept))
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
    values = _values(_named(model, names), [row])

    def then(_found: Rows, touched: int) -> None:
        if not touched:
            raise model.DoesNotExist(f"{model.__name__} {row.pk} is gone")  # type: ignore[attr-defined]

    _do((_change(model, names), [*values, row.pk]), then)


def insert(*, rows: Sequence[Model], conflict: str = "") -> None:
    """Insert new rows of one model and give them their keys, unless they have one; nothing when there are none.

    `conflict` may be an `ON CONFLICT …` for rows that exist already; after `DO NOTHING` those have no key, so
    it is for single rows. No signals are sent, and `save` is not called. Constraints are the database's, as always.

    Raises:
        IntegrityError: a constraint refuses a row; none was inserted.
    """
    if not rows:
        return

    def then(keys: Rows, _touched: int) -> None:
        for row, (key,) in zip(rows, keys, strict=not conflict):
            row.pk = key
            row._state.adding, row._state.db = False, connection.alias

    _do(insertion(rows=rows, conflict=conflict), then)


def insertion(*, rows: Sequence[Model], conflict: str = "") -> Statement:
    """Return the statement that inserts these rows, for `send`; see `insert`."""
    model, keyed = type(rows[0]), rows[0].pk is not None
    return _statement(model, len(rows), conflict, keyed), _values(_fields(model, keyed), rows)


def _values(described: "Sequence[_Described]", rows: Sequence[Model]) -> list[Any]:
    database, values = connections[DEFAULT_DB_ALIAS], []
    for row in rows:
        for name, plain, field in described:
            value = getattr(row, name)
            if value is not None and value.__class__ is not plain:
                value = field.get_db_prep_save(value, database)
            values.append(value)
    return values


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


_PLAIN: tuple[tuple[type[models.Field[Any, Any]], type], ...] = (
    (models.CharField, str),
    (models.TextField, str),
    (models.IntegerField, int),
    (models.BooleanField, bool),
    (models.UUIDField, uuid.UUID),
)
_Described = tuple[
    str, type | None, "Field[Any, Any]"
]  # where the value is, the type that the driver writes as is, field


@lru_cache(maxsize=256)
def _named(model: type[Model], names: tuple[str, ...]) -> list[_Described]:
    return [_described(model._meta.get_field(name)) for name in names]


@lru_cache(maxsize=64)
def _fields(model: type[Model], keyed: bool) -> list[_Described]:
    return [_described(field) for field in model._meta.concrete_fields if keyed or not field.primary_key]


def _described(field: Any) -> _Described:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    plain = next((kind for known, kind in _PLAIN if isinstance(target, known)), None)
    own = type(target).get_db_prep_save is not Field.get_db_prep_save
    return field.attname, None if own else plain, field


@lru_cache(maxsize=256)
def _statement(model: type[Model], count: int, conflict: str, keyed: bool) -> str:
    quote = connection.ops.quote_name
    fields = [field for _, _, field in _fields(model, keyed)]
    names = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    key = quote(str(model._meta.pk.column))
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {places} {conflict} RETURNING {key}"


@lru_cache(maxsize=64)
def _new_key(model: type[Model]) -> str:
    table, key = model._meta.db_table, model._meta.pk.column
    return f"SELECT nextval(pg_get_serial_sequence('{table}', '{key}')) AS id"
