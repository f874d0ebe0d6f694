"""Somebody leaves: consents stay as evidence and may forget the address only; providers wait to be told."""

from django.db import migrations, models

ALLOW = """
CREATE OR REPLACE FUNCTION consent_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.address IS NULL AND to_jsonb(NEW) - 'address' = to_jsonb(OLD) - 'address' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a consent is never changed: add the next one' USING ERRCODE = 'restrict_violation';
END $$
"""
REFUSE = """
CREATE OR REPLACE FUNCTION consent_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a consent is never changed: add the next one' USING ERRCODE = 'restrict_violation';
END $$
"""


class Migration(migrations.Migration):

    dependencies = [("commerce", "0033_points_used_checked")]

    operations = [
        migrations.RunSQL(ALLOW, REFUSE),
        migrations.CreateModel(
            name="Farewell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=20)),
                ("uid", models.CharField(max_length=191)),
                ("token", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField()),
            ],
        ),
    ]
