"""Where the files of product feeds lie."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commerce", "0035_newsletter")]

    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.SlugField(unique=True, verbose_name="feed")),
                ("file", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("entries", models.PositiveIntegerField(verbose_name="entries")),
                ("edition", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(verbose_name="made")),
            ],
            options={
                "verbose_name": "product feed",
                "verbose_name_plural": "product feeds",
                "ordering": ["name"],
            },
        ),
    ]
