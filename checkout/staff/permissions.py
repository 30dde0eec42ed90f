"""The permissions that open the staff's desk. Who has them is in docs/roles.md."""

VIEW = "checkout.view_order"
CHANGE = "checkout.change_order"
EXPORT = "checkout.export_order"
REFUND = "checkout.make_refund"
VIEW_INVOICE = "invoices.view_invoice"
VIEW_MESSAGE = "mailing.view_message"
