"""Reviews, questions, wishlists and restock requests; ratings of products, held cart lines, the promise of dispatch."""

import commerce.questions.models
import commerce.restock.models
import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0029_collections'),
    ]

    operations = [
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('token', models.CharField(default=commerce.questions.models.new_token, max_length=40, unique=True)),
                ('author', models.CharField(max_length=60, verbose_name='asked by')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('language', models.CharField(max_length=5)),
                ('text', models.TextField(max_length=1000, verbose_name='question')),
                ('secret', models.BooleanField(default=False, verbose_name='secret')),
                ('hidden', models.BooleanField(default=False, verbose_name='hidden')),
                ('answer', models.TextField(blank=True, max_length=2000, verbose_name='answer')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
            ],
            options={
                'verbose_name': 'question',
                'verbose_name_plural': 'questions',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='RestockRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('language', models.CharField(max_length=5)),
                ('token', models.CharField(default=commerce.restock.models.new_token, max_length=40, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('told', 'Told'), ('cancelled', 'Cancelled')], default='waiting', max_length=10, verbose_name='state')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('told_at', models.DateTimeField(null=True, verbose_name='told')),
                ('held_until', models.DateTimeField(null=True, verbose_name='held until')),
                ('hold_over', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'restock request',
                'verbose_name_plural': 'restock requests',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('author', models.CharField(max_length=60, verbose_name='author')),
                ('rating', models.PositiveSmallIntegerField(verbose_name='stars')),
                ('text', models.TextField(max_length=2000, verbose_name='review')),
                ('option_text', models.CharField(blank=True, max_length=255, verbose_name='option')),
                ('language', models.CharField(max_length=5)),
                ('state', models.CharField(choices=[('pending', 'Waits for a look'), ('published', 'Published'), ('rejected', 'Rejected')], default='pending', max_length=10, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('reply', models.TextField(blank=True, max_length=1000, verbose_name="the shop's answer")),
                ('replied_at', models.DateTimeField(null=True)),
                ('posted_at', models.DateTimeField(verbose_name='written')),
                ('edited_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reports', models.PositiveIntegerField(default=0, verbose_name='reports')),
            ],
            options={
                'verbose_name': 'review',
                'verbose_name_plural': 'reviews',
                'ordering': ['-posted_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReviewInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invited_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ReviewOptOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ReviewPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('small', models.CharField(max_length=80, unique=True)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ReviewReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(max_length=32)),
                ('kind', models.CharField(choices=[('rude', 'It insults or harasses somebody'), ('private', 'It shows personal data'), ('advert', 'It is advertising'), ('untrue', 'It is not about this product'), ('other', 'Something else')], max_length=10, verbose_name='reason')),
                ('text', models.CharField(blank=True, max_length=300, verbose_name='details')),
                ('at', models.DateTimeField()),
                ('looked_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Wishlist',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='WishlistItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-added_at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='cartline',
            name='hold',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='product',
            name='rating_bars',
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='product',
            name='rating_count',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='product',
            name='rating_score',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='product',
            name='rating_sum',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='shippingmethod',
            name='cut_off',
            field=models.TimeField(blank=True, null=True, verbose_name='cut-off time'),
        ),
        migrations.AddField(
            model_name='shippingmethod',
            name='handling_days',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='days until it leaves'),
        ),
        migrations.AddField(
            model_name='question',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='questions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='question',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='commerce.product'),
        ),
        migrations.AddField(
            model_name='restockrequest',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='restock_requests', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='restockrequest',
            name='variant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restock_requests', to='commerce.variant'),
        ),
        migrations.AddField(
            model_name='review',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reviews', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='review',
            name='order_line',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='commerce.orderline'),
        ),
        migrations.AddField(
            model_name='review',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='commerce.product'),
        ),
        migrations.AddField(
            model_name='reviewinvitation',
            name='order',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='review_invitation', to='commerce.order'),
        ),
        migrations.AddField(
            model_name='reviewphoto',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='commerce.review'),
        ),
        migrations.AddField(
            model_name='reviewreport',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='complaints', to='commerce.review'),
        ),
        migrations.AddField(
            model_name='wishlist',
            name='customer',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='wishlist', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='wishlistitem',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commerce.product'),
        ),
        migrations.AddField(
            model_name='wishlistitem',
            name='wishlist',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='commerce.wishlist'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('hidden', False)), fields=['product', '-asked_at'], name='question_shown'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('answered_at', None), ('hidden', False)), fields=['asked_at'], name='question_open'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='question_asks_something'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='question_answer_known'),
        ),
        migrations.AddIndex(
            model_name='restockrequest',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['variant', 'id'], name='restock_line'),
        ),
        migrations.AddIndex(
            model_name='restockrequest',
            index=models.Index(condition=models.Q(('held_until__isnull', False), ('hold_over', False)), fields=['held_until'], name='restock_held'),
        ),
        migrations.AddConstraint(
            model_name='restockrequest',
            constraint=models.UniqueConstraint(models.F('variant'), django.db.models.functions.text.Lower('email'), condition=models.Q(('state', 'waiting')), name='restock_waits_once'),
        ),
        migrations.AddConstraint(
            model_name='restockrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'told'), ('told_at__isnull', False)), models.Q(models.Q(('state', 'told'), _negated=True), ('told_at', None)), _connector='OR'), name='restock_told_known'),
        ),
        migrations.AddConstraint(
            model_name='restockrequest',
            constraint=models.CheckConstraint(condition=models.Q(('held_until', None), ('state', 'told'), _connector='OR'), name='restock_held_for_the_told'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('state', 'published')), fields=['product', '-posted_at'], name='review_shown'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['posted_at'], name='review_waiting'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('rating__gte', 1), ('rating__lte', 5)), name='review_stars'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='review_says_something'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'pending'), ('decided_at__isnull', False), _connector='OR'), name='review_decided_known'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'rejected'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='review_rejected_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replied_at', None), ('reply', '')), models.Q(models.Q(('reply', ''), _negated=True), ('replied_at__isnull', False)), _connector='OR'), name='review_reply_known'),
        ),
        migrations.AddConstraint(
            model_name='reviewreport',
            constraint=models.UniqueConstraint(fields=('review', 'who'), name='review_report_once'),
        ),
        migrations.AddIndex(
            model_name='wishlist',
            index=models.Index(condition=models.Q(('customer', None)), fields=['changed_at'], name='wishlist_of_guests'),
        ),
        migrations.AddConstraint(
            model_name='wishlistitem',
            constraint=models.UniqueConstraint(fields=('wishlist', 'product'), name='wishlist_item_once'),
        ),
    ]
