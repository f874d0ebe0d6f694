"""Reviews: to read, to write on the order's page, to report; and their photos."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import InvalidPage, Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from commerce import oneclick
from commerce.catalog import selectors as catalog
from commerce.catalog import shapes
from commerce.events import outbox
from commerce.orders import selectors as orders
from commerce.orders import tries
from commerce.orders.models import Order, OrderLine
from commerce.photos import files
from commerce.reviews import inviting, selectors, services
from commerce.reviews.forms import ReportForm, ReviewForm
from commerce.reviews.models import Review
from commerce.reviews.states import Complaint, State

PER_PAGE = 10
TRIES, SECONDS = 20, 600  # writing and reporting, per address: photos cost work
PHOTO_SECONDS = 300  # a browser keeps a photo so long: a review that is taken off the page is gone soon

unshared = cache_control(private=True, no_store=True)


@require_safe
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a product's reviews: `?stars=`, `?photos=1` narrow them, `?sort=` and `?page=` choose what is seen."""
    language = get_language() or shapes.DEFAULT_LANGUAGE
    product = catalog.heading(slug=slug, language=language)
    if product is None:
        raise Http404
    stars = request.GET.get("stars", "")
    asked = {
        "stars": int(stars) if stars in {"1", "2", "3", "4", "5"} else 0,
        "photos": request.GET.get("photos") == "1",
        "sort": request.GET.get("sort", ""),
    }
    rows = selectors.published(product_id=product.pk, **asked)  # type: ignore[arg-type]
    paginator = Paginator(rows, PER_PAGE)
    try:
        page = paginator.page(request.GET.get("page", "1"))
    except InvalidPage as none:
        raise Http404 from none
    context = {
        "product": product,
        "summary": selectors.summary(rating=product.rating),
        "page": page,
        "page_numbers": paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "asked": asked,
        "sorts": [(key, label) for key, (label, _order) in selectors.SORTS.items()],
    }
    return render(request, "commerce/reviews.html", context)


@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, token: str, line: int) -> HttpResponse:
    """Show the form for a line of an order (GET) and take the review (POST), a new one or an edited one."""
    order, bought = _bought(token, line)
    now = timezone.now()
    review = selectors.of_line(order=order, line_id=line)
    if review is None and line not in selectors.reviewable(order=order, now=now):
        messages.info(request, gettext("You can review things within 180 days after they arrived."))
        return redirect("order", token=token)
    if request.method != "POST":
        return _form_page(request, order, bought, review, ReviewForm(review=review))
    form = ReviewForm(request.POST, request.FILES, review=review)
    wait = tries.wait(request, name="review", tries=TRIES, seconds=SECONDS, now=now)
    if wait:
        messages.error(request, tries.words(wait=wait))
        return tries.refused(_form_page(request, order, bought, review, form), wait=wait)
    if not form.is_valid():
        return _form_page(request, order, bought, review, form, status=422)
    try:
        _store(request, order, line, review, form)
    except services.AlreadyReviewed:
        messages.info(request, gettext("We have your review already. You can edit it here."))
        return redirect("review-write", token=token, line=line)
    except services.UnableToReview:
        form.add_error(None, gettext("This is not possible any more. Please load the page anew."))
        return _form_page(request, order, bought, review, form, status=422)
    messages.success(
        request, gettext("Thank you. We look at your review and then show it on the product's page.")
    )
    return redirect("order", token=token)


@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str, line: int) -> HttpResponse:
    """Ask whether a review should go (GET), and delete it (POST)."""
    order, bought = _bought(token, line)
    review = selectors.of_line(order=order, line_id=line)
    if review is None:
        return redirect("order", token=token)
    if request.method != "POST":
        return _page(
            request, "commerce/review_withdraw.html", {"order": order, "line": bought, "review": review}
        )
    with outbox.acting("shopper"):
        services.withdraw(review_id=review.pk, now=timezone.now())
    messages.success(request, gettext("Your review is deleted."))
    return redirect("order", token=token)


@unshared
@require_safe
def own_photo(request: HttpRequest, token: str, line: int, photo: int) -> HttpResponseBase:
    """Show a photo of a review to whoever has its order's address, published or not."""
    order, _bought_line = _bought(token, line)
    review = selectors.of_line(order=order, line_id=line)
    row = review.photos.filter(pk=photo).first() if review else None
    if row is None:
        raise Http404
    return _stream(row.small)


