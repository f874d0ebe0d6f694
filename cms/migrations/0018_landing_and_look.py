"""Landing pages, and what editors choose of the menu, the footer and the look."""

import cms.fields
import cms.theme
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0017_film_editors'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.AddField(
            model_name='shopsettings',
            name='accent',
            field=models.CharField(blank=True, db_default='', default='', help_text='Of buttons and links, like #3e5c50. Empty: the green of the shop.', max_length=7, validators=[cms.theme.check_accent], verbose_name='accent colour'),
        ),
        migrations.AddField(
            model_name='shopsettings',
            name='font',
            field=models.CharField(choices=[('maru', 'Maru Sans, from the shop itself'), ('device', "The device's own letters, nothing is loaded"), ('serif', 'Letters with serifs, as far as the device has them')], db_default='maru', default='maru', max_length=10, verbose_name='letters'),
        ),
        migrations.AddField(
            model_name='shopsettings',
            name='footer_columns',
            field=cms.fields.BlocksField([], blank=True, help_text='Empty: the categories. Customer service and what the law wants stand beside them in any case.', null=True, verbose_name='columns of the footer'),
        ),
        migrations.AddField(
            model_name='shopsettings',
            name='menu',
            field=cms.fields.BlocksField([], blank=True, help_text='Empty: the categories, as they are in their tree, and the stories.', null=True, verbose_name='menu'),
        ),
        migrations.AddField(
            model_name='shopsettings',
            name='radius',
            field=models.PositiveSmallIntegerField(choices=[(0, 'Square'), (2, 'Hardly rounded'), (8, 'Rounded'), (16, 'Very round')], db_default=2, default=2, verbose_name='corners'),
        ),
        migrations.CreateModel(
            name='LandingPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('body', cms.fields.BlocksField([], blank=True, verbose_name='bands')),
                ('social_image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cms.shopimage', verbose_name='picture for messengers')),
            ],
            options={
                'verbose_name': 'landing page',
                'verbose_name_plural': 'landing pages',
            },
            bases=('wagtailcore.page',),
        ),
    ]
