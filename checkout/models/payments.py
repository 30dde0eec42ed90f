"""Tries to pay an order, and what the provider told us."""

import uuid
from datetime import datetime

from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .orders import Order


class PaymentAttempt(models.Model):
    """One page at the provider where one order may be paid.

    Every parameter sent to the provider is a pure function of this row and its order, so that
    the same call can be repeated with the same idempotency key.
    """

    class State(models.TextChoices):
        NEW = "new", _("Not yet at the provider")
        OPEN = "open", _("Waiting for the shopper")
        PENDING = "pending", _("Under way")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Expired")

    LIVE = (State.NEW, State.OPEN, State.PENDING)  # money may still come

    order = models.ForeignKey(Order, models.PROTECT, related_name="attempts")
    gateway = models.CharField(_("gateway"), max_length=30)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    # The provider's names for its page and for the payment made there.
    # Null, not empty, until it is known: it is unique.
    reference = models.CharField(_("reference"), max_length=255, null=True)  # noqa: DJ001
    payment_reference = models.CharField(_("payment"), max_length=255, blank=True, db_index=True)
    url = models.URLField(max_length=2000, blank=True)
    # In the smallest unit of `currency`: what the provider was asked for.
    amount_minor = models.PositiveBigIntegerField(_("amount in minor units"))
    currency = models.CharField(max_length=3)
    # What the provider has really taken, once it has: not always what it was asked for.
    captured_minor = models.PositiveBigIntegerField(null=True)
    captured_currency = models.CharField(max_length=3, blank=True)
    method = models.CharField(_("paid with"), max_length=60, blank=True)
    # This payment is the one the order was sold for. Other money for the order belongs back.
    pays_order = models.BooleanField(default=False)
    livemode = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    created_at = models.DateTimeField(_("started"))
    expires_at = models.DateTimeField(_("expires"))
    settled_at = models.DateTimeField(null=True)
    # When beat asks the provider next, and how often it has.
    check_at = models.DateTimeField(null=True)
    checks = models.PositiveSmallIntegerField(default=0)
    # When somebody who loaded a page had the provider asked last.
    asked_at = models.DateTimeField(null=True)
    # How often the provider was asked for the page in vain.
    unanswered = models.PositiveSmallIntegerField(default=0)
    # The shop itself ends this page, so nobody is invited to pay again.
    closing = models.BooleanField(default=False)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("payment attempt")
        verbose_name_plural = _("payment attempts")
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "reference"], name="a_provider_page_belongs_to_one_attempt"
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["new", "open", "pending"]),
                name="one_live_attempt_per_order",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(pays_order=True), name="an_order_is_sold_once"
            ),
            models.CheckConstraint(
                condition=Q(pays_order=False) | Q(state="paid", captured_minor=F("amount_minor")),
                name="an_order_is_sold_for_the_amount_asked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["check_at"],
                name="attempts_to_check",
                condition=Q(state__in=["new", "open", "pending"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.reference or self.key}"


class ProviderEventQuerySet(models.QuerySet["ProviderEvent"]):
    def follow_up_again(self, at: datetime) -> int:
        """Have these events followed up once more, from the start. Returns how many."""
        again = {"state": ProviderEvent.State.RECEIVED, "attempts": 0, "due_at": at}
        return self.update(**again, handled_at=None, last_error="")


class ProviderEvent(models.Model):
    """The inbox: every verified message of a provider, once, whatever became of it."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        HANDLED = "handled", _("Handled")
        IGNORED = "ignored", _("Not for us")
        UNMATCHED = "unmatched", _("Belongs to no payment")
        QUARANTINED = "quarantined", _("Wrong account or mode")
        FAILED = "failed", _("Failed")

    gateway = models.CharField(max_length=30)
    event_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=80)
    # The provider's page and payment it speaks of; either may be unknown.
    reference = models.CharField(max_length=255, blank=True)
    payment_reference = models.CharField(max_length=255, blank=True)
    # Our own name for the attempt, as the provider repeats it.
    attempt_key = models.CharField(max_length=255, blank=True)
    livemode = models.BooleanField(default=False)
    # Another account's name at the provider, where that is whose event it is.
    account = models.CharField(max_length=255, blank=True)
    # False: we found it in the provider's own list.
    by_webhook = models.BooleanField(default=True)
    payload = models.JSONField()
    received_at = models.DateTimeField()
    # When personal data was taken out of `payload`.
    scrubbed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    handled_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    # Who had it followed up again, and when.
    replayed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    replayed_at = models.DateTimeField(null=True)

    objects = ProviderEventQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("provider event")
        verbose_name_plural = _("provider events")
        permissions = [("replay_providerevent", _("Can have an event followed up again"))]
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "event_id"], name="an_event_is_received_once"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="events_to_handle", condition=Q(state="received")),
            # Every payment asks what was told of it before.
            models.Index(fields=["payment_reference"], name="events_of_a_payment"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
