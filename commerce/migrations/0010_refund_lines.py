"""Refunds by line, what came and what went back, and checks at commit that the sums of an order hold.

The checks are deferred constraint triggers: they run once per changed row when a transaction commits, so a use
case may write order, lines, payment and refunds one after the other. What they refuse is a `check_violation`,
which Django raises as IntegrityError:

- an order whose goods are not the sum of its lines;
- a payment over another sum than its order's, or one that holds another sum although the order counts as paid;
- refunds above what was received, or whose succeeded ones are not what the payment says went back;
- a refund whose goods are not the sum of its lines;
- a line of which more units, or more won, are refunded than were ordered.

To load data that cannot hold them for a moment: ALTER TABLE … DISABLE TRIGGER commerce_…_balances.
"""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models
from django.db.models import F, Q

CHECKS = """
CREATE FUNCTION commerce_check_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint;
    ordered record;
    goods numeric;
BEGIN
    IF TG_TABLE_NAME = 'commerce_order' THEN
        checked := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        checked := OLD.order_id;
    ELSE
        checked := NEW.order_id;
    END IF;
    SELECT items_total, total, paid_at INTO ordered FROM commerce_order WHERE id = checked;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(total), 0) INTO goods FROM commerce_orderline WHERE order_id = checked;
    IF goods <> ordered.items_total THEN
        RAISE EXCEPTION 'order %: goods % are not the sum of its lines %', checked, ordered.items_total, goods
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_lines_balance';
    END IF;
    IF ordered.paid_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM commerce_payment WHERE order_id = checked AND received = ordered.total
    ) THEN
        RAISE EXCEPTION 'order %: counts as paid, but % did not come', checked, ordered.total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_paid_balance';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION commerce_check_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint;
    paid record;
    live numeric;
    back numeric;
    wrong bigint;
BEGIN
    IF TG_TABLE_NAME = 'commerce_payment' THEN
        checked := NEW.id;
    ELSIF TG_TABLE_NAME = 'commerce_refund' THEN
        IF TG_OP = 'DELETE' THEN checked := OLD.payment_id; ELSE checked := NEW.payment_id; END IF;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT payment_id INTO checked FROM commerce_refund WHERE id = OLD.refund_id;
    ELSE
        SELECT payment_id INTO checked FROM commerce_refund WHERE id = NEW.refund_id;
    END IF;
    SELECT p.amount, p.received, p.cancelled_amount, o.total, o.paid_at INTO paid
    FROM commerce_payment p JOIN commerce_order o ON o.id = p.order_id WHERE p.id = checked;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF paid.amount <> paid.total OR (paid.paid_at IS NOT NULL AND paid.received <> paid.total) THEN
        RAISE EXCEPTION 'payment %: over %, % received, the order costs %',
            checked, paid.amount, paid.received, paid.total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_order_balance';
    END IF;
    SELECT coalesce(sum(amount) FILTER (WHERE state <> 'abandoned'), 0),
           coalesce(sum(amount) FILTER (WHERE state = 'succeeded'), 0)
    INTO live, back FROM commerce_refund WHERE payment_id = checked;
    IF live > paid.received OR back <> paid.cancelled_amount THEN
        RAISE EXCEPTION 'payment %: % refunded of % received; % went back, but it says %',
            checked, live, paid.received, back, paid.cancelled_amount
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_refunds_balance';
    END IF;
    IF live = 0 AND TG_TABLE_NAME = 'commerce_payment' THEN
        RETURN NULL;
    END IF;
    SELECT r.id INTO wrong FROM commerce_refund r
    WHERE r.payment_id = checked AND r.goods_amount <> (
        SELECT coalesce(sum(l.amount), 0) FROM commerce_refundline l WHERE l.refund_id = r.id
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'refund %: its goods are not the sum of its lines', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_lines_balance';
    END IF;
    SELECT o.id INTO wrong FROM commerce_refund r
    JOIN commerce_refundline l ON l.refund_id = r.id
    JOIN commerce_orderline o ON o.id = l.order_line_id
    WHERE r.payment_id = checked AND r.state <> 'abandoned'
    GROUP BY o.id HAVING sum(l.quantity) > o.quantity OR sum(l.amount) > o.total LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'line %: more is refunded than was ordered', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_line_refunds_balance';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER commerce_order_balances
    AFTER INSERT OR UPDATE OF items_total, total, paid_at ON commerce_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commerce_check_order();
CREATE CONSTRAINT TRIGGER commerce_orderline_balances
    AFTER INSERT OR UPDATE OF order_id, total OR DELETE ON commerce_orderline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commerce_check_order();
CREATE CONSTRAINT TRIGGER commerce_payment_balances
    AFTER INSERT OR UPDATE OF amount, received, cancelled_amount ON commerce_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commerce_check_payment();
CREATE CONSTRAINT TRIGGER commerce_refund_balances
    AFTER INSERT OR UPDATE OF payment_id, amount, goods_amount, state OR DELETE ON commerce_refund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commerce_check_payment();
CREATE CONSTRAINT TRIGGER commerce_refundline_balances
    AFTER INSERT OR UPDATE OR DELETE ON commerce_refundline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commerce_check_payment();
"""

