"""Refunds and disputes."""

from django.contrib.admin import display
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mailing.records import short_moment
from products.money import formatted

from ...models import Dispute, Refund
from .record_admin import ConsoleAdmin, ConsolePage, Fact, StateTabs, order_link, pill

REFUND_LOOKS = {
    Refund.State.OWED: "message-due",
    Refund.State.PENDING: "message-due",
    Refund.State.SUCCEEDED: "message-sent",
    Refund.State.FAILED: "hold",
    Refund.State.CANCELLED: "quiet",
}
DISPUTE_LOOKS = {
    Dispute.State.NEEDS_RESPONSE: "hold",
    Dispute.State.UNDER_REVIEW: "message-due",
    Dispute.State.WON: "message-sent",
    Dispute.State.LOST: "hold",
}


def _refund_pill(refund: Refund) -> SafeString:
    return pill(REFUND_LOOKS[Refund.State(refund.state)], refund.get_state_display())


def _dispute_pill(dispute: Dispute) -> SafeString:
    return pill(DISPUTE_LOOKS[Dispute.State(dispute.state)], dispute.get_state_display())


class RefundPage(ConsolePage):
    """One refund: whose, how much, how far."""

    def facts(self) -> list[Fact]:
        refund: Refund = self.instance
        return [
            Fact(_("Order"), order_link(refund.order)),
            Fact(_("State"), _refund_pill(refund)),
            Fact(_("Amount"), formatted(refund.amount, refund.currency)),
            Fact(_("Of it shipping"), formatted(refund.shipping, refund.currency)),
            Fact(_("Lines"), "; ".join(str(line) for line in refund.lines.select_related("line"))),
            Fact(_("Ordered"), refund.get_origin_display()),
            Fact(_("By"), refund.by),
            Fact(_("Reason"), refund.reason),
            Fact(_("Reference"), refund.reference),
            Fact(_("Ordered at"), short_moment(refund.created_at)),
            Fact(_("Settled"), refund.settled_at and short_moment(refund.settled_at)),
            Fact(_("Tries"), refund.attempts or ""),
            Fact(_("Next try"), refund.due_at and short_moment(refund.due_at)),
            Fact(_("Last error"), refund.last_error),
        ]


class RefundsAdmin(ConsoleAdmin):
    model = Refund
    base_url_path = "payments/refunds"
    menu_label = _("Refunds")
    menu_icon = "undo"
    list_display = ("order_link", "state_pill", "money", "reason", "happened")
    list_filter = (StateTabs,)
    search_fields = ("order__number", "reference")
    search_hint = _("Order or reference")
    inspect_view_class = RefundPage
    column_looks = {**ConsoleAdmin.column_looks, "money": "amount"}

    @display(description=_("order"), ordering="order__number")
    def order_link(self, refund: Refund) -> str:
        return refund.order.number

    @display(description=_("state"), ordering="state")
    def state_pill(self, refund: Refund) -> SafeString:
        return _refund_pill(refund)

    @display(description=_("amount"), ordering="amount")
    def money(self, refund: Refund) -> str:
        return formatted(refund.amount, refund.currency)

    @display(description=_("ordered"), ordering="created_at")
    def happened(self, refund: Refund) -> str:
        return short_moment(refund.created_at)


class DisputePage(ConsolePage):
    """One dispute: until when an answer is due comes first."""

    def facts(self) -> list[Fact]:
        dispute: Dispute = self.instance
        return [
            Fact(_("Answer until"), dispute.respond_by and short_moment(dispute.respond_by)),
            Fact(_("State"), _dispute_pill(dispute)),
            Fact(_("Order"), order_link(dispute.order)),
            Fact(_("Amount"), formatted(dispute.amount, dispute.currency)),
            Fact(_("Reason"), dispute.reason.replace("_", " ")),
            Fact(_("Reference"), dispute.reference),
            Fact(_("Money withdrawn"), _("yes") if dispute.funds_withdrawn else _("no")),
            Fact(_("Opened"), short_moment(dispute.opened_at)),
            Fact(_("Closed"), dispute.closed_at and short_moment(dispute.closed_at)),
        ]


class DisputesAdmin(ConsoleAdmin):
    model = Dispute
    base_url_path = "payments/disputes"
    menu_label = _("Disputes")
    menu_icon = "warning"
    list_display = ("order_link", "state_pill", "money", "why", "answer_until")
    list_filter = (StateTabs,)
    search_fields = ("order__number", "reference")
    search_hint = _("Order or reference")
    inspect_view_class = DisputePage
    ordering = ("respond_by",)
    column_looks = {**ConsoleAdmin.column_looks, "money": "amount", "answer_until": "placed"}

    @display(description=_("order"), ordering="order__number")
    def order_link(self, dispute: Dispute) -> str:
        return dispute.order.number

    @display(description=_("state"), ordering="state")
    def state_pill(self, dispute: Dispute) -> SafeString:
        return _dispute_pill(dispute)

    @display(description=_("amount"), ordering="amount_minor")
    def money(self, dispute: Dispute) -> str:
        return formatted(dispute.amount, dispute.currency)

    @display(description=_("reason"), ordering="reason")
    def why(self, dispute: Dispute) -> str:
        return dispute.reason.replace("_", " ")

    @display(description=_("answer until"), ordering="respond_by")
    def answer_until(self, dispute: Dispute) -> str:
        return short_moment(dispute.respond_by) if dispute.respond_by else ""
