"""What can be done to the sandbox from outside Stripe's API."""

import time
from concurrent.futures import ThreadPoolExecutor

from django.db import transaction

from sandbox import background, cards
from sandbox.api import faults, routes
from sandbox.control import reset as resetting
from sandbox.control.answers import Json, Refused, action, choice, number
from sandbox.errors import ApiError
from sandbox.models import Document, Fault, Try
from sandbox.objects import buying, debits, disputes, endpoints, refunds, sessions, store
from sandbox.pages.hosted import success_url
from sandbox.webhooks import modes, queue, sending

Sent = dict[str, str]


@action()
def pay(sent: Sent, key: str) -> Json:
    """Act as the buyer on the hosted page."""
    session = store.get("checkout.session", key)
    buyer = buying.Buyer(
        sent.get("email") or session.data["customer_email"] or buying.Buyer.email,
        sent.get("name") or buying.Buyer.name,
    )
    if sent.get("method") == "bank_debit":
        result = buying.pay_by_bank(key, buyer)
    else:
        result = _pay_by_card(sent, key, buyer)
    if result.outcome == "expired":
        raise ApiError(result.message, status=409)
    session = store.get("checkout.session", key)
    done = session.data["status"] == "complete"
    return {
        "session": session.data,
        "outcome": result.outcome,
        "redirect": success_url(session) if done else None,
        "said": f"The buyer's payment: {result.outcome}.",
    }


def _pay_by_card(sent: Sent, key: str, buyer: buying.Buyer) -> buying.Result:
    try:
        card = cards.read(sent.get("card", cards.CARDS[0].number))
    except cards.Rejected as reason:
        raise Refused(str(reason)) from reason
    answer = choice(sent, "three_ds", ("complete", "fail"), "complete")
    result = buying.pay_by_card(key, card, buyer)
    if result.outcome == "three_ds":
        result = buying.answer_3ds(key, passed=answer == "complete")
    return result


@action()
def finish_debit(sent: Sent, key: str) -> Json:
    """The bank's answer to a debit, days later."""
    outcome = choice(sent, "outcome", ("succeeded", "failed"))
    session = debits.finish(key, succeeded=outcome == "succeeded")
    return {"session": session.data, "said": f"The bank debit {outcome}."}


@action()
def expire(sent: Sent, key: str) -> Json:
    """End an open session before its time, or (`by=clock`) let its time be over now."""
    if choice(sent, "by", ("call", "clock"), "call") == "clock":
        session = sessions.run_out(key)
        return {"session": session.data, "said": "The session's time is over."}
    return {"session": sessions.expire(key).data, "said": "The session has expired."}


@action()
@transaction.atomic
def tamper(sent: Sent, key: str) -> Json:
    """Make the stored session lie about its total."""
    session = store.get("checkout.session", key)
    total = number(sent, "amount_total")
    if total is None:
        raise Refused("amount_total is missing.")
    session.data["amount_total"] = total
    session.save()
    return {"session": session.data, "said": f"The total is now {total}."}


@action()
def refund(sent: Sent, key: str) -> Json:
    """Refund from the dashboard, behind the shop's back."""
    amount = number(sent, "amount")
    if amount is not None and amount < 1:
        raise Refused("amount must be at least 1.")
    params: Json = {"payment_intent": key} | ({"amount": amount} if amount is not None else {})
    made = refunds.create(params)
    return {"refund": made.data, "said": f"Refunded {made.data['amount']}."}


@action()
def dispute(sent: Sent, key: str) -> Json:
    """The buyer complains to the bank, which takes the money or (`kind=inquiry`) only asks."""
    kind = choice(sent, "kind", ("chargeback", "inquiry"), "chargeback")
    opened = disputes.open_for(key, inquiry=kind == "inquiry")
    return {"dispute": opened.data, "said": "A dispute was opened."}


@action()
def close_dispute(sent: Sent, key: str) -> Json:
    """The bank decides."""
    outcome = choice(sent, "outcome", ("won", "lost"))
    closed = disputes.close(key, won=outcome == "won")
    return {"dispute": closed.data, "said": f"The dispute was {outcome}."}


@action()
def settle(sent: Sent) -> Json:
    """Let refunds that wait or fail show their result now."""
    count = 0
    for row in Document.objects.filter(kind="refund", due_at__isnull=False):
        count += background.settle_one(row.pk)
    return {"settled": count, "said": f"{count} refunds settled."}


@action()
def webhook(sent: Sent) -> Json:
    """Replace the default endpoint."""
    endpoints.set_default(sent.get("url", ""), sent.get("secret", ""))
    return {"url": sent.get("url", "")}


@action()
def mode(sent: Sent) -> Json:
    """How deliveries misbehave from now on."""
    wanted = modes.Mode(
        choice(sent, "mode", modes.MODES, modes.DELIVER), number(sent, "delay_ms", 0) or 0
    )
    modes.switch(wanted)
    return {"mode": wanted.mode, "delay_ms": wanted.delay_ms, "said": f"Mode: {wanted.mode}."}


@action()
def release(sent: Sent) -> Json:
    """Send what is held."""
    count = queue.release()
    return {"released": count, "said": f"{count} deliveries released."}


@action()
def deliver(sent: Sent, key: str) -> Json:
    """Send one event now, to every endpoint, whatever the mode says."""
    event = store.get("event", key)
    times = number(sent, "times", 1) or 1
    parallel = number(sent, "parallel", 0)
    wanting = queue.wanting(event.data["type"])
    parcels = [sending.pack(event, endpoint) for endpoint in wanting for _ in range(times)]
    with ThreadPoolExecutor(max(1, len(parcels)) if parallel else 1) as pool:
        tries = list(pool.map(sending.send, parcels))
    Try.objects.bulk_create(tries)
    statuses = [one.status for one in tries]
    return {"statuses": statuses, "said": f"Delivered: {statuses or 'nobody wants it'}."}


@action("POST", "DELETE")
def fault(sent: Sent) -> Json:
    """Let the next calls of an operation fail, or none any more."""
    if sent["_method"] == "DELETE" or sent.get("clear"):
        Fault.objects.all().delete()
        return {"faults": [], "said": "No faults are pending."}
    seconds = sent.get("seconds", "")
    names = tuple(operation.name for operation in routes.OPERATIONS)
    made = faults.order(
        choice(sent, "operation", ("*", *names), "*"),
        choice(sent, "kind", faults.KINDS, "500"),
        choice(sent, "when", ("before", "after"), "before"),
        number(sent, "times", 1) or 1,
        _seconds(seconds) if seconds else None,
    )
    return {
        "faults": [{"operation": made.operation, "kind": made.kind, "when": made.when,
                    "times": made.times, "seconds": made.seconds}],
        "said": "The fault is pending.",
    }  # fmt: skip


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Refused(f"seconds must be a number, not {text!r}.") from None


@action()
def reset(sent: Sent) -> Json:
    """Forget everything."""
    resetting.forget_everything()
    return {"ok": True, "at": time.time(), "said": "Everything is forgotten."}
