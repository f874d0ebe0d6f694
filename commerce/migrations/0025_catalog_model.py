"""Brands, attributes, notices, sale prices with a window, the history of prices, and facets by number."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0023_points'),
    ]

    operations = [
        migrations.CreateModel(
            name='FacetValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facet', models.CharField(max_length=80)),
                ('value', models.CharField(max_length=120)),
                ('names', models.JSONField(default=dict)),
                ('labels', models.JSONField(default=dict)),
                ('spelling', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='PriceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('price', models.PositiveIntegerField()),
                ('regular', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ProductFacets',
            fields=[
                ('product', models.OneToOneField(db_index=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='facets', serialize=False, to='commerce.product')),
                ('shared', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ('every', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ('places', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
            ],
        ),
        migrations.CreateModel(
            name='VariantFacets',
            fields=[
                ('variant', models.OneToOneField(db_index=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='facets', serialize=False, to='commerce.variant')),
                ('own', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
        ),
        migrations.AddField(
            model_name='product',
            name='attributes',
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='product',
            name='badges',
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='product',
            name='brand',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='product',
            name='made_to_order',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='product',
            name='notice',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='product',
            name='related',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='producttext',
            name='guides',
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='producttext',
            name='notice',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='variant',
            name='content',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='variant',
            name='content_unit',
            field=models.CharField(blank=True, db_default='', default='', max_length=4),
        ),
        migrations.AddField(
            model_name='variant',
            name='price_told',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='variant',
            name='sale_from',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='variant',
            name='sale_price',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='variant',
            name='sale_until',
            field=models.DateTimeField(null=True),
        ),
        AddConstraintNotValid(
            model_name='variant',
            constraint=models.CheckConstraint(condition=models.Q(('sale_price__isnull', True), models.Q(('sale_price__gt', 0), ('sale_price__lt', models.F('price'))), _connector='OR'), name='variant_sale_is_cheaper'),
        ),
        AddConstraintNotValid(
            model_name='variant',
            constraint=models.CheckConstraint(condition=models.Q(('sale_from__isnull', True), ('sale_until__isnull', True), ('sale_from__lt', models.F('sale_until')), _connector='OR'), name='variant_sale_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='facetvalue',
            constraint=models.UniqueConstraint(fields=('facet', 'value', 'spelling'), name='facet_value_once'),
        ),
        migrations.AddField(
            model_name='pricechange',
            name='variant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='price_changes', to='commerce.variant'),
        ),
        migrations.AddIndex(
            model_name='productfacets',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['shared'], name='product_facets_shared'),
        ),
        migrations.AddField(
            model_name='variantfacets',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='variant_facets', to='commerce.product'),
        ),
        migrations.AddIndex(
            model_name='pricechange',
            index=models.Index(fields=['variant', '-at'], name='price_history'),
        ),
        migrations.AddIndex(
            model_name='variantfacets',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['own'], name='variant_facets_own'),
        ),
    ]
