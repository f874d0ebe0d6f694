"""Copies of personal data, what the law makes the shop keep, and who looked: the last a row that nobody changes."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


FOR_TWO_YEARS = """
CREATE FUNCTION commerce_access_is_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '2 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'who saw personal data is never changed, and not deleted for two years'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER access_is_evidence BEFORE UPDATE OR DELETE ON commerce_personaldataaccess
FOR EACH ROW EXECUTE FUNCTION commerce_access_is_evidence()
"""
NO_EVIDENCE = """
DROP TRIGGER access_is_evidence ON commerce_personaldataaccess;
DROP FUNCTION commerce_access_is_evidence()
"""


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0021_customer_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='RetentionReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('counts', models.JSONField(verbose_name='forgotten')),
            ],
            options={
                'verbose_name': 'retention report',
                'verbose_name_plural': 'retention reports',
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='PersonalDataAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('user_id', models.BigIntegerField(verbose_name='who')),
                ('act', models.CharField(max_length=40, verbose_name='what')),
                ('subject', models.CharField(max_length=80, verbose_name='whose')),
                ('people', models.PositiveIntegerField(default=1, verbose_name='people')),
                ('address', models.CharField(blank=True, max_length=64, verbose_name='from')),
            ],
            options={
                'verbose_name': 'access to personal data',
                'verbose_name_plural': 'accesses to personal data',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['at'], name='access_age'), models.Index(fields=['subject'], name='access_subject')],
            },
        ),
        migrations.CreateModel(
            name='PersonalExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('ready', 'Ready')], default='waiting', max_length=10)),
                ('done', models.PositiveSmallIntegerField(default=0)),
                ('parts', models.PositiveSmallIntegerField(default=0)),
                ('file', models.CharField(blank=True, max_length=200)),
                ('language', models.CharField(max_length=5)),
                ('requested_at', models.DateTimeField()),
                ('ready_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('customer',), name='export_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(('expires_at__isnull', False), models.Q(('file', ''), _negated=True)), _connector='OR'), name='export_ready_has_file')],
            },
        ),
        migrations.CreateModel(
            name='RetainedRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('contract', 'Contract, payment and delivery'), ('complaint', 'Complaint or dispute')], max_length=12, verbose_name='kind')),
                ('basis', models.CharField(max_length=120, verbose_name='legal basis')),
                ('data', models.JSONField()),
                ('kept_from', models.DateTimeField(verbose_name='kept from')),
                ('kept_until', models.DateTimeField(verbose_name='kept until')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='retained', to='commerce.order')),
            ],
            options={
                'verbose_name': 'retained record',
                'verbose_name_plural': 'retained records',
                'ordering': ['kept_until', 'pk'],
                'indexes': [models.Index(fields=['kept_until'], name='retained_expiry')],
                'constraints': [models.UniqueConstraint(fields=('order', 'kind'), name='retained_once'), models.CheckConstraint(condition=models.Q(('kept_until__gt', models.F('kept_from'))), name='retained_for_a_while')],
            },
        ),
        migrations.RunSQL(FOR_TWO_YEARS, NO_EVIDENCE),
    ]
