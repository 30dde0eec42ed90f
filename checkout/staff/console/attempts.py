"""Every try to pay an order."""

from decimal import Decimal
from typing import Any

from django.contrib.admin import display
from django.db.models import Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailing.records import short_moment
from products.money import formatted

from ... import gateways
from ...models import PaymentAttempt, ProviderEvent
from .record_admin import ConsoleAdmin, ConsolePage, Fact, StateTabs, order_link, pill


def amount(attempt: PaymentAttempt) -> str:
    """What the provider was asked for, in words."""
    if attempt.gateway not in gateways.GATEWAYS:  # it cost nothing
        return formatted(Decimal(attempt.amount_minor), attempt.currency)
    # Each provider has its own way of counting: Stripe counts whole krónur in hundredths.
    gateway = gateways.get(attempt.gateway)
    return formatted(gateway.major_units(attempt.amount_minor, attempt.currency), attempt.currency)


class AttemptPage(ConsolePage):
    """One attempt, what was heard about it, and where the provider shows it."""

    def heading(self) -> str:
        return _("Payment of order %(number)s") % {"number": self.instance.order.number}

    def facts(self) -> list[Fact]:
        attempt: PaymentAttempt = self.instance
        return [
            Fact(_("Order"), order_link(attempt.order)),
            Fact(_("State"), pill(f"payment-{attempt.state}", attempt.get_state_display())),
            Fact(_("Amount"), amount(attempt)),
            Fact(_("Page at the provider"), attempt.reference),
            Fact(_("Payment"), _dashboard_link(attempt)),
            Fact(_("Real money"), _("yes") if attempt.livemode else _("no, test mode")),
            Fact(_("Started"), short_moment(attempt.created_at)),
            Fact(_("Page open until"), short_moment(attempt.expires_at)),
            Fact(_("Settled"), attempt.settled_at and short_moment(attempt.settled_at)),
            Fact(_("Asked about"), attempt.checks or ""),
            Fact(_("Asked about next"), attempt.check_at and short_moment(attempt.check_at)),
            Fact(_("Last error"), attempt.last_error),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        attempt: PaymentAttempt = self.instance
        names = Q(attempt_key=str(attempt.key))
        if attempt.reference:
            names |= Q(reference=attempt.reference)
        if attempt.payment_reference:
            names |= Q(payment_reference=attempt.payment_reference)
        events = ProviderEvent.objects.filter(names, gateway=attempt.gateway)
        return super().get_context_data(events=events[:50], **kwargs)


class AttemptsAdmin(ConsoleAdmin):
    model = PaymentAttempt
    base_url_path = "payments/attempts"
    menu_label = gettext_lazy("Payments")
    menu_icon = "key"
    list_display = ("order_link", "state_pill", "amount", "reference", "happened")
    list_filter = (StateTabs,)
    search_fields = ("order__number", "reference", "payment_reference")
    search_hint = gettext_lazy("Order or reference")
    inspect_view_class = AttemptPage

    @display(description=gettext_lazy("order"), ordering="order__number")
    def order_link(self, attempt: PaymentAttempt) -> str:
        return attempt.order.number

    @display(description=gettext_lazy("state"), ordering="state")
    def state_pill(self, attempt: PaymentAttempt) -> SafeString:
        return pill(f"payment-{attempt.state}", attempt.get_state_display())

    @display(description=gettext_lazy("amount"), ordering="amount_minor")
    def amount(self, attempt: PaymentAttempt) -> str:
        return amount(attempt)

    @display(description=gettext_lazy("started"), ordering="created_at")
    def happened(self, attempt: PaymentAttempt) -> str:
        return short_moment(attempt.created_at)


def _dashboard_link(attempt: PaymentAttempt) -> SafeString | str:
    known = attempt.gateway in gateways.GATEWAYS
    address = gateways.get(attempt.gateway).dashboard_url(attempt) if known else ""
    words = attempt.payment_reference or attempt.gateway
    return format_html('<a href="{}">{}</a>', address, words) if address else words
