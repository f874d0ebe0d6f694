"""Coupons: offers, tickets, uses. At commit the database compares what an order was reduced by with its use."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was taken off an order besides points is what its coupon says, and a use is for ever but for coming back once.
AGREE = """
CREATE FUNCTION commerce_check_coupon() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint;
    reduction bigint;
    used numeric;
BEGIN
    IF TG_TABLE_NAME = 'commerce_order' THEN checked := NEW.id; ELSE checked := NEW.order_id; END IF;
    SELECT discount_total - points_total INTO reduction FROM commerce_order WHERE id = checked;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(amount), 0) INTO used FROM commerce_couponuse WHERE order_id = checked;
    IF used <> reduction THEN
        RAISE EXCEPTION 'order %: reduced by %, its coupon by %', checked, reduction, used
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_coupon_agrees';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER commerce_order_reduction
    AFTER INSERT OR UPDATE OF discount_total, points_total ON commerce_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.discount_total > NEW.points_total)
    EXECUTE FUNCTION commerce_check_coupon();
CREATE CONSTRAINT TRIGGER commerce_couponuse_reduction
    AFTER INSERT ON commerce_couponuse
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commerce_check_coupon();

CREATE FUNCTION commerce_coupon_use_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.returned_at IS NULL AND NEW.returned_at IS NOT NULL
        AND (NEW.ticket_id, NEW.order_id, NEW.amount, NEW.used_at)
            IS NOT DISTINCT FROM (OLD.ticket_id, OLD.order_id, OLD.amount, OLD.used_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a use of a coupon is never changed: it is given back once'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER couponuse_stays BEFORE UPDATE OR DELETE ON commerce_couponuse
FOR EACH ROW EXECUTE FUNCTION commerce_coupon_use_stays()
"""
DISAGREE = """
DROP TRIGGER couponuse_stays ON commerce_couponuse;
DROP FUNCTION commerce_coupon_use_stays();
DROP TRIGGER commerce_couponuse_reduction ON commerce_couponuse;
DROP TRIGGER commerce_order_reduction ON commerce_order;
DROP FUNCTION commerce_check_coupon()
"""


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0039_barcode_once'),
    ]

    operations = [
        migrations.CreateModel(
            name='Coupon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title_ko', models.CharField(max_length=60, verbose_name='title (Korean)')),
                ('title_en', models.CharField(max_length=60, verbose_name='title (English)')),
                ('kind', models.CharField(choices=[('fixed', 'Fixed sum'), ('percent', 'Per cent of the goods')], max_length=8, verbose_name='kind')),
                ('value', models.PositiveBigIntegerField(verbose_name='what it takes off')),
                ('most', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='at most (won)')),
                ('least', models.PositiveBigIntegerField(default=0, verbose_name='from so many won of goods')),
                ('code', models.CharField(blank=True, max_length=20, null=True, unique=True, verbose_name='code')),
                ('starts_at', models.DateTimeField(verbose_name='begins')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('lives_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days a ticket lives')),
                ('issue_limit', models.PositiveIntegerField(blank=True, null=True, verbose_name='how many are given out')),
                ('issued', models.PositiveIntegerField(default=0, verbose_name='given out')),
                ('on_joining', models.BooleanField(default=False, verbose_name='for new members')),
                ('offered_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'coupon',
                'verbose_name_plural': 'coupons',
                'ordering': ['-offered_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('value__gt', 0), models.Q(('kind', 'fixed'), models.Q(('kind', 'percent'), ('value__lte', 100)), _connector='OR')), name='coupon_value'), models.CheckConstraint(condition=models.Q(('most', None), models.Q(('kind', 'percent'), ('most__gt', 0)), _connector='OR'), name='coupon_most'), models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='coupon_begins_first'), models.CheckConstraint(condition=models.Q(('lives_days', None), ('lives_days__gt', 0), _connector='OR'), name='coupon_lives_a_day'), models.CheckConstraint(condition=models.Q(('issue_limit', None), ('issued__lte', models.F('issue_limit')), _connector='OR'), name='coupon_not_overissued'), models.CheckConstraint(condition=models.Q(('code', None), ('code__regex', '^[A-Z0-9]{4,20}$'), _connector='OR'), name='coupon_code_plain')],
            },
        ),
        migrations.CreateModel(
            name='CouponTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(max_length=60)),
                ('given_by', models.CharField(blank=True, max_length=80)),
                ('issued_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('coupon', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='commerce.coupon')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='coupons', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['ends_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CouponUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.PositiveBigIntegerField()),
                ('used_at', models.DateTimeField()),
                ('returned_at', models.DateTimeField(null=True)),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='coupon_use', to='commerce.order')),
                ('ticket', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='commerce.couponticket')),
            ],
            options={
                'ordering': ['-used_at', '-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='couponticket',
            constraint=models.UniqueConstraint(fields=('coupon', 'customer', 'cause'), name='coupon_once_per_cause'),
        ),
        migrations.AddIndex(
            model_name='couponuse',
            index=models.Index(fields=['ticket', '-used_at'], name='coupon_uses'),
        ),
        migrations.AddConstraint(
            model_name='couponuse',
            constraint=models.UniqueConstraint(condition=models.Q(('returned_at', None)), fields=('ticket',), name='coupon_ticket_used_once'),
        ),
        migrations.AddConstraint(
            model_name='couponuse',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='coupon_use_positive'),
        ),
        migrations.RunSQL(AGREE, DISAGREE),
    ]
