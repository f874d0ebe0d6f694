"""The fields of a product that follow from its type and its kind of goods, shown as soon as these are chosen."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html

from cms import attributes, notice_rows
from cms.models import ProductPage, ProductType


def urls() -> list[Any]:
    """Add the address that the script of the product form asks."""
    return [path("own-fields/<str:prefix>/", show, name="own_fields")]


def script() -> str:
    """Add the script to the editor."""
    return format_html('<script src="{}" defer></script>', static("js/admin-own-fields.js"))


def show(request: HttpRequest, prefix: str) -> HttpResponse:
    """Return the fields for `?chosen=`, with what the page `?page=` says in them already."""
    chosen, page = request.GET.get("chosen", ""), _page(request)
    if prefix == notice_rows.PREFIX:
        found = notice_rows.fields(kind=chosen, values=page.notice_values if page else {})
    elif prefix == attributes.PREFIX:
        kind = ProductType.objects.filter(pk=chosen).first() if chosen.isdigit() else None
        defined = list(kind.attributes.all()) if kind else []
        found = attributes.fields(defined=defined, values=page.attribute_values if page else {})
    else:
        raise Http404
    form = forms.Form()
    form.fields.update(found)
    return render(request, "cms/editing/own_fields_rows.html", {"own": list(form)})


def _page(request: HttpRequest) -> ProductPage | None:
    """Return the product page, if the editor may change it."""
    number = request.GET.get("page", "")
    page = ProductPage.objects.filter(pk=number).first() if number.isdigit() else None
    return page if page and page.permissions_for_user(request.user).can_edit() else None
