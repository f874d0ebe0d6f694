"""Subscribe to the shop's news, confirm it and end it. Opening a link changes nothing: mail readers open them too."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commerce import oneclick
from commerce.accounts import clients
from commerce.catalog.shapes import DEFAULT_LANGUAGE
from commerce.events import outbox
from commerce.newsletter import services
from commerce.newsletter.forms import NewsletterForm
from commerce.newsletter.models import Subscription
from commerce.orders import tries

TRIES, SECONDS = 10, 600  # questions per client: nobody fills other people's letter boxes

unshared = cache_control(private=True, no_store=True)


@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form (GET), and write to an address (POST): the answer is the same whether it is known or not."""
    if request.method != "POST":
        return _page(request, "commerce/newsletter.html", form=NewsletterForm())
    form = NewsletterForm(request.POST)
    if not form.is_valid():
        return _page(request, "commerce/newsletter.html", form=form, status=422)
    now = timezone.now()
    if wait := tries.wait(request, name="newsletter", tries=TRIES, seconds=SECONDS, now=now):
        form.add_error(None, tries.words(wait=wait))
        return tries.refused(_page(request, "commerce/newsletter.html", form=form), wait=wait)
    with outbox.acting("shopper"):
        services.ask(email=form.cleaned_data["email"], language=get_language() or DEFAULT_LANGUAGE, now=now)
    return redirect("newsletter-asked")


@unshared
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    return _page(request, "commerce/newsletter_asked.html")


@unshared
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Show how a subscription stands, with the buttons that confirm and end it."""
    return _page(request, "commerce/newsletter_state.html", subscription=_found(token))


@unshared
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Subscribe."""
    found = _found(token)
    try:
        with outbox.acting("shopper"):
            services.confirm(token=token, address=clients.address(request), now=timezone.now())
    except services.TooLate:
        return _page(request, "commerce/newsletter_state.html", subscription=found, late=True, status=409)
    return redirect("newsletter-state", token=token)


@csrf_exempt  # a mail reader posts here too, and only a mail has the address
@unshared
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the news should end (GET), and unsubscribe (POST), from a page or by one click in a mail reader."""
    one_click = oneclick.asked(request)
    found = Subscription.objects.filter(token=token).first()
    if found is None and one_click:
        return oneclick.told(gettext("There is no such subscription any more."), status=404)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, "commerce/newsletter_state.html", subscription=found)
    with outbox.acting("shopper"):
        services.end(token=token, address=clients.address(request), now=timezone.now())
    if one_click:
        return oneclick.told(gettext("Done: you get no more news from us."))
    return redirect("newsletter-state", token=token)


def _found(token: str) -> Subscription:
    found = Subscription.objects.filter(token=token).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Referrer-Policy"] = "same-origin"  # the address may be a key
    response["X-Robots-Tag"] = "noindex"
    return response
