"""What can be asked of the sandbox from outside Stripe's API."""

from django.forms.models import model_to_dict

from sandbox.control.answers import Json, action, number
from sandbox.models import Delivery, ReceivedRequest, Try
from sandbox.objects import store

Sent = dict[str, str]
get = action("GET")


@get
def health(sent: Sent) -> Json:
    """Alive, and able to read its database."""
    return {"ok": True, "sessions": store.find("checkout.session").count()}


@get
def requests(sent: Sent) -> Json:
    """Every call to /v1 after number `since`, oldest first."""
    rows = ReceivedRequest.objects.filter(pk__gt=number(sent, "since", 0)).order_by("pk")
    return {"requests": [{"n": row.pk} | model_to_dict(row, exclude=["id"]) for row in rows]}


@get
def events(sent: Sent) -> Json:
    """Every event, oldest first."""
    return {"events": [row.data for row in store.find("event").reverse()]}


@get
def deliveries(sent: Sent) -> Json:
    """The log of every try (`deliveries`), and what is owed or done (`owed`), oldest first."""
    rows = Delivery.objects.order_by("pk")
    return {
        "deliveries": [model_to_dict(row, exclude=["id"]) for row in Try.objects.order_by("pk")],
        "owed": [model_to_dict(row, exclude=["id", "payload"]) for row in rows],
    }
