"""How a category fills itself: by hand or by a rule."""

import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0010_word_editors'),
    ]

    operations = [
        migrations.AddField(
            model_name='categorypage',
            name='fills',
            field=models.CharField(blank=True, choices=[('', 'products name it'), ('picked', 'collection, by hand'), ('rule', 'collection, by a rule')], db_default='', default='', help_text='Collections have the filters of a listing and are not in the menu.', max_length=10, verbose_name='how it fills'),
        ),
        migrations.AddField(
            model_name='categorypage',
            name='rule_attribute',
            field=models.CharField(blank=True, db_default='', default='', help_text='Its code and a value, as in addresses of listings: material:백자', max_length=160, verbose_name='attribute'),
        ),
        migrations.AddField(
            model_name='categorypage',
            name='rule_below',
            field=models.PositiveIntegerField(blank=True, help_text='Won, VAT included.', null=True, verbose_name='price up to'),
        ),
        migrations.AddField(
            model_name='categorypage',
            name='rule_brand',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cms.brand', verbose_name='brand'),
        ),
        migrations.AddField(
            model_name='categorypage',
            name='rule_category',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cms.categorypage', verbose_name='category'),
        ),
        migrations.AddField(
            model_name='categorypage',
            name='rule_days',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='new within days'),
        ),
        migrations.AddField(
            model_name='categorypage',
            name='rule_reduced',
            field=models.BooleanField(db_default=False, default=False, verbose_name='on sale now'),
        ),
        migrations.CreateModel(
            name='CollectionPick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='picks', to='cms.categorypage')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cms.productpage', verbose_name='product')),
            ],
            options={
                'verbose_name': 'product',
                'ordering': ['sort_order', 'pk'],
                'abstract': False,
            },
        ),
    ]
