"""Who may do what in the back office. Registered before any viewset asks."""

from collections.abc import Collection
from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from commerce.claims.models import Claim
from commerce.coupons.models import Coupon
from commerce.feeds.models import Feed
from commerce.fulfilment.models import Courier
from commerce.inventory.models import StockItem
from commerce.orders.models import Order
from commerce.payments.models import PaymentComparison
from commerce.questions.models import Question
from commerce.reviews.models import Review
from commerce.search.models import EmptySearch
from commerce.shipping.models import ShippingMethod

SEE_PEOPLE = "commerce.view_personal_data"
EXPORT_ORDERS = "commerce.export_order"
ACT_ON_ORDERS = "commerce.change_order"
ACT_ON_REVIEWS = "commerce.change_review"
ACT_ON_QUESTIONS = "commerce.change_question"
ACT_ON_STOCK = "commerce.change_stockitem"
SEE_COUPONS = "commerce.view_coupon"
OFFER_COUPONS = "commerce.add_coupon"
ACT_ON_COUPONS = "commerce.change_coupon"


class LookOnly(ModelPermissionPolicy):
    """Rows that are read here and written by services only: nothing to add, edit or delete, for nobody."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow looking to those who may; refuse everything else, to administrators too."""
        return action == "view" and bool(super().user_has_permission(user, action))

    def users_with_any_permission(self, actions: Collection[str]) -> Any:
        """Return who may look, when looking is asked for."""
        return super().users_with_any_permission({"view"} & set(actions))


class NeverDeleted(ModelPermissionPolicy):
    """Rows that are switched off instead of deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Refuse to delete."""
        return action != "delete" and bool(super().user_has_permission(user, action))


def register() -> None:
    """Tell Wagtail the policies; must run before the first viewset is made."""
    register_permission_policy(Order, LookOnly(Order))
    register_permission_policy(Claim, LookOnly(Order))  # who sees orders sees what comes back of them
    register_permission_policy(PaymentComparison, LookOnly(PaymentComparison))
    register_permission_policy(Review, LookOnly(Review))
    register_permission_policy(Question, LookOnly(Question))
    register_permission_policy(StockItem, LookOnly(StockItem))
    register_permission_policy(Coupon, LookOnly(Coupon))
    register_permission_policy(Feed, LookOnly(Feed))
    register_permission_policy(EmptySearch, LookOnly(EmptySearch))
    register_permission_policy(ShippingMethod, NeverDeleted(ShippingMethod))
    register_permission_policy(Courier, NeverDeleted(Courier))
