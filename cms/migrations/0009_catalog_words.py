"""Brands, product types, guides; what product pages say with them; sale prices; the notice of the law."""

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import modelsearch.index
import re
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0008_search_editors'),
    ]

    operations = [
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=60, verbose_name='name (English)')),
                ('key', models.SlugField(help_text='In addresses of listings.', max_length=60, unique=True, verbose_name='key')),
            ],
            options={
                'verbose_name': 'brand',
                'verbose_name_plural': 'brands',
                'ordering': ['name'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Guide',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('care', 'care'), ('size', 'size')], max_length=10, verbose_name='kind')),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('title_en', models.CharField(blank=True, max_length=80, verbose_name='title (English)')),
                ('body', wagtail.fields.RichTextField(verbose_name='text')),
                ('body_en', wagtail.fields.RichTextField(blank=True, verbose_name='text (English)')),
            ],
            options={
                'verbose_name': 'guide',
                'verbose_name_plural': 'guides',
                'ordering': ['kind', 'title'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='ProductType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='name')),
            ],
            options={
                'verbose_name': 'product type',
                'verbose_name_plural': 'product types',
                'ordering': ['name'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.AddField(
            model_name='productpage',
            name='attribute_values',
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='productpage',
            name='badge',
            field=models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='own badge'),
        ),
        migrations.AddField(
            model_name='productpage',
            name='badge_en',
            field=models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='own badge (English)'),
        ),
        migrations.AddField(
            model_name='productpage',
            name='made_to_order',
            field=models.BooleanField(db_default=False, default=False, verbose_name='made to order'),
        ),
        migrations.AddField(
            model_name='productpage',
            name='notice_in_description',
            field=models.BooleanField(db_default=False, default=False, help_text='Rows left empty then say “See the description of the product” (상품 상세 참조).', verbose_name='the rest is in the description'),
        ),
        migrations.AddField(
            model_name='productpage',
            name='notice_kind',
            field=models.CharField(blank=True, choices=[('clothing', 'Clothing'), ('shoes', 'Shoes'), ('bags', 'Bags'), ('bedding', 'Bedding and curtains'), ('furniture', 'Furniture'), ('kitchen', 'Kitchen and table ware'), ('cosmetics', 'Cosmetics'), ('food', 'Processed food'), ('electronics', 'Electric appliances'), ('chemical', 'Household chemicals: candles, scents'), ('other', 'Other goods')], db_default='', default='', help_text='The law asks for other information of clothes than of food. The rows follow once it is saved.', max_length=20, verbose_name='kind of goods'),
        ),
        migrations.AddField(
            model_name='productpage',
            name='notice_values',
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='productvariant',
            name='content',
            field=models.PositiveIntegerField(blank=True, help_text='How much is in it: the price per 100 g or ml is shown.', null=True, verbose_name='content'),
        ),
        migrations.AddField(
            model_name='productvariant',
            name='content_unit',
            field=models.CharField(blank=True, choices=[('g', 'g'), ('ml', 'ml'), ('cm', 'cm'), ('pc', 'pieces')], db_default='', default='', max_length=4, verbose_name='unit of content'),
        ),
        migrations.AddField(
            model_name='productvariant',
            name='sale_from',
            field=models.DateTimeField(blank=True, help_text='Empty: at once.', null=True, verbose_name='on sale from'),
        ),
        migrations.AddField(
            model_name='productvariant',
            name='sale_price',
            field=models.PositiveIntegerField(blank=True, help_text='Won, VAT included.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='sale price'),
        ),
        migrations.AddField(
            model_name='productvariant',
            name='sale_until',
            field=models.DateTimeField(blank=True, help_text='Empty: until further notice.', null=True, verbose_name='on sale until'),
        ),
        migrations.AddField(
            model_name='productpage',
            name='brand',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cms.brand', verbose_name='brand'),
        ),
        migrations.AddField(
            model_name='productpage',
            name='care_guide',
            field=models.ForeignKey(blank=True, limit_choices_to={'kind': 'care'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cms.guide', verbose_name='care guide'),
        ),
        migrations.AddField(
            model_name='productpage',
            name='size_guide',
            field=models.ForeignKey(blank=True, limit_choices_to={'kind': 'size'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cms.guide', verbose_name='size guide'),
        ),
        migrations.CreateModel(
            name='ProductRelation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('kind', models.CharField(choices=[('matching', 'goes well with it'), ('similar', 'is like it')], default='matching', max_length=10, verbose_name='relation')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='cms.productpage')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cms.productpage', verbose_name='product')),
            ],
            options={
                'verbose_name': 'related product',
                'ordering': ['sort_order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProductAttribute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('code', models.CharField(help_text='Latin letters, digits, hyphens: it stands in addresses of listings.', max_length=40, validators=[django.core.validators.RegexValidator(re.compile('^[-a-zA-Z0-9_]+\\Z'), 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.', 'invalid')], verbose_name='code')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=60, verbose_name='name (English)')),
                ('kind', models.CharField(choices=[('text', 'free text'), ('number', 'figure'), ('choice', 'choice'), ('boolean', 'yes or no'), ('colour', 'colour')], default='text', max_length=10, verbose_name='kind')),
                ('unit', models.CharField(blank=True, help_text='Of numbers: cm, g, W.', max_length=12, verbose_name='unit')),
                ('choices', models.TextField(blank=True, help_text='One a line: 백자 = White. A colour has its value too: 백자 = White #f4f1ea', verbose_name='choices')),
                ('bounds', models.CharField(blank=True, help_text='Of numbers: where one range of the filter ends and the next begins, as 10, 20, 30.', max_length=120, verbose_name='ranges')),
                ('facet', models.BooleanField(default=True, help_text='Listings can be narrowed by it. Texts never are.', verbose_name='filter')),
                ('product_type', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='attributes', to='cms.producttype')),
            ],
            options={
                'verbose_name': 'attribute',
                'ordering': ['sort_order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='productpage',
            name='product_type',
            field=models.ForeignKey(blank=True, help_text='Its attributes are asked for below once the draft is saved.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cms.producttype', verbose_name='product type'),
        ),
    ]
