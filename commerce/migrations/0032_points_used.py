"""Points pay for goods: what an order took, what refunds give back, and at commit that both agree with the ledger."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# An order's points are those that the ledger says were used for it, and no more of them ever come back.
AGREE = """
CREATE FUNCTION commerce_check_points() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint;
    ordered bigint;
    used numeric;
    back numeric;
BEGIN
    IF TG_TABLE_NAME = 'commerce_order' THEN checked := NEW.id; ELSE checked := NEW.order_id; END IF;
    SELECT points_total INTO ordered FROM commerce_order WHERE id = checked;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(-sum(amount) FILTER (WHERE kind = 'used'), 0),
           coalesce(sum(amount) FILTER (WHERE kind = 'returned'), 0) INTO used, back
    FROM commerce_pointsentry WHERE order_id = checked;
    IF used <> ordered OR back > used THEN
        RAISE EXCEPTION 'order %: % points, % used and % given back', checked, ordered, used, back
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_points_agree';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER commerce_order_points
    AFTER INSERT OR UPDATE OF points_total ON commerce_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.points_total > 0) EXECUTE FUNCTION commerce_check_points();
CREATE CONSTRAINT TRIGGER commerce_pointsentry_points
    AFTER INSERT ON commerce_pointsentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind IN ('used', 'returned')) EXECUTE FUNCTION commerce_check_points()
"""
DISAGREE = """
DROP TRIGGER commerce_pointsentry_points ON commerce_pointsentry;
DROP TRIGGER commerce_order_points ON commerce_order;
DROP FUNCTION commerce_check_points()
"""
LOTS = ("earned", "granted", "returned")
KINDS = [
    ("earned", "Earned with a purchase"),
    ("clawed_back", "Taken back after a refund"),
    ("expired", "Expired"),
    ("forfeited", "Given up by leaving"),
    ("used", "Used for an order"),
    ("returned", "Given back"),
    ("granted", "Given by the shop"),
]


class Migration(migrations.Migration):

    dependencies = [("commerce", "0031_rating_index")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="points_total",
            field=models.PositiveBigIntegerField(db_default=0, default=0, verbose_name="points used"),
        ),
        migrations.AddField(
            model_name="refund",
            name="points",
            field=models.PositiveBigIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="pointsentry",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12),
        ),
        migrations.RemoveConstraint(model_name="refund", name="refund_positive"),
        migrations.RemoveConstraint(model_name="pointsentry", name="points_come_or_go"),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(points_total__lte=models.F("discount_total")),
                name="order_points_are_discount",
            ),
        ),
        AddConstraintNotValid(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("points__gt", 0), _connector="OR"), name="refund_gives"
            ),
        ),
        AddConstraintNotValid(
            model_name="pointsentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("expires_at__isnull", False), ("kind__in", list(LOTS))),
                    models.Q(
                        models.Q(("kind__in", list(LOTS)), _negated=True), ("amount__lt", 0), ("expires_at", None)
                    ),
                    _connector="OR",
                ),
                name="points_lots_expire",
            ),
        ),
        migrations.RunSQL(AGREE, DISAGREE),
    ]
