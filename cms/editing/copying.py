"""Copy a product: a draft without SKUs, for two products cannot share one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.actions.copy_page import CopyPageAction
from wagtail.admin import messages
from wagtail.admin.views.pages.copy import CopyView
from wagtail.admin.viewsets.pages import PageViewSet

from cms.models import ProductPage, ProductVariant


class ProductCopy(CopyView):
    """The admin's copy view for products."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Copy, open the copy for editing, and say what is missing."""
        copy = CopyPageAction(
            page=self.page,
            to=form.cleaned_data["new_parent_page"] or self.parent_page,
            update_attrs={"title": form.cleaned_data["new_title"], "slug": form.cleaned_data["new_slug"]},
            keep_live=False,
            copy_revisions=False,  # earlier revisions hold the SKUs
            process_child_object=_blank_sku,
            user=self.request.user,
        ).execute()
        messages.warning(self.request, _("Copied as a draft. Give every variant a SKU of its own."))
        return redirect(reverse("wagtailadmin_pages:edit", args=(copy.pk,)))


class ProductPageViews(PageViewSet):
    """The page views of products, wherever in the admin they are opened."""

    model = ProductPage
    copy_view_class = ProductCopy
    add_to_admin_menu = False


def _blank_sku(_page: Any, _copy: Any, _relation: Any, child: Any) -> None:
    if isinstance(child, ProductVariant):
        child.sku = child.barcode = ""
