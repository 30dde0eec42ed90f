"""An order is a snapshot: nothing on it is looked up again later."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from invoices.bills import TaxShare

from .addresses import Address
from .inserting import insert

if TYPE_CHECKING:
    from .timeline import OrderEvent

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: a number is read aloud on the telephone.
SPEAKABLE = "34679ACDEFGHJKMNPQRTWXY"


def new_number() -> str:
    """A short random order number such as 7K3Q-9XMF: names an order, opens nothing."""
    letters = "".join(secrets.choice(SPEAKABLE) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def new_token() -> str:
    """The secret in the guest's link: 192 random bits."""
    return secrets.token_urlsafe(24)


class WrongTurn(Exception):
    """An order was asked to move where its life does not lead."""


class OrderQuerySet(models.QuerySet["Order"]):
    def lapsed(self, at: datetime) -> "OrderQuerySet":
        """Unpaid orders whose promise of goods has run out; not those staff must look at."""
        unpaid = self.filter(status=Order.Status.PLACED, expires_at__lte=at)
        return unpaid.exclude(hold__in=[Order.Hold.NEEDS_REVIEW, Order.Hold.DISPUTED])


class Order(models.Model):
    """What a shopper agreed to buy, at the prices and in the words of that moment."""

    class Status(models.TextChoices):
        PLACED = "placed", _("Waiting for payment")
        PAID = "paid", _("Paid")
        FULFILLED = "fulfilled", _("Sent")
        RETURNED = "returned", _("Returned")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Not paid in time")

    NEXT = {  # the whole life of an order: where it may go from where it is
        Status.PLACED: {Status.PAID, Status.CANCELLED, Status.EXPIRED},
        Status.PAID: {Status.FULFILLED},
        Status.FULFILLED: {Status.RETURNED},
        Status.RETURNED: set(),
        # Only when their money came after all and staff reinstate them.
        Status.CANCELLED: {Status.PAID},
        Status.EXPIRED: {Status.PAID},
    }

    class Hold(models.TextChoices):
        NEEDS_REVIEW = "needs_review", _("Needs review")
        DISPUTED = "disputed", _("Disputed")
        REFUNDED = "refunded", _("Money given back")
        GOODS_BACK = "goods_back", _("All goods are back")

    class TaxTreatment(models.TextChoices):
        DOMESTIC = "domestic", _("VAT of the shop's country")
        DESTINATION = "destination", _("VAT of the country it goes to")
        INTRA_COMMUNITY = "intra_community", _("To a business in another member state")
        EXPORT = "export", _("Export")

        @property
        def note(self) -> str:
            """Why no VAT is charged, in words for the buyer; empty where it is."""
            match self.value:
                case "intra_community":
                    return str(_("VAT-free: to a business in the EU, which accounts for the VAT."))
                case "export":
                    return str(_("VAT-free: export. Duties and VAT may be due where it arrives."))
            return ""

    number = models.CharField(_("number"), max_length=20, unique=True, default=new_number)
    token = models.CharField(max_length=64, unique=True, default=new_token)
    # One checkout form, however often it is sent, is one order.
    placement_key = models.CharField(max_length=64, unique=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PLACED)
    hold = models.CharField(_("on hold"), max_length=20, choices=Hold, blank=True)
    hold_since = models.DateTimeField(null=True, blank=True)

    email = models.EmailField(_("e-mail"))
    # The network it came from, hashed (`customers.network`); forgotten when it is paid or closed.
    placed_from = models.CharField(max_length=64, blank=True)
    # The e-mail address as one person has it, however it is spelled (`customers.identity`).
    customer = models.CharField(max_length=254, blank=True, db_index=True)
    language = models.CharField(max_length=12, default="en")
    shipping_address = models.ForeignKey(Address, models.PROTECT, related_name="+")
    # Null: the same as the shipping address.
    billing_address = models.ForeignKey(Address, models.PROTECT, null=True, related_name="+")

    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    tax_treatment = models.CharField(
        _("VAT"), max_length=20, choices=TaxTreatment, default=TaxTreatment.DOMESTIC
    )

    # Amounts in major units of `currency`; gross while `prices_include_tax`. `total` is always
    # what is paid.
    currency = models.CharField(max_length=3)
    prices_include_tax = models.BooleanField(default=True)
    subtotal = models.DecimalField(_("goods"), max_digits=14, decimal_places=3)
    discount = models.DecimalField(_("discount"), max_digits=14, decimal_places=3, default=0)
    coupon_code = models.CharField(_("coupon"), max_length=32, blank=True)
    shipping_method = models.CharField(_("shipping method"), max_length=120)
    # Where the buyer picks the goods up; empty if they are sent.
    collect_at = models.TextField(_("where to pick up"), blank=True)
    shipping = models.DecimalField(_("shipping"), max_digits=14, decimal_places=3)
    # The VAT by rate, and the part of it that is the shipping's:
    # [{"rate": "19.00", "net": "8.40", "tax": "1.60", "gross": "10.00", "category": "S"}]
    taxes = models.JSONField(default=list)
    shipping_taxes = models.JSONField(default=list)
    tax = models.DecimalField(_("VAT"), max_digits=14, decimal_places=3)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=3)

    placed_at = models.DateTimeField(_("placed"))
    terms_accepted_at = models.DateTimeField()
    # Until then the goods are promised to this order.
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        permissions = [("export_order", _("Can export orders"))]
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=0), name="a_total_is_not_negative"),
            models.CheckConstraint(
                condition=Q(status__in=["placed", "cancelled", "expired"])
                | Q(paid_at__isnull=False),
                name="an_order_past_payment_was_paid",
            ),
        ]
        indexes = [
            models.Index(fields=["-placed_at"], name="orders_by_date"),
            models.Index(
                fields=["status", "hold"],
                name="orders_open",  # what needs staff today, however many there were before
                condition=Q(status__in=["placed", "paid"]) | ~Q(hold=""),
            ),
            models.Index(
                fields=["expires_at"], name="orders_unpaid", condition=models.Q(status="placed")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The guest's own page of this order: whoever has the link may see it."""
        return reverse("orders:show", args=[self.token])

    @property
    def tax_shares(self) -> list[TaxShare]:
        """The VAT by rate, highest first."""
        return [TaxShare.from_json(share) for share in self.taxes]

    @property
    def billed_to(self) -> Address:
        return self.billing_address or self.shipping_address

    @property
    def billed_elsewhere(self) -> bool:
        """Does the invoice say more than the parcel: another address, or a VAT id?"""
        return bool(self.billing_address or self.vat_id or self.collect_at)

    @property
    def tax_note(self) -> str:
        """Why no VAT is charged; empty where it is."""
        return self.TaxTreatment(self.tax_treatment).note

    def move_to(self, status: "Order.Status") -> None:
        """The one door between states. The caller holds the row's lock and writes the event.

        Where an order came from counts only while it waits for payment (`placed_from`).

        Raises WrongTurn.
        """
        if status not in self.NEXT[self.Status(self.status)]:
            raise WrongTurn(f"{self.number}: {self.status} → {status}")
        self.status, self.placed_from = status, ""

    def note(
        self,
        kind: "OrderEvent.Kind",
        *,
        at: datetime,
        by: User | None = None,
        **data: Any,
    ) -> "OrderEvent":
        """Write a line on the timeline."""
        return insert(self.events.model(order=self, kind=kind, at=at, by=by, data=data))

    def quantities(self) -> dict[int, int]:
        """How many of each variant (by id) the order promises."""
        return dict(self.lines.values_list("variant_id", "quantity"))
