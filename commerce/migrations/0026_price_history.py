"""The history of prices begins with what everything costs now, and is for ever."""

from django.db import migrations

OPENING = """
INSERT INTO commerce_pricechange (variant_id, price, regular, at)
SELECT v.id, v.price, v.price, coalesce(p.listed_at, now())
FROM commerce_variant v JOIN commerce_product p ON p.id = v.product_id ORDER BY v.id
"""
FOR_EVER = """
CREATE FUNCTION commerce_price_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of prices is never changed or deleted: write another line'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER price_is_for_ever BEFORE UPDATE OR DELETE ON commerce_pricechange
FOR EACH ROW EXECUTE FUNCTION commerce_price_is_for_ever()
"""
NOT_FOR_EVER = """
DROP TRIGGER price_is_for_ever ON commerce_pricechange;
DROP FUNCTION commerce_price_is_for_ever()
"""
CHECKED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"  # a table with open checks cannot be altered


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0025_catalog_model'),
    ]

    operations = [
        migrations.RunSQL(OPENING, migrations.RunSQL.noop),
        migrations.RunSQL(CHECKED, CHECKED),
        migrations.RunSQL(FOR_EVER, NOT_FOR_EVER),
    ]
