"""What the shop found wrong with itself, for staff to look at."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Audit(models.Model):
    """One run of an examination, whether it found anything or not."""

    class Kind(models.TextChoices):
        RECONCILIATION = "reconciliation", _("Comparison with the payment provider")
        SHOP_CHECK = "shop_check", _("Check of the shop's own books")

    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    found = models.PositiveIntegerField(_("found"), default=0)

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("examination")
        verbose_name_plural = _("examinations")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.started_at:%Y-%m-%d %H:%M}"


class Finding(models.Model):
    """Something that must not be so. Open until a later examination no longer finds it."""

    kind = models.CharField(_("found by"), max_length=20, choices=Audit.Kind)
    invariant = models.CharField(_("what must hold"), max_length=80)
    subject = models.CharField(_("which"), max_length=255)  # an order, a payment, a SKU
    detail = models.TextField(_("what is so instead"))
    found_at = models.DateTimeField(_("found"))
    seen_at = models.DateTimeField(_("last seen"))
    resolved_at = models.DateTimeField(_("gone since"), null=True)

    class Meta:
        ordering = ["-found_at", "-pk"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "invariant", "subject"],
                condition=Q(resolved_at=None),
                name="a_finding_is_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.invariant}: {self.subject}"
