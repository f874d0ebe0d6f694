"""Couriers, parcels, and how far an order's parcels are."""

import commerce.fulfilment.tracking
import django.db.models.deletion
from django.db import migrations, models


# code, Korean, English, digits of a number, where a parcel is followed
COURIERS = [
    ("cj", "CJ대한통운", "CJ Logistics", (10, 12), "https://trace.cjlogistics.com/next/tracking.html?wblNo={n}"),
    (
        "hanjin",
        "한진택배",
        "Hanjin",
        (10, 12),
        "https://www.hanjin.com/kor/CMS/DeliveryMgr/WaybillResult.do?mCode=MN038&schLang=KR&wblnumText2={n}",
    ),
    (
        "lotte",
        "롯데택배",
        "Lotte Global Logistics",
        (10, 13),
        "https://www.lotteglogis.com/home/reservation/tracking/invoiceView?InvNo={n}",
    ),
    (
        "epost",
        "우체국택배",
        "Korea Post",
        (13, 13),
        "https://service.epost.go.kr/trace.RetrieveDomRigiTraceList.comm?sid1={n}&displayHeader=N",
    ),
    ("logen", "로젠택배", "Logen", (10, 11), "https://www.ilogen.com/web/personal/trace/{n}"),
]


def create_couriers(apps, schema_editor):
    for position, (code, ko, en, (least, most), address) in enumerate(COURIERS):
        apps.get_model("commerce", "Courier").objects.get_or_create(
            code=code,
            defaults={
                "name_ko": ko,
                "name_en": en,
                "tracking_url": address,
                "digits_min": least,
                "digits_max": most,
                "position": position,
            },
        )


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0007_payment_comparison'),
    ]

    operations = [
        migrations.CreateModel(
            name='Courier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True, verbose_name='code')),
                ('name_ko', models.CharField(max_length=40, verbose_name='name (Korean)')),
                ('name_en', models.CharField(max_length=40, verbose_name='name (English)')),
                ('tracking_url', models.CharField(help_text='https only; {n} stands for the tracking number.', max_length=300, validators=[commerce.fulfilment.tracking.check_address], verbose_name='tracking address')),
                ('digits_min', models.PositiveSmallIntegerField(default=8, verbose_name='digits, at least')),
                ('digits_max', models.PositiveSmallIntegerField(default=20, verbose_name='digits, at most')),
                ('active', models.BooleanField(default=True, verbose_name='active')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'courier',
                'verbose_name_plural': 'couriers',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Shipment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tracking_number', models.CharField(max_length=30, verbose_name='tracking number')),
                ('shipped_at', models.DateTimeField(verbose_name='sent')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='delivered')),
                ('arrival', models.CharField(blank=True, choices=[('staff', 'The shop said so'), ('shopper', 'The shopper said so'), ('assumed', 'Nobody said otherwise in time')], max_length=10)),
            ],
            options={
                'verbose_name': 'parcel',
                'verbose_name_plural': 'parcels',
                'ordering': ['shipped_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ShipmentLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='order',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='confirmed'),
        ),
        migrations.AlterField(
            model_name='order',
            name='fulfilment_status',
            field=models.CharField(choices=[('waiting', 'Not yet prepared'), ('preparing', 'Being prepared'), ('partly_shipped', 'Partly sent'), ('shipped', 'On its way'), ('delivered', 'Delivered')], default='waiting', max_length=20, verbose_name='fulfilment'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('status', 'paid')), fields=['paid_at'], name='order_to_ship'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('confirmed_at', None), ('status', 'fulfilled')), fields=['id'], name='order_to_confirm'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_at', None), ('status', 'fulfilled'), _connector='OR'), name='order_confirmed_after_delivery'),
        ),
        migrations.AddConstraint(
            model_name='courier',
            constraint=models.CheckConstraint(condition=models.Q(('digits_min__gte', 1), ('digits_max__gte', models.F('digits_min')), ('digits_max__lte', 30)), name='courier_digits'),
        ),
        migrations.AddField(
            model_name='shipment',
            name='courier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commerce.courier', verbose_name='courier'),
        ),
        migrations.AddField(
            model_name='shipment',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shipments', to='commerce.order'),
        ),
        migrations.AddField(
            model_name='shipmentline',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shipped', to='commerce.orderline'),
        ),
        migrations.AddField(
            model_name='shipmentline',
            name='shipment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='commerce.shipment'),
        ),
        migrations.AddIndex(
            model_name='shipment',
            index=models.Index(fields=['courier', 'tracking_number'], name='shipment_number'),
        ),
        migrations.AddIndex(
            model_name='shipment',
            index=models.Index(condition=models.Q(('delivered_at', None)), fields=['shipped_at'], name='shipment_under_way'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.CheckConstraint(condition=models.Q(('tracking_number__regex', '^[0-9]{1,30}$')), name='shipment_number_digits'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('arrival', ''), ('delivered_at', None)), models.Q(('delivered_at__isnull', False), models.Q(('arrival', ''), _negated=True)), _connector='OR'), name='shipment_arrival_known'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.CheckConstraint(condition=models.Q(('delivered_at', None), ('delivered_at__gte', models.F('shipped_at')), _connector='OR'), name='shipment_arrives_after_leaving'),
        ),
        migrations.AddConstraint(
            model_name='shipmentline',
            constraint=models.UniqueConstraint(fields=('shipment', 'line'), name='shipment_line_once'),
        ),
        migrations.AddConstraint(
            model_name='shipmentline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='shipment_line_positive'),
        ),
        migrations.RunPython(create_couriers, migrations.RunPython.noop),
    ]
