"""Consents stay as evidence when somebody leaves: the one change that they allow is to forget the address."""

from django.db import migrations

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

    operations = [migrations.RunSQL(ALLOW, REFUSE)]
