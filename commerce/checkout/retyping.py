"""What a button of the order sheet fills in is read as if it had been typed."""

from django.http import HttpRequest


def instead(request: HttpRequest, **entries: str) -> None:
    """Let the request be as if these entries had been typed; all others stay."""
    typed = request.POST.copy()
    for name, text in entries.items():
        typed[name] = text
    request.POST = typed  # type: ignore[assignment]  # a copy that may be changed
