"""Where payment providers call. Verify, write down, answer."""

import logging

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .. import gateways
from ..gateways.protocol import UnverifiedMessage
from ..payments import inbox

logger = logging.getLogger(__name__)
MAX_BYTES = 256 * 1024


@csrf_exempt
@require_POST
def provider_event(request: HttpRequest, gateway: str) -> HttpResponse:
    """Answers 200 once a signed event is written down, 400 to anything else."""
    if gateway not in gateways.GATEWAYS:
        return HttpResponse(status=404)
    if len(request.body) > MAX_BYTES:
        return HttpResponse(status=400)
    try:
        notifications = gateways.get(gateway).read(request.body, request.headers)
    except UnverifiedMessage:
        # Strangers try; if genuine ones are refused, a secret or this machine's clock is wrong.
        logger.warning("a notification from %s was refused: its signature does not hold", gateway)
        return HttpResponse(status=400)
    inbox.receive(gateway, notifications, at=timezone.now())
    return HttpResponse()
