"""Columns that search reads, and what editors teach it."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0013_claims_and_console_refunds'),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='EmptySearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query', models.CharField(max_length=60, verbose_name='search')),
                ('language', models.CharField(max_length=5, verbose_name='language')),
                ('times', models.PositiveIntegerField(default=0, verbose_name='times')),
                ('shown', models.CharField(choices=[('nothing', 'Nothing'), ('partly', 'Products for some of the words')], default='nothing', max_length=10, verbose_name='shown instead')),
                ('first_at', models.DateTimeField(verbose_name='first')),
                ('last_at', models.DateTimeField(verbose_name='last')),
            ],
            options={
                'verbose_name': 'search without results',
                'verbose_name_plural': 'searches without results',
                'ordering': ['-times', '-last_at'],
            },
        ),
        migrations.CreateModel(
            name='PromotedResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(help_text='With commas between: 선물, 집들이 선물, gift. Compared with the whole search.', max_length=500, verbose_name='searched words')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Lower comes first.', verbose_name='position')),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), default=list, editable=False, size=None)),
            ],
            options={
                'verbose_name': 'promoted result',
                'verbose_name_plural': 'promoted results',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=60, unique=True)),
                ('keys', models.CharField(max_length=240)),
                ('initials', models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='Synonyms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(help_text='With commas between: 컵, 잔, 머그, cup. Korean and English may be mixed.', max_length=500, verbose_name='words')),
                ('both_ways', models.BooleanField(default=True, help_text='Off: the first word finds the others, but they do not find it.', verbose_name='each word finds all others')),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), default=list, editable=False, size=None)),
            ],
            options={
                'verbose_name': 'synonyms',
                'verbose_name_plural': 'synonyms',
                'ordering': ['words'],
            },
        ),
        migrations.AddField(
            model_name='product',
            name='search_initials',
            field=models.TextField(db_default='', default='', editable=False),
        ),
        migrations.AddField(
            model_name='product',
            name='search_keys',
            field=models.TextField(db_default='', default='', editable=False),
        ),
        migrations.AddField(
            model_name='product',
            name='search_title',
            field=models.TextField(db_default='', default='', editable=False),
        ),
        migrations.AddField(
            model_name='producttext',
            name='keywords',
            field=models.CharField(blank=True, db_default='', default='', max_length=255),
        ),
        migrations.AddIndex(
            model_name='emptysearch',
            index=models.Index(models.F('last_at'), name='empty_search_age'),
        ),
        migrations.AddConstraint(
            model_name='emptysearch',
            constraint=models.UniqueConstraint(fields=('query', 'language'), name='empty_search_once'),
        ),
        migrations.AddField(
            model_name='promotedresult',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commerce.product', verbose_name='product'),
        ),
        migrations.AddIndex(
            model_name='searchword',
            index=django.contrib.postgres.indexes.GistIndex(fields=['keys'], name='search_word_keys', opclasses=['gist_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='searchword',
            index=models.Index(fields=['keys'], name='search_word_start', opclasses=['text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='searchword',
            index=models.Index(fields=['initials'], name='search_word_initials', opclasses=['text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='synonyms',
            index=django.contrib.postgres.indexes.GinIndex(fields=['keys'], name='synonyms_keys'),
        ),
        migrations.AddIndex(
            model_name='promotedresult',
            index=django.contrib.postgres.indexes.GinIndex(fields=['keys'], name='promoted_keys'),
        ),
    ]
