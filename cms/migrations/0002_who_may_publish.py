"""In a shop, editors publish what they write; moderators also keep the shop's settings."""

from django.db import migrations


def grant(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    root = Page.objects.filter(depth=1).first()
    if root is None:
        return
    page_type = ContentType.objects.get_or_create(app_label="wagtailcore", model="page")[0]
    publish = Permission.objects.get_or_create(
        content_type=page_type, codename="publish_page", defaults={"name": "Publish any page"}
    )[0]
    editors = Group.objects.get_or_create(name="Editors")[0]
    GroupPagePermission.objects.get_or_create(group=editors, page=root, permission=publish)

    settings_type = ContentType.objects.get_or_create(app_label="cms", model="shopsettings")[0]
    change = Permission.objects.get_or_create(
        content_type=settings_type, codename="change_shopsettings", defaults={"name": "Can change shop settings"}
    )[0]
    Group.objects.get_or_create(name="Moderators")[0].permissions.add(change)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
