"""What the sandbox remembers: Stripe's objects as documents, and the traffic around them."""

from typing import ClassVar

from django.db import models


class Document(models.Model):
    """One Stripe object. `data` is what the API answers, as it is."""

    seq = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=255)
    kind = models.CharField(max_length=40)
    parent = models.CharField(max_length=255, blank=True, help_text="whose line item this is")
    created = models.BigIntegerField(help_text="seconds since 1970")
    data = models.JSONField()
    private = models.JSONField(default=dict, help_text="what Stripe knows and does not show")
    due_at = models.FloatField(null=True, help_text="when time alone will change it")

    objects: ClassVar[models.Manager["Document"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_per_key")]
        indexes = [
            models.Index(fields=["kind", "parent"], name="part_of"),
            models.Index(fields=["due_at"], name="document_due"),
        ]

    def __str__(self) -> str:
        return self.key


class StoredAnswer(models.Model):
    """The answer kept under an idempotency key; no status means the call is still running."""

    key = models.CharField(max_length=255, unique=True)
    fingerprint = models.CharField(max_length=64)
    status = models.IntegerField(null=True)
    body = models.JSONField(null=True)

    objects: ClassVar[models.Manager["StoredAnswer"]] = models.Manager()

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    """One event on its way to one endpoint. The payload is fixed: retries send the same bytes."""

    class State(models.TextChoices):
        PENDING = "pending"
        GATHERING = "gathering"  # waits for others, to be sent in the wrong order
        HELD = "held"
        DELIVERED = "delivered"
        DROPPED = "dropped"
        GIVEN_UP = "given up"

    event = models.CharField(max_length=255, db_index=True)
    endpoint = models.CharField(max_length=255)
    payload = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    due_at = models.FloatField()
    tries = models.IntegerField(default=0)

    objects: ClassVar[models.Manager["Delivery"]] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint}: {self.state}"


class Try(models.Model):
    """One line of the delivery log. Status 0 means there was no answer at all."""

    event = models.CharField(max_length=255, db_index=True)
    type = models.CharField(max_length=80)
    url = models.TextField()
    at = models.FloatField()
    status = models.IntegerField()
    ms = models.IntegerField()
    error = models.TextField(blank=True)

    objects: ClassVar[models.Manager["Try"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.type}: {self.status}"


class Fault(models.Model):
    """A failure ordered for the next calls of one operation."""

    operation = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    when = models.CharField(max_length=6)
    times = models.IntegerField(default=1)
    seconds = models.FloatField(default=0)

    objects: ClassVar[models.Manager["Fault"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.operation}: {self.kind} {self.when}"


class ReceivedRequest(models.Model):
    """One call to /v1, as it came in and as it was answered."""

    at = models.FloatField()
    method = models.CharField(max_length=8)
    path = models.TextField()
    body = models.TextField()
    headers = models.JSONField()
    status = models.IntegerField(null=True)
    response = models.JSONField(null=True)
    fault = models.CharField(max_length=10, blank=True)

    objects: ClassVar[models.Manager["ReceivedRequest"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Setting(models.Model):
    """A switch of the control page."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.JSONField()

    objects: ClassVar[models.Manager["Setting"]] = models.Manager()

    def __str__(self) -> str:
        return self.name
