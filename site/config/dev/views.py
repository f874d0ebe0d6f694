"""What only a developer sees: these addresses exist while DEBUG is on."""

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from config.dev import mails

_own_styles = csp_update({"style-src": ["'unsafe-inline'"], "frame-src": ["'self'"]})


@_own_styles
def mail_list(request: HttpRequest) -> HttpResponse:
    """List the mails that were sent, newest first."""
    return render(request, "dev/mails.html", {"mails": mails.newest_first(), "folder": mails.folder()})


@_own_styles  # type: ignore[arg-type]  # its types know views without arguments only
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail: how it looks, its text, its headers."""
    return render(request, "dev/mail.html", {"mail": _found(name)})


@csp_update({"style-src": ["'unsafe-inline'"], "sandbox": ["allow-popups"]})  # type: ignore[arg-type]  # its types know views without arguments only
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """Show the HTML part alone, without scripts and with the style attributes that mails need."""
    return HttpResponse(_found(name).html)


def _found(name: str) -> mails.Mail:
    found = mails.find(name=name)
    if found is None:
        raise Http404("no such mail")
    return found