REMOVE_CHECKS = """
DROP TRIGGER commerce_refundline_balances ON commerce_refundline;
DROP TRIGGER commerce_refund_balances ON commerce_refund;
DROP TRIGGER commerce_payment_balances ON commerce_payment;
DROP TRIGGER commerce_orderline_balances ON commerce_orderline;
DROP TRIGGER commerce_order_balances ON commerce_order;
DROP FUNCTION commerce_check_payment();
DROP FUNCTION commerce_check_order();
"""

MONEY_IS_IN = ("paid", "partly_cancelled", "cancelled")


def explain(apps, schema_editor):
    """Say of every payment how much came, and of every refund what it was made of."""
    apps.get_model("commerce", "Order").objects.update(parcel_fee=F("shipping_total"))
    payments = apps.get_model("commerce", "Payment").objects.select_related("order")
    for payment in payments.filter(Q(state__in=MONEY_IS_IN) | Q(refunds__isnull=False)).distinct().iterator():
        _explain(apps, payment)
    _settle_deferred(schema_editor)


def forget(apps, schema_editor):
    """Leave what the older code understands."""
    refunds = apps.get_model("commerce", "Refund").objects
    apps.get_model("commerce", "RefundLine").objects.all().delete()
    refunds.filter(kind="external").delete()
    refunds.filter(state="abandoned").delete()
    refunds.filter(state="waiting_for_account").update(state="failed")
    apps.get_model("commerce", "Order").objects.filter(payment_status="partly_refunded").update(
        payment_status="paid"
    )
    # older code allows no more than the payment's own sum, also of money that was not the order's
    apps.get_model("commerce", "Payment").objects.filter(cancelled_amount__gt=F("amount")).update(
        cancelled_amount=F("amount")
    )
    _settle_deferred(schema_editor)


def _explain(apps, payment):
    order, rows = payment.order, list(payment.refunds.order_by("pk"))
    asked = sum(row.amount for row in rows)
    payment.received = payment.amount if payment.state in MONEY_IS_IN else asked
    back = sum(row.amount for row in rows if row.state == "succeeded")
    by_hand = min(payment.cancelled_amount - back, payment.received - asked)
    if by_hand > 0:
        rows.append(_console(apps, payment, by_hand))
        back += by_hand
    payment.cancelled_amount = back
    payment.save(update_fields=["received", "cancelled_amount"])
    taken = taken_vat = 0
    whole_vat = order.vat if payment.received == order.total else _vat(payment.received)
    for number, row in enumerate(rows):
        so_far = (2 * whole_vat * (taken + row.amount) + payment.received) // (2 * payment.received)
        row.vat = min(max(so_far - taken_vat, 0), row.amount)
        taken, taken_vat = taken + row.amount, taken_vat + row.vat
        if not row.cause:
            row.cause = "not kept" if order.paid_at is None and not number else f"before:{row.pk}"
        _take_apart(apps, order, row, alone=len(rows) == 1)
        row.save()
    if order.paid_at and 0 < back < payment.received and asked == back - max(by_hand, 0):
        order.payment_status = "partly_refunded"
        order.save(update_fields=["payment_status"])


