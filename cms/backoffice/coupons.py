"""The addresses of coupons in the back office."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from cms.backoffice.coupon_acts import TakeBackPage, WithdrawPage
from cms.backoffice.coupon_edit import ChangePage, OfferPage, sentence
from cms.backoffice.coupon_give import GivePage
from cms.backoffice.coupon_list import CouponFilters, CouponIndex
from cms.backoffice.coupon_page import CouponPage
from cms.backoffice.coupon_people import HoldersPage, PersonPage
from cms.backoffice.read_only import ReadOnlyViewSet
from commerce.coupons.models import Coupon


class CouponViewSet(ReadOnlyViewSet):
    """A list, a page, forms that call services, and who holds what."""

    model = Coupon
    name = "coupons"
    icon = "tag"
    menu_label = _("Coupons")
    list_per_page = 50
    form_fields = ["title_ko"]  # no form is ever made of it
    index_view_class = CouponIndex
    inspect_view_class = CouponPage
    filterset_class = CouponFilters

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add what is done to coupons and tickets."""
        return [
            *super().get_urlpatterns(),
            path("new/", self.construct_view(OfferPage), name="add"),
            path("sentence/", sentence, name="sentence"),
            path("<int:pk>/change/", self.construct_view(ChangePage), name="change"),
            path("<int:pk>/withdraw/", self.construct_view(WithdrawPage), name="withdraw"),
            path("<int:pk>/give/", self.construct_view(GivePage), name="give"),
            path("<int:pk>/people/", self.construct_view(HoldersPage), name="holders"),
            path("people/<int:pk>/", self.construct_view(PersonPage), name="person"),
            path("tickets/<int:pk>/take-back/", self.construct_view(TakeBackPage), name="take-back"),
        ]
