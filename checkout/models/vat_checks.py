"""Whether a buyer's VAT id is in force, as the member states' register (VIES) says."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .orders import Order


class VatCheck(models.Model):
    """One question to VIES about one order's VAT id. Asked by a worker, never at the checkout."""

    class State(models.TextChoices):
        DUE = "due", _("Not yet answered")
        VALID = "valid", _("Valid")
        INVALID = "invalid", _("Not valid")
        UNANSWERED = "unanswered", _("No answer")

    order = models.OneToOneField(Order, models.CASCADE, related_name="vat_check")
    vat_id = models.CharField(_("VAT id"), max_length=20)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DUE)
    registered_to = models.CharField(max_length=300, blank=True)
    consultation = models.CharField(max_length=60, blank=True)  # the register's receipt
    due_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(_("checked"), null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("VAT id check")
        verbose_name_plural = _("VAT id checks")
        indexes = [
            models.Index(fields=["due_at"], name="vat_ids_to_check", condition=Q(state="due"))
        ]

    def __str__(self) -> str:
        return f"{self.vat_id}: {self.get_state_display()}"
