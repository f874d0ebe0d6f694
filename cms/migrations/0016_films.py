"""Films: files of our own, or addresses of such at YouTube and Vimeo."""

import cms.models.videos
import django.core.validators
import django.db.models.deletion
import modelsearch.index
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0015_imports'),
    ]

    operations = [
        migrations.CreateModel(
            name='ShopVideo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='Shoppers hear it when they choose the film.', max_length=120, verbose_name='title')),
                ('title_en', models.CharField(blank=True, max_length=120, verbose_name='title (English)')),
                ('file', models.FileField(blank=True, help_text='MP4 or WebM, at most 100 MB.', upload_to='videos/', validators=[django.core.validators.FileExtensionValidator(['mp4', 'webm']), cms.models.videos.is_film], verbose_name='file')),
                ('address', models.URLField(blank=True, help_text='Instead of a file. Nothing is loaded from there before a shopper presses play.', verbose_name='address at YouTube or Vimeo')),
                ('captions', models.TextField(blank=True, help_text='WebVTT, of a file.', validators=[cms.models.videos.are_captions], verbose_name='captions')),
                ('captions_en', models.TextField(blank=True, validators=[cms.models.videos.are_captions], verbose_name='captions (English)')),
                ('poster', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cms.shopimage', verbose_name='still picture')),
            ],
            options={
                'verbose_name': 'film',
                'verbose_name_plural': 'films',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('file', ''), models.Q(('address', ''), _negated=True)), models.Q(models.Q(('file', ''), _negated=True), ('address', '')), _connector='OR'), name='film_has_one_source')],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
    ]