def _console(apps, payment, amount):
    return apps.get_model("commerce", "Refund").objects.create(
        payment=payment,
        amount=amount,
        kind="external",
        requester="staff",
        cause="console:before",
        reason="refunded at the provider",
        state="succeeded",
        requested_at=payment.provider_changed_at or payment.opened_at,
        completed_at=payment.provider_changed_at,
    )


def _take_apart(apps, order, row, *, alone):
    """A refund of all the money was one of every line and the shipping; of another one nobody knows."""
    if not alone or row.amount != order.total or order.discount_total:
        row.goodwill_amount = row.amount
        return
    row.goods_amount, row.shipping_amount = order.items_total, order.shipping_total
    lines = apps.get_model("commerce", "RefundLine").objects
    for line in order.lines.all():
        lines.create(
            refund=row,
            order_line=line,
            quantity=line.quantity,
            amount=line.total,
            cancelled=order.fulfilment_status in ("waiting", "preparing"),
        )


def _vat(gross):
    return (2 * gross * 10 + 110) // (2 * 110)


def _settle_deferred(schema_editor):
    """Let foreign keys be checked now: a table with checks in waiting cannot be altered."""
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0009_zones_backorder_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='RefundLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField()),
                ('amount', models.PositiveBigIntegerField()),
                ('cancelled', models.BooleanField(default=False)),
                ('restocked', models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name='refundline',
            name='order_line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='commerce.orderline'),
        ),
        migrations.AddField(
            model_name='refundline',
            name='refund',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='commerce.refund'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='refund_line_positive'),
        ),
        migrations.AddConstraint(
            model_name='refundline',
            constraint=models.UniqueConstraint(fields=('refund', 'order_line'), name='refund_line_once'),
        ),
        migrations.RemoveConstraint(
            model_name='payment',
            name='payment_refund_bounded',
        ),
        migrations.AddField(
            model_name='order',
            name='free_from',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='parcel_fee',
            field=models.PositiveBigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='payment',
            name='received',
            field=models.PositiveBigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='refund',
            name='account',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='refund',
            name='asked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='refund',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='refund',
            name='cause',
            field=models.CharField(default='', max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='refund',
            name='fee',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='refund',
            name='goods_amount',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='refund',
            name='goodwill_amount',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='refund',
            name='kind',
            field=models.CharField(choices=[('ours', 'By the shop'), ('external', "At PortOne's console")], default='ours', max_length=10),
        ),
        migrations.AddField(
            model_name='refund',
            name='requester',
            field=models.CharField(choices=[('customer', 'Customer'), ('staff', 'Staff'), ('system', 'Automatic')], default='system', max_length=10),
        ),
        migrations.AddField(
            model_name='refund',
            name='shipping_amount',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='refund',
            name='vat',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='order',
            name='payment_status',
            field=models.CharField(choices=[('pending', 'Waiting for payment'), ('awaiting_deposit', 'Waiting for deposit'), ('failed', 'Payment failed'), ('paid', 'Paid'), ('partly_refunded', 'Partly refunded'), ('refunding', 'Being refunded'), ('refunded', 'Refunded'), ('void', 'Nothing paid')], default='pending', max_length=20, verbose_name='payment'),
        ),
        migrations.AlterField(
            model_name='refund',
            name='state',
            field=models.CharField(choices=[('requested', 'Requested'), ('waiting_for_account', 'Waiting for an account'), ('pending', 'Being processed'), ('succeeded', 'Refunded'), ('failed', 'Failed'), ('abandoned', 'Given up')], default='requested', max_length=20),
        ),
        migrations.RunPython(explain, forget),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_amount__lte', models.F('received'))), name='payment_refund_bounded'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('goods_amount'), '+', models.F('shipping_amount')), '+', models.F('goodwill_amount')), '-', models.F('fee')))), name='refund_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('vat__lte', models.F('amount'))), name='refund_vat_inside'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['succeeded', 'abandoned']), _negated=True), ('account', {}), _connector='OR'), name='refund_account_forgotten'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(fields=('payment', 'cause'), name='refund_once_per_cause'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('cancellation_id', ''), _negated=True), fields=('payment', 'cancellation_id'), name='refund_once_per_cancellation'),
        ),
        migrations.RunSQL(CHECKS, REMOVE_CHECKS),
    ]
