"""Questions: to read, to ask, and the asker's own page."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from commerce.catalog import selectors as catalog
from commerce.catalog import shapes
from commerce.events import outbox
from commerce.orders import tries
from commerce.questions import selectors, services
from commerce.questions.forms import QuestionForm

PER_PAGE = 10
TRIES, SECONDS = 5, 600  # questions per address: each is work for staff

unshared = cache_control(private=True, no_store=True)


@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a product's questions with a form (GET), and take a question (POST)."""
    product = catalog.heading(slug=slug, language=get_language() or shapes.DEFAULT_LANGUAGE)
    if product is None:
        raise Http404
    if request.method != "POST":
        return _show(request, product, QuestionForm(user=request.user))
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _show(request, product, form, status=422)
    now = timezone.now()
    wait = tries.wait(request, name="question", tries=TRIES, seconds=SECONDS, now=now)
    if wait:
        form.add_error(None, tries.words(wait=wait))
        return tries.refused(_show(request, product, form), wait=wait)
    try:
        with outbox.acting("shopper"):
            question = services.ask(
                product_id=product.pk,
                language=get_language() or shapes.DEFAULT_LANGUAGE,
                customer_id=request.user.pk if request.user.is_authenticated else None,
                now=now,
                **form.cleaned_data,
            )
    except services.NoProduct as gone:
        raise Http404 from gone
    messages.success(request, gettext("We have your question and answer it by mail."))
    return redirect("question", token=question.token)


@unshared
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Show a question with its answer to whoever has its address."""
    return _page(request, "commerce/question.html", {"question": _question(token)})


@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether a question should go (GET), and delete it (POST)."""
    question = _question(token)
    if request.method != "POST":
        return _page(request, "commerce/question_withdraw.html", {"question": question})
    with outbox.acting("shopper"):
        services.withdraw(question_id=question.pk, now=timezone.now())
    messages.success(request, gettext("Your question is deleted."))
    return redirect("questions", slug=question.product.slug)


@unshared
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show a signed-in customer what she asked."""
    if not request.user.is_authenticated:
        return redirect(f"{resolve_url(settings.LOGIN_URL)}?next={request.path}")
    rows = selectors.of_person(customer_id=request.user.pk)[:100]
    return _page(request, "commerce/question_mine.html", {"questions": rows})


def _show(
    request: HttpRequest, product: shapes.Heading, form: QuestionForm, *, status: int = 200
) -> HttpResponse:
    paginator = Paginator(selectors.shown(product_id=product.pk), PER_PAGE)
    try:
        page = paginator.page(request.GET.get("page", "1"))
    except InvalidPage as none:
        raise Http404 from none
    context = {
        "product": product,
        "form": form,
        "page": page,
        "page_numbers": paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
    }
    return render(request, "commerce/questions.html", context, status=status)


def _question(token: str) -> Any:
    question = selectors.by_token(token=token)
    if question is None:
        raise Http404
    return question


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    response["Referrer-Policy"] = "same-origin"  # the address is the key to the page
    response["X-Robots-Tag"] = "noindex"
    return response
