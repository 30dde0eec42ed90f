"""The one door to /v1: who asks, what, has it been asked before, do it, write it down."""

import base64
import binascii
import logging
import time
from contextlib import nullcontext
from dataclasses import dataclass, field

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from sandbox import settings, strict
from sandbox.api import expanding, faults, forms, idempotency, routes, rules
from sandbox.api.idempotency import Answer
from sandbox.errors import ApiError, InvalidParameter
from sandbox.models import ReceivedRequest
from sandbox.objects import events, store
from sandbox.server import break_connection

log = logging.getLogger(__name__)


@dataclass
class Exchange:
    """One call on its way through."""

    request: HttpRequest
    request_id: str
    body: str
    fault: faults.Ordered = field(default_factory=faults.Ordered)
    replayed: bool = False

    @property
    def key(self) -> str | None:
        """The idempotency key; only a POST can have one."""
        if self.request.method != "POST":
            return None
        return self.request.headers.get("Idempotency-Key")


def api(request: HttpRequest, path: str) -> HttpResponse:
    """Answer any call below /v1/."""
    exchange = Exchange(request, store.new_id("req_", 14), _text(request.body))
    row = _write_down(exchange)
    try:
        answer = _answer(exchange, path.rstrip("/"))
        exchange.fault.strike("after")
    except ApiError as refusal:
        answer = Answer(refusal.status, refusal.body())
    except faults.Broken:
        return _cut_off(exchange, row)
    except Exception:
        log.exception("%s %s", request.method, request.path)
        answer = _failed()
    _note(row, exchange, answer)
    return _respond(exchange, answer)


def _text(body: bytes) -> str:
    return body.decode("utf-8", errors="replace")


def _answer(exchange: Exchange, path: str) -> Answer:
    _authenticate(exchange.request.headers.get("Authorization", ""))
    method = exchange.request.method or ""
    found = routes.find(method, path)
    if found is None:
        raise ApiError(f"Unrecognized request URL ({method}: /v1/{path}).", status=404)
    operation, key = found
    if exchange.key is not None:
        return _once(exchange, operation, key, exchange.key)
    exchange.fault = faults.next_for(operation.name)
    exchange.fault.strike("before")
    return _run(exchange, operation, key)


def _once(
    exchange: Exchange, operation: routes.Operation, key: str, idempotency_key: str
) -> Answer:
    """Run the call unless its key says that it has run."""
    if not 0 < len(idempotency_key) <= 255:
        raise InvalidParameter("Idempotency keys have 1 to 255 characters.")
    same = idempotency.fingerprint(operation.method, exchange.request.path, exchange.body)
    # In one step: of two calls at once, the one that goes wrong is the one that has the key.
    with transaction.atomic():
        fault = faults.next_for(operation.name)
        stored = idempotency.claim(idempotency_key, same)
    exchange.fault = fault
    try:
        fault.strike("before")
        if stored:
            exchange.replayed = True
            return stored
        answer = _run(exchange, operation, key)
        idempotency.keep(idempotency_key, answer)
        return answer
    finally:
        idempotency.release(idempotency_key)


def _run(exchange: Exchange, operation: routes.Operation, key: str) -> Answer:
    exchange.fault.dawdle("before")
    if exchange.fault.kind == "500" and exchange.fault.when == "before":
        return _failed()
    try:
        body = _work(exchange, operation, key)
    except InvalidParameter:
        raise  # refused before anything was done: not an answer to keep
    except ApiError as refusal:
        return Answer(refusal.status, refusal.body())
    exchange.fault.dawdle("after")
    return _failed() if exchange.fault.kind == "500" else Answer(200, body)


def _failed() -> Answer:
    failure = faults.failure()
    return Answer(failure.status, failure.body())


def _work(exchange: Exchange, operation: routes.Operation, key: str) -> store.Json:
    params = strict.read(operation.shape, forms.parse(_parameters(exchange)))
    rules.check(operation.name, params)
    path = exchange.request.path.rstrip("/")
    call = routes.Call(path, params, _base_url(exchange.request), key)
    # Reading takes no lock, so that it never waits for a writer.
    unit = nullcontext() if operation.method == "GET" else transaction.atomic()
    with events.caused_by(exchange.request_id, exchange.key), unit:
        return expanding.expand(operation.run(call), params.get("expand", []))


def _parameters(exchange: Exchange) -> str:
    request = exchange.request
    if request.method != "POST":
        return request.META["QUERY_STRING"]
    if exchange.body and not (request.content_type or "").startswith(
        "application/x-www-form-urlencoded"
    ):
        raise InvalidParameter(
            "Invalid request (check that your POST content type is "
            "application/x-www-form-urlencoded)."
        )
    return exchange.body


def _base_url(request: HttpRequest) -> str:
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


def _authenticate(header: str) -> None:
    scheme, _, key = header.partition(" ")
    if scheme == "Basic":
        try:
            key = base64.b64decode(key).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            key = ""
    if scheme not in ("Bearer", "Basic") or not key.startswith(("sk_test_", "rk_test_")):
        hint = f"Invalid API Key provided: {key[:8]}***"
        raise ApiError(hint if key else "You did not provide an API key.", status=401)


def _write_down(exchange: Exchange) -> ReceivedRequest:
    request = exchange.request
    headers = dict(request.headers)
    # Enough to see which kind of key it was.
    headers["Authorization"] = headers.get("Authorization", "")[:15] + "***"
    return ReceivedRequest.objects.create(
        at=time.time(),
        method=request.method or "",
        path=request.get_full_path(),
        body=exchange.body,
        headers=headers,
    )


def _note(row: ReceivedRequest, exchange: Exchange, answer: Answer | None) -> None:
    # An update, not a save: a reset may have come in between.
    ReceivedRequest.objects.filter(pk=row.pk).update(
        status=answer.status if answer else None,
        response=answer.body if answer else None,
        fault=exchange.fault.kind,
    )


def _cut_off(exchange: Exchange, row: ReceivedRequest) -> HttpResponse:
    _note(row, exchange, None)
    if exchange.fault.kind == "timeout":
        time.sleep(exchange.fault.seconds)
    break_connection(exchange.request.META["sandbox.connection"])
    return HttpResponse()


def _respond(exchange: Exchange, answer: Answer) -> HttpResponse:
    response = JsonResponse(answer.body, status=answer.status, json_dumps_params={"indent": 2})
    response["Request-Id"] = exchange.request_id
    response["Stripe-Version"] = settings.API_VERSION
    if exchange.key:
        response["Idempotency-Key"] = exchange.key
    if exchange.replayed:
        response["Idempotent-Replayed"] = "true"
    return response
