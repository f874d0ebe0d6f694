"""My addresses: list, add, change, make the default, delete after one question."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commerce.customers import addresses
from commerce.customers.models import Address
from commerce.mypage import guard
from commerce.mypage.addresses import forms


@guard.signed_in
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the addresses of who is signed in."""
    rows = addresses.of(customer_id=guard.customer_id(request))
    return render(request, "mypage/addresses.html", {"addresses": rows, "most": addresses.MOST})


@guard.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Keep another address."""
    form = forms.AddressForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, reverse("account-address-add"))
    try:
        addresses.add(
            customer_id=guard.customer_id(request),
            place=form.place(),
            default=form.cleaned_data["default"],
            now=timezone.now(),
        )
    except addresses.TooManyAddresses as full:
        why = gettext("You can keep at most %(limit)d addresses. Please delete one first.")
        form.add_error(None, why % {"limit": full.limit})
        return _page(request, form, reverse("account-address-add"))
    messages.success(request, gettext("The address was saved."))
    return redirect("account-addresses")


@guard.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an address."""
    address = _mine(request, pk)
    here = reverse("account-address", args=[pk])
    if request.method != "POST":
        return _page(request, forms.AddressForm(initial=forms.typed(address=address)), here, address)
    form = forms.AddressForm(request.POST)
    if not form.is_valid():
        return _page(request, form, here, address)
    try:
        addresses.change(
            customer_id=guard.customer_id(request),
            address_id=pk,
            place=form.place(),
            default=form.cleaned_data["default"],
            now=timezone.now(),
        )
    except Address.DoesNotExist as gone:
        raise Http404 from gone
    messages.success(request, gettext("The address was saved."))
    return redirect("account-addresses")


@guard.signed_in
@require_POST
def make_default(request: HttpRequest, pk: int) -> HttpResponse:
    """Let parcels usually go there."""
    try:
        addresses.make_default(customer_id=guard.customer_id(request), address_id=pk, now=timezone.now())
    except Address.DoesNotExist as gone:
        raise Http404 from gone
    messages.success(request, gettext("Your parcels go there from now on."))
    return redirect("account-addresses")


@guard.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then forget an address."""
    address = _mine(request, pk)
    if request.method != "POST":
        return render(request, "mypage/address_delete.html", {"address": address})
    try:
        addresses.remove(customer_id=guard.customer_id(request), address_id=pk, now=timezone.now())
    except Address.DoesNotExist as gone:
        raise Http404 from gone
    messages.success(request, gettext("The address was deleted."))
    return redirect("account-addresses")


def _mine(request: HttpRequest, pk: int) -> Address:
    address = addresses.one(customer_id=guard.customer_id(request), address_id=pk)
    if address is None:
        raise Http404
    return address


def _page(request: HttpRequest, form: Any, action: str, address: Address | None = None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"form": form, "action": action, "address": address}
    return render(request, "mypage/address.html", context, status=status)
