"""Stop mails with one click in the mail reader (RFC 8058): it posts one field to the address in the mail's head.

It brings no cookie, so there is nothing that another site could abuse; who has the address has the mail.
"""

from django.http import HttpRequest, HttpResponse

FIELD, VALUE = "List-Unsubscribe", "One-Click"


def asked(request: HttpRequest) -> bool:
    """Return whether a mail reader posts, and not a person who pressed the button of a page."""
    return request.method == "POST" and request.POST.get(FIELD) == VALUE


def told(words: str, *, status: int = 200) -> HttpResponse:
    """Say in plain text what happened: no page is shown to anybody."""
    return HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=status)
