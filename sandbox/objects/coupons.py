"""Coupons: one-off discounts that a session names by id."""

from django.db import transaction

from sandbox.errors import ApiError, NotFound
from sandbox.models import Document
from sandbox.objects import store
from sandbox.objects.store import Json


@transaction.atomic
def create(params: Json) -> Document:
    """Keep a coupon, under the id that was asked for or a random one."""
    key = params.get("id") or store.new_id("", 8)
    if Document.objects.filter(kind="coupon", key=key).exists():
        raise ApiError("Coupon already exists.", code="resource_already_exists", param="id")
    return store.put(_shape(key, params))


def _shape(key: str, params: Json) -> Json:
    return {
        "id": key,
        "object": "coupon",
        "amount_off": params.get("amount_off"),
        "created": store.now(),
        "currency": params["currency"] if "amount_off" in params else None,
        "duration": params.get("duration", "once"),
        "duration_in_months": params.get("duration_in_months"),
        "livemode": False,
        "max_redemptions": params.get("max_redemptions"),
        "metadata": params.get("metadata") or {},
        "name": params.get("name"),
        "percent_off": params.get("percent_off"),
        "redeem_by": params.get("redeem_by"),
        "times_redeemed": 0,
        "valid": True,
    }


def usable(key: str) -> Document:
    """The coupon a new session asks for, or Stripe's refusal."""
    param = "discounts[0][coupon]"
    try:
        coupon = store.get("coupon", key, param)
    except NotFound as missing:
        missing.status = 400
        raise
    if not coupon.data["valid"] or (coupon.data["redeem_by"] or store.now()) < store.now():
        raise ApiError(f"Coupon {key} is used up or expired.", param=param, code="coupon_expired")
    return coupon


def redeem(key: str) -> None:
    """Count one use. A coupon deleted meanwhile is not missed."""
    coupon = Document.objects.filter(kind="coupon", key=key).first()
    if coupon is None:
        return
    coupon.data["times_redeemed"] += 1
    limit = coupon.data["max_redemptions"]
    coupon.data["valid"] = limit is None or coupon.data["times_redeemed"] < limit
    coupon.save()


def delete(key: str) -> Json:
    """Forget it. Sessions that have it keep their price."""
    store.get("coupon", key).delete()
    return {"id": key, "object": "coupon", "deleted": True}
