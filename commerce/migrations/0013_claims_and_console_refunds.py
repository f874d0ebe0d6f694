"""Replacements become parcels; exchanges may cost; refunds of the console are allocated; approvals are seen."""

import django.db.models.deletion
from django.db import migrations, models


def numbers_back(apps, schema_editor):
    """Going back: a claim keeps courier and number of its replacement itself, and no such parcel is known."""
    shipments = apps.get_model("commerce", "Shipment").objects.exclude(purpose="order")
    for claim in apps.get_model("commerce", "Claim").objects.exclude(shipment=None).select_related("shipment"):
        if claim.state == "settled":
            claim.courier_id = claim.shipment.courier_id
            claim.tracking_number = claim.shipment.tracking_number
        claim.shipment = None
        claim.save(update_fields=["courier", "tracking_number", "shipment"])
    shipments.delete()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0012_claims'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='claim',
            name='claim_settled_once',
        ),
        migrations.AddField(
            model_name='claim',
            name='fee',
            field=models.PositiveBigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='claim',
            name='fee_paid',
            field=models.CharField(blank=True, choices=[('enclosed', 'Cash in the parcel'), ('transfer', 'Transfer to the shop'), ('waived', 'The shop does without it')], db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='claim',
            name='noticed_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='claim',
            name='shipment',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claim', to='commerce.shipment'),
        ),
        migrations.AddField(
            model_name='claimline',
            name='wanted',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commerce.variant'),
        ),
        migrations.AddField(
            model_name='payment',
            name='confirming_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='refund',
            name='allocated_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='shipment',
            name='purpose',
            field=models.CharField(choices=[('order', 'Ordered goods'), ('replacement', 'Replacement'), ('back', 'Sent back to the customer')], db_default='order', default='order', max_length=12),
        ),
        migrations.AddField(
            model_name='shipmentline',
            name='option_text',
            field=models.CharField(blank=True, db_default='', max_length=255),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'settled'), _negated=True), models.Q(('courier', None), ('refund__isnull', False)), models.Q(('kind', 'exchange'), ('refund', None), models.Q(('courier__isnull', False), ('shipment__isnull', False), _connector='OR')), _connector='OR'), name='claim_settled_once'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('shipment', None), ('state', 'settled'), models.Q(('received_at__isnull', False), ('state', 'rejected')), _connector='OR'), name='claim_parcel_of_what_came'),
        ),
        migrations.RunPython(migrations.RunPython.noop, numbers_back),
    ]
