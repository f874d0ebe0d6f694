"""Fill an empty shop with things to look at, to buy and to edit. Running it again changes nothing."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms import publishing
from cms.demo import coupons as shown
from cms.demo.content import company, search
from cms.demo.images import Pictures
from cms.demo.site import GOODS, Builder
from cms.management import demo_voices
from cms.models.base import BasePage
from commerce.catalog.models import Product, Variant
from commerce.coupons import services as coupons
from commerce.coupons.models import Coupon
from commerce.events import outbox
from commerce.inventory import stockroom
from commerce.inventory.models import StockMovement
from commerce.points import services as points
from commerce.search import services as learned
from commerce.search.models import PromotedResult, Synonyms

REASON = "첫 입고"
PREORDER = {"MOON-JAR-L": 5}  # units that may be sold before the next firing of the kiln, in three weeks


class Command(BaseCommand):
    help = (
        "Create the demo shop: pages in two languages, products, stock, reviews, people. Safe to run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with outbox.acting("seed_demo"):
            pictures = Pictures()
            with disable_reference_index_auto_update(), transaction.atomic():
                Builder(pictures=pictures, now=timezone.now()).build()
            if pictures.renewed:
                publishing.reconcile()
            for model in BasePage.__subclasses__():
                for page in model.objects.all():
                    ReferenceIndex.create_or_update_for_object(page)
            received = self._stock()
            self._search()
            bought = demo_voices.let_them_speak(now=timezone.now())
        people = self._people()
        self.stdout.write(f"{len(GOODS)} products, {received} deliveries, {bought} orders, {people} people")

    def _stock(self) -> int:
        """Receive the first delivery of every variant that never had one."""
        wanted = {choice.sku: choice.stock for good in GOODS for choice in good.choices if choice.stock}
        moved = StockMovement.objects.values("item__variant_id")
        fresh = Variant.objects.filter(sku__in=wanted).exclude(pk__in=moved)
        now = timezone.now()
        for variant in fresh:
            stockroom.receive(variant_id=variant.pk, quantity=wanted[variant.sku], reason=REASON, now=now)
            if variant.sku in PREORDER:
                stockroom.set_terms(
                    variant_id=variant.pk,
                    backorder_limit=PREORDER[variant.sku],
                    ships_on=timezone.localdate(now) + timedelta(weeks=3),
                    reason="다음 가마",
                    now=now,
                )
        return len(fresh)

    def _search(self) -> None:
        """Teach the search of a shop that was taught nothing yet."""
        if not Synonyms.objects.exists() and not PromotedResult.objects.exists():
            for words in search.SYNONYMS:
                Synonyms.objects.create(words=words)
            products = Product.objects.in_bulk(field_name="slug")
            for words, slugs in search.PROMOTED:
                for place, slug in enumerate(slugs):
                    PromotedResult.objects.create(words=words, product=products[slug], position=place)
        learned.learn_all()

    def _people(self) -> int:
        """Create the demo logins that are missing."""
        users: Any = get_user_model().objects
        made = 0
        for email, password, name, group, superuser in company.USERS:
            user = users.filter(email=email).first()
            if user is None:
                fields = {"first_name": name, "is_staff": superuser, "is_superuser": superuser}
                user = users.create_user(email, password, **fields)
                EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
                made += 1
            if group:
                user.groups.add(self._group(group))
            if not group and not superuser:  # a shopper, who can try to pay with points
                points.grant(customer_id=user.pk, amount=5_000, why="welcome", days=365, now=timezone.now())
                self._coupons(user.pk)
        return made

    def _coupons(self, shopper: int) -> None:
        """Offer coupons in a shop that has none, and give the shopper hers."""
        now = timezone.now()
        if Coupon.objects.exists():
            return
        for terms in shown.coupons(now=now):
            coupon = coupons.offer(terms=terms, now=now)
            if terms.title_ko in shown.HELD:
                coupons.issue(coupon_id=coupon.pk, customer_ids=[shopper], why="demo", by="demo", now=now)

    def _group(self, name: str) -> Group:
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
        )
        return group
