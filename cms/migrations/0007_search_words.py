"""Words by which products and stories are found."""

from django.db import migrations, models

from commerce.catalog import keys


def fill(apps, schema_editor):
    for story in apps.get_model("cms", "StoryPage").objects.only("title", "summary").iterator(chunk_size=200):
        story.search_keys = keys.column(keys.entries([story.title, story.summary]))
        story.save(update_fields=["search_keys"])


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0004_courier_staff'),
    ]

    operations = [
        migrations.AddField(
            model_name='productpage',
            name='search_words',
            field=models.CharField(blank=True, db_default='', default='', help_text='What else shoppers may type to find it, with commas between. It is not shown.', max_length=255, verbose_name='other words for it'),
        ),
        migrations.AddField(
            model_name='storypage',
            name='search_keys',
            field=models.TextField(db_default='', default='', editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
