"""The page of a review, its photos, and the acts on one or on many."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.log_actions import log

from cms.backoffice import people, policies
from cms.backoffice.review_list import TONES
from commerce.photos import files
from commerce.reviews import selectors, services
from commerce.reviews.models import Review, ReviewPhoto

MOST = 200  # reviews that one press of a button judges


class Rejection(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The author reads it in a mail and on the order's page. Unfavourable is no reason."
        ),
    )


class Answer(forms.Form):
    """What the shop says to it."""

    reply = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Everybody reads it below the review. Empty takes it back."),
    )


class ReviewPage(generic.InspectView):
    """Everything about a review; a POST carries `act`, which says what to do."""

    template_name = "backoffice/review.html"
    fields = ["rating"]
    object: Review
    sent: Any = None

    def get_object(self, queryset: Any = None) -> Review:
        """Read the review with order, product and photos."""
        try:
            return selectors.by_id(review_id=self.pk)
        except Review.DoesNotExist as unknown:
            raise Http404 from unknown

    def get_page_title(self) -> str:
        """Call the page by what was bought."""
        return self.object.order_line.title

    def get_page_subtitle(self) -> str:
        """Say nothing twice."""
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Reviews")},
            {"url": "", "label": self.get_page_title()},
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what was asked; a refusal is told on the form, which keeps what was typed."""
        if not request.user.has_perm(policies.ACT_ON_REVIEWS):
            raise PermissionDenied
        act = request.POST.get("act", "")
        self.sent = {"reject": Rejection, "answer": Answer}.get(act, forms.Form)(request.POST)
        if act not in _DEEDS or not self.sent.is_valid():
            answer: HttpResponse = self.render_to_response(self.get_context_data(), status=422)
            return answer
        try:
            with people.acting(request.user):
                _DEEDS[act](review_id=self.object.pk, now=timezone.now(), **self.sent.cleaned_data)
        except services.Gone:
            messages.warning(request, _("Its author deleted this review."))
            return redirect("reviews:index")
        log(instance=self.object.order_line.order, action=f"backoffice.review-{act}", user=request.user)
        messages.success(request, _TOLD[act])
        return redirect("reviews:inspect", self.object.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the template shows."""
        review = self.object
        return {
            **super().get_context_data(**kwargs),
            "review": review,
            "tag": (review.get_state_display(), TONES[review.state]),
            "may_act": self.request.user.has_perm(policies.ACT_ON_REVIEWS),
            "reject": self.sent if isinstance(self.sent, Rejection) else Rejection(),
            "answer": self.sent if isinstance(self.sent, Answer) else Answer(initial={"reply": review.reply}),
            "open_reports": [row for row in review.complaints.all() if row.looked_at is None],
        }


_DEEDS: dict[str, Any] = {
    "publish": services.publish,
    "reject": services.reject,
    "answer": services.answer,
    "keep": services.keep,
}
_TOLD: dict[str, Any] = {
    "publish": gettext_lazy("The review is published."),
    "reject": gettext_lazy("The review is not shown. Its author gets a mail with the reason."),
    "answer": gettext_lazy("The answer is saved."),
    "keep": gettext_lazy("The review stays; its reports are done with."),
}


@require_POST
def judge_many(request: HttpRequest) -> HttpResponse:
    """Publish the ticked reviews, or reject them all for one reason; each is judged on its own."""
    if not request.user.has_perm(policies.ACT_ON_REVIEWS):
        raise PermissionDenied
    keys = [int(text) for text in request.POST.getlist("review") if text.isascii() and text.isdigit()][:MOST]
    act, form = request.POST.get("act", ""), Rejection(request.POST)
    if not keys:
        messages.warning(request, _("Nothing was selected."))
    elif act == "reject" and not form.is_valid():
        messages.error(request, _("Please write the reason: each author reads it."))
    elif act in ("publish", "reject"):
        _judge(request, keys, act, form.cleaned_data["reason"] if act == "reject" else "")
    return redirect("reviews:index")


@require_safe
def photo(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Stream a photo of a review to staff that may see reviews, published or not."""
    if not request.user.has_perm("commerce.view_review"):
        raise PermissionDenied
    row = ReviewPhoto.objects.filter(pk=number, review=pk).first()
    if row is None:
        raise Http404
    try:
        response = FileResponse(files.read(name=row.name), content_type="image/jpeg")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _judge(request: HttpRequest, keys: list[int], act: str, reason: str) -> None:
    done = 0
    with people.acting(request.user):
        for key in keys:
            try:
                if act == "publish":
                    done += services.publish(review_id=key, now=timezone.now())
                else:
                    done += services.reject(review_id=key, reason=reason, now=timezone.now())
            except services.Gone:
                continue  # its author was quicker
    text = ngettext("%(count)d review is judged.", "%(count)d reviews are judged.", done) % {"count": done}
    messages.success(request, text)