@cache_control(public=True, max_age=PHOTO_SECONDS)
@require_safe
def photo(request: HttpRequest, name: str) -> HttpResponseBase:
    """Show a photo of a published review to everybody."""
    stored = f"reviews/{name}.jpg"
    if not selectors.shown_photo(name=stored):
        raise Http404
    return _stream(stored)


@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, review: int) -> HttpResponse:
    """Ask what is wrong with a review (GET), and tell staff (POST)."""
    found = Review.objects.filter(pk=review, state=State.PUBLISHED).select_related("product").first()
    if found is None:
        raise Http404
    form = ReportForm(request.POST or None)
    context = {"review": found, "form": form}
    if request.method != "POST":
        return _page(request, "commerce/review_report.html", context)
    now = timezone.now()
    wait = tries.wait(request, name="review-report", tries=TRIES, seconds=SECONDS, now=now)
    if wait:
        messages.error(request, tries.words(wait=wait))
        return tries.refused(_page(request, "commerce/review_report.html", context), wait=wait)
    if not form.is_valid():
        return _page(request, "commerce/review_report.html", context, status=422)
    _report(request, found, form)
    messages.success(request, gettext("Thank you. Our staff looks at it."))
    return redirect("reviews", slug=found.product.slug)


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Say how reviews are collected, checked and deleted (전자상거래법 §21의4)."""
    return render(request, "commerce/review_policy.html", {"days": selectors.POSTING.days})


@csrf_exempt  # a mail reader posts here too, and only a mail has the address
@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether mails that ask for reviews should end (GET), and end them (POST)."""
    order = _order(token)
    if request.method != "POST":
        return _page(request, "commerce/review_stop.html", {"order": order})
    inviting.stop(email=order.email, now=timezone.now())
    if oneclick.asked(request):
        return oneclick.told(gettext("Done: we will not ask you for reviews by mail any more."))
    messages.success(request, gettext("We will not ask you for reviews by mail any more."))
    return redirect("order", token=token)


@unshared
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show a signed-in buyer what can be reviewed and what she wrote."""
    if not request.user.is_authenticated:
        return redirect(f"{_sign_in()}?next={request.path}")
    rows = selectors.of_person(customer_id=request.user.pk, now=timezone.now())
    return _page(request, "commerce/review_mine.html", {"rows": rows})


def _store(request: HttpRequest, order: Order, line: int, review: Review | None, form: ReviewForm) -> None:
    typed, now = form.cleaned_data, timezone.now()
    written = {"rating": typed["rating"], "text": typed["text"], "pictures": typed["pictures"], "now": now}
    with outbox.acting("shopper"):
        if review:
            services.edit(review_id=review.pk, without=typed["without"], **written)
            return
        services.post(
            order_id=order.pk,
            line_id=line,
            language=get_language() or shapes.DEFAULT_LANGUAGE,
            customer_id=request.user.pk if request.user.is_authenticated else None,
            **written,
        )


def _report(request: HttpRequest, review: Review, form: ReportForm) -> None:
    try:
        with outbox.acting("shopper"):
            services.report(
                review_id=review.pk,
                kind=Complaint(form.cleaned_data["kind"]),
                text=form.cleaned_data["text"],
                address=tries.client(request),
                now=timezone.now(),
            )
    except services.Gone as gone:
        raise Http404 from gone


def _form_page(
    request: HttpRequest,
    order: Order,
    line: OrderLine,
    review: Review | None,
    form: ReviewForm,
    *,
    status: int = 200,
) -> HttpResponse:
    picture = shapes.Picture.of(line.picture, language=get_language() or shapes.DEFAULT_LANGUAGE)
    context = {"order": order, "line": line, "review": review, "form": form, "picture": picture}
    return _page(request, "commerce/review_form.html", context, status=status)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Referrer-Policy"] = "same-origin"  # the address may be a key
    response["X-Robots-Tag"] = "noindex"
    return response


def _stream(name: str) -> HttpResponseBase:
    try:
        response = FileResponse(files.read(name=name), content_type="image/jpeg")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _bought(token: str, line: int) -> tuple[Order, OrderLine]:
    order = _order(token)
    found = next((row for row in order.lines.all() if row.pk == line), None)
    if found is None:
        raise Http404
    return order, found


def _order(token: str) -> Order:
    order = orders.by_token(token=token)
    if order is None:
        raise Http404
    return order


def _sign_in() -> str:
    return resolve_url(settings.LOGIN_URL)
