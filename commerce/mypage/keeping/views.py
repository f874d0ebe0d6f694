"""Make an account of an order that this browser has just placed as a guest."""

from typing import Any

from allauth.account.internal import flows
from allauth.account.views import SignupView
from allauth.core.exceptions import ImmediateHttpResponse
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from commerce.cart import session
from commerce.mypage import services, signing_in
from commerce.mypage.keeping.forms import KeepOrder
from commerce.orders import selectors as orders


class Keep(SignupView):  # type: ignore[misc]  # allauth ships no types
    """Choose a password for the account that keeps an order. What it says of an address that has one is what sign-up says."""

    template_name = "mypage/keep.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let only the browser in that placed the order; whoever else has its page signs up as usual."""
        order = orders.to_pay(token=kwargs["token"])
        if order is None:
            raise Http404
        if not services.may_keep(order=order, cart_token=session.guest_token(request)):
            return redirect("order", token=order.token)
        self.order = order
        response = super().dispatch(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"  # the address is the key to the page
        response["X-Robots-Tag"] = "noindex"
        return response

    def get_form_class(self) -> type[KeepOrder]:
        """Return the form with one password."""
        return KeepOrder

    def get_form_kwargs(self) -> dict[str, Any]:
        """Name the order, whose address becomes the account's."""
        return {**super().get_form_kwargs(), "order": self.order}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the order with the form."""
        return {**super().get_context_data(**kwargs), "order": self.order}

    def get_success_url(self) -> str:
        """Return to the order once the code of the mail was typed."""
        return reverse("order", args=[self.order.token])

    def form_valid(self, form: KeepOrder) -> HttpResponse:
        """Make the account with the order in one transaction; whose address has an account gets a mail instead."""
        signing_in.remember_claim(self.request, token=self.order.token)
        with transaction.atomic():
            self.user, answer = form.try_save(self.request)
            if self.user is not None:
                services.keep_order(
                    customer_id=self.user.pk,
                    token=self.order.token,
                    cart_token=session.guest_token(self.request),
                    now=timezone.now(),
                )
        if answer is not None:
            return answer  # type: ignore[no-any-return]
        return self.complete()

    def complete(self) -> HttpResponse:
        """Ask for the code that was sent to the address."""
        try:
            answer: HttpResponse = flows.signup.complete_signup(
                self.request, user=self.user, redirect_url=self.get_success_url()
            )
        except ImmediateHttpResponse as instead:
            return instead.response  # type: ignore[no-any-return]
        return answer


keep = Keep.as_view()
