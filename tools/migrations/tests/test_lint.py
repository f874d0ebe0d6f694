"""The gate stops what breaks running code or locks a table, and lets the safe way through."""

import pytest
from django.db import migrations

from tools.migrations.lint import Finding, of_sql, one_way, unaccepted


def rules(sql: str) -> set[str]:
    return {found.rule for found in of_sql("commerce.0099_x", f"BEGIN;\n{sql}\nCOMMIT;\n")}


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ('ALTER TABLE "commerce_order" DROP COLUMN "email" CASCADE;', "DROP_COLUMN"),
        ('ALTER TABLE "commerce_order" RENAME COLUMN "email" TO "mail";', "RENAME_COLUMN"),
        ('DROP TABLE "commerce_cart" CASCADE;', "DROP_TABLE"),
        (
            'ALTER TABLE "commerce_order" ADD COLUMN "gift" boolean DEFAULT false NOT NULL;\n'
            'ALTER TABLE "commerce_order" ALTER COLUMN "gift" DROP DEFAULT;',
            "NOT_NULL",
        ),
        ('ALTER TABLE "commerce_order" ALTER COLUMN "total" TYPE bigint;', "changing-column-type"),
        ('CREATE INDEX "order_mail" ON "commerce_order" ("email");', "require-concurrent-index-creation"),
        (
            'ALTER TABLE "commerce_order" ADD CONSTRAINT "positive" CHECK ("total" > 0);',
            "constraint-missing-not-valid",
        ),
    ],
)
def test_what_breaks_or_locks_is_found(sql: str, rule: str) -> None:
    assert rule in rules(sql)


@pytest.mark.parametrize(
    "sql",
    [
        'ALTER TABLE "commerce_order" ADD COLUMN "gift" boolean NULL;',
        'ALTER TABLE "commerce_order" ADD COLUMN "gift" boolean DEFAULT false NOT NULL;',
        'ALTER TABLE "commerce_order" ADD CONSTRAINT "positive" CHECK ("total" > 0) NOT VALID;',
        'CREATE TABLE "commerce_new" ("id" bigint NOT NULL PRIMARY KEY, "n" integer NOT NULL);\n'
        'CREATE INDEX "new_n" ON "commerce_new" ("n");\n'
        'ALTER TABLE "commerce_new" ADD CONSTRAINT "few" CHECK ("n" < 9);',
    ],
)
def test_what_old_code_can_live_with_passes(sql: str) -> None:
    assert rules(sql) == set()


def test_an_index_that_is_built_concurrently_passes_outside_a_transaction() -> None:
    assert of_sql("x", 'CREATE INDEX CONCURRENTLY "order_mail" ON "commerce_order" ("email");\n') == []


def test_a_step_without_a_way_back_is_found() -> None:
    def nothing(_apps: object, _editor: object) -> None: ...

    class There(migrations.Migration):
        operations = [migrations.RunPython(nothing), migrations.RunSQL("SELECT 1", "SELECT 1")]

    assert one_way("x", There("x", "commerce")) == [Finding("x", "one-way", "RunPython has no reverse")]


def test_a_reason_accepts_one_rule_of_one_migration_and_an_empty_one_nothing() -> None:
    index, column = Finding("a.0002", "ADD_INDEX", "…"), Finding("a.0002", "DROP_COLUMN", "…")
    other = Finding("a.0003", "ADD_INDEX", "…")

    assert unaccepted([index, column, other], {"a.0002": {"ADD_INDEX": "ten rows"}}) == [column, other]
    assert unaccepted([index], {"a.0002": {"ADD_INDEX": " "}}) == [index]
