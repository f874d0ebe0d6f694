from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class AddIndexIfMissing(AddIndexConcurrently):
    """Build an index while the shop runs, once: it may be there already, whole or as a failed attempt left it.

    Shops that migrated early have two of these indexes since 0003 and 0004, which built them under a lock.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        whole = self._found(schema_editor)
        if whole:
            return
        if whole is not None:
            schema_editor.execute(f'DROP INDEX CONCURRENTLY "{self.index.name}"')
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if self._found(schema_editor) is not None:
            super().database_backwards(app_label, schema_editor, from_state, to_state)

    def _found(self, schema_editor):
        """Tell whether the index is whole; None: there is none."""
        with schema_editor.connection.cursor() as cursor:
            cursor.execute('SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)', [self.index.name])
            row = cursor.fetchone()
        return row[0] if row else None


WAITS = (('state__in', [0, 2]), ('queue', 'webhooks'))


class Migration(migrations.Migration):

    atomic = False  # deliveries are made and done while these indexes grow

    dependencies = [
        ('workers', '0004_steering'),
    ]

    operations = [
        AddIndexIfMissing(
            model_name='delivery',
            index=models.Index(condition=models.Q(('handler__startswith', 'webhook:')), fields=['handler', '-id'], name='delivery_webhook'),
        ),
        AddIndexIfMissing(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 5)), fields=['event'], name='delivery_cancelled'),
        ),
        AddIndexIfMissing(
            model_name='delivery',
            index=models.Index(condition=models.Q(*WAITS), fields=['handler', 'priority', 'available_at', 'id'], name='delivery_lane'),
        ),
        AddIndexIfMissing(
            model_name='delivery',
            index=models.Index(condition=models.Q(*WAITS, ('dispatches__gt', 0)), fields=['handler'], name='delivery_sent'),
        ),
    ]
