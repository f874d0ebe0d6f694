"""PortOne's door. It believes nothing but the signature, keeps the notice and answers; a worker does the rest."""

import logging

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from commerce.events import outbox
from commerce.payments import portone_notices, services
from commerce.payments.gateway import ForgedNotice, UnreadableNotice

logger = logging.getLogger(__name__)
MAX_BYTES = 100_000


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """Keep a signed notice. 200 for anything signed, also what we do not know; 400 for forgeries."""
    if len(request.body) > MAX_BYTES:
        return _refuse("TOO_LARGE", 413)
    try:
        notice = portone_notices.read_notice(
            body=request.body.decode("utf-8", "replace"), headers=request.headers
        )
    except ForgedNotice as forged:
        logger.warning("refused a webhook: %s", forged)
        return _refuse("SIGNATURE", 400)
    except UnreadableNotice:
        return _refuse("UNREADABLE", 400)
    if notice.store_id and notice.store_id != settings.PORTONE_STORE_ID:
        logger.warning("ignored a webhook of another store")
        return JsonResponse({"status": "ignored"})
    with outbox.acting("portone"):
        fresh = services.note(notice=notice, now=timezone.now())
    return JsonResponse({"status": "kept" if fresh else "known"})


def _refuse(kind: str, status: int) -> JsonResponse:
    return JsonResponse({"type": kind}, status=status)
