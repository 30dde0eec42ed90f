"""Where payment providers call. Verify, write down, answer."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .. import gateways, inbox
from ..gateways.protocol import UnverifiedMessage

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
        return HttpResponse(status=400)
    inbox.receive(gateway, notifications, at=timezone.now())
    return HttpResponse()
