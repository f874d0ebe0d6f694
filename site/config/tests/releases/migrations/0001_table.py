from django.db import migrations


class Migration(migrations.Migration):
    operations = [migrations.RunSQL("CREATE TABLE parcel (id bigint PRIMARY KEY)", "DROP TABLE parcel")]
