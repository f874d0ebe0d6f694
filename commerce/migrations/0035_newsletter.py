"""Subscriptions of the shop's news, and the evidence of their consents, which is only ever added."""

import commerce.newsletter.models
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

FOR_EVER = """
CREATE FUNCTION newsletter_consent_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a consent is never changed: add the next one' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER newsletter_consent_is_for_ever BEFORE UPDATE ON commerce_subscriptionconsent
    FOR EACH ROW EXECUTE FUNCTION newsletter_consent_is_for_ever();
"""
FORGET = """
DROP TRIGGER newsletter_consent_is_for_ever ON commerce_subscriptionconsent;
DROP FUNCTION newsletter_consent_is_for_ever();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0034_leaving'),
    ]

    operations = [
        migrations.AlterField(
            model_name='consent',
            name='channel',
            field=models.CharField(choices=[('sign_up', 'Sign-up'), ('settings', 'Settings page'), ('reconfirmed', 'Reconfirmation notice'), ('newsletter', 'Newsletter')], max_length=12),
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('language', models.CharField(max_length=5)),
                ('token', models.CharField(default=commerce.newsletter.models.new_token, max_length=40, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting for confirmation'), ('active', 'Subscribed'), ('ended', 'Unsubscribed')], default='waiting', max_length=10, verbose_name='state')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('changed_at', models.DateTimeField(null=True, verbose_name='confirmed or ended')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='newsletter', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'newsletter subscription',
                'verbose_name_plural': 'newsletter subscriptions',
            },
        ),
        migrations.CreateModel(
            name='SubscriptionConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given', models.BooleanField()),
                ('text_version', models.CharField(max_length=20)),
                ('channel', models.CharField(choices=[('mail', 'Link in a mail'), ('account', 'Settings page'), ('reconfirmed', 'Reconfirmation notice')], max_length=12)),
                ('address', models.GenericIPAddressField(null=True)),
                ('at', models.DateTimeField()),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='commerce.subscription')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='newsletter_address_once'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'waiting'), ('changed_at__isnull', False), _connector='OR'), name='newsletter_change_known'),
        ),
        migrations.RunSQL(FOR_EVER, FORGET),
    ]
