"""Consents, which are only ever added, and mails about accounts until they are sent."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FOR_EVER = """
CREATE FUNCTION consent_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a consent is never changed: add the next one' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consent_is_for_ever BEFORE UPDATE ON commerce_consent
    FOR EACH ROW EXECUTE FUNCTION consent_is_for_ever();
"""
FORGET = """
DROP TRIGGER consent_is_for_ever ON commerce_consent;
DROP FUNCTION consent_is_for_ever();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0017_search_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('to', models.EmailField(max_length=254)),
                ('language', models.CharField(max_length=5)),
                ('details', models.JSONField(default=dict)),
                ('written_at', models.DateTimeField()),
                ('useless_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['useless_at'], name='account_letter_useless')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('age_14', 'I am 14 years old or older'), ('terms', 'I agree to the terms of use'), ('privacy', 'I agree to the collection and use of my personal data'), ('marketing_email', 'I agree to receive advertisements by e-mail'), ('marketing_sms', 'I agree to receive advertisements by text message')], max_length=20)),
                ('given', models.BooleanField()),
                ('text_version', models.CharField(max_length=20)),
                ('channel', models.CharField(choices=[('sign_up', 'Sign-up'), ('settings', 'Settings page'), ('reconfirmed', 'Reconfirmation notice')], max_length=12)),
                ('address', models.GenericIPAddressField(null=True)),
                ('at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'kind', '-id'], name='consent_newest')],
            },
        ),
        migrations.RunSQL(FOR_EVER, FORGET),
    ]
