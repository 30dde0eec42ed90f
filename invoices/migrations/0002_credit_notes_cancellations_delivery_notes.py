"""Documents of four kinds; the invoices of before say of each line what they said of the whole."""

from decimal import ROUND_FLOOR, Decimal

import django.db.models.deletion
import invoices.particulars
from django.db import migrations, models


def tell_of_each_line(apps, schema_editor):
    """Give invoices their key, and share discount and VAT out over lines and shipping.

    Files stay as they are; a line now says its part of what the invoice said as a whole.
    """
    Invoice = apps.get_model("invoices", "Invoice")
    InvoiceLine = apps.get_model("invoices", "InvoiceLine")
    for invoice in Invoice.objects.prefetch_related("lines").iterator(chunk_size=500):
        lines = list(invoice.lines.all())
        invoice.key = f"order:{invoice.order_number}"
        _share_discount(invoice, lines)
        invoice.shipping_taxes = [
            share for share in (_share_tax(share, lines) for share in invoice.taxes) if share
        ]
        invoice.save(update_fields=["key", "shipping_taxes"])
        InvoiceLine.objects.bulk_update(lines, ["discount", "tax", "tax_category"])


def _share_discount(invoice, lines):
    if invoice.discount:
        parts = _shared(invoice.discount, [line.total for line in lines], _coin(invoice.taxes))
        for line, part in zip(lines, parts):
            line.discount = part


def _share_tax(share, lines):
    """Give the lines of a rate their VAT. Returns what is left: the shipping's share, or None."""
    rate, tax, gross = (Decimal(share[name]) for name in ("rate", "tax", "gross"))
    sold = [line for line in lines if line.tax_rate == rate]
    paid = [line.total - line.discount for line in sold]
    sent = gross - sum(paid)
    *parts, of_shipping = _shared(tax, [*paid, sent], _coin([share]))
    for line, part in zip(sold, parts):
        line.tax, line.tax_category = part, "S" if rate else "Z"
    if not sent:
        return None
    amounts = {"net": sent - of_shipping, "tax": of_shipping, "gross": sent}
    return {"rate": share["rate"], **{name: str(amount) for name, amount in amounts.items()}}


def _coin(shares):
    """The currency's smallest coin: amounts were stored with its decimals."""
    finest = min((Decimal(share["tax"]).as_tuple().exponent for share in shares), default=-2)
    return Decimal(1).scaleb(finest)


def _shared(whole, weights, unit):
    """Split `whole` by weight into multiples of `unit` that add up (largest remainder)."""
    total = sum(weights)
    if not total:
        return [Decimal(0)] * len(weights)
    exact = [whole * weight / total for weight in weights]
    parts = [value.quantize(unit, rounding=ROUND_FLOOR) for value in exact]
    missing = int((whole - sum(parts)) / unit)
    by_remainder = sorted(range(len(parts)), key=lambda i: exact[i] - parts[i], reverse=True)
    for index in by_remainder[:missing]:
        parts[index] += unit
    return parts


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='invoice',
            options={'ordering': ['-issued_at', '-pk'], 'permissions': [('print_invoice', 'Can have an invoice printed after it failed')], 'verbose_name': 'document', 'verbose_name_plural': 'documents'},
        ),
        migrations.RemoveConstraint(
            model_name='invoice',
            name='one_invoice_per_order',
        ),
        migrations.AddField(
            model_name='invoice',
            name='cancelled_at',
            field=models.DateTimeField(null=True, verbose_name='cancelled'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='corrects',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='invoices.invoice', verbose_name='corrects'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='discount_label',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='invoice',
            name='key',
            field=models.CharField(default='', max_length=80),
        ),
        migrations.AddField(
            model_name='invoice',
            name='ordered_at',
            field=models.DateTimeField(null=True, verbose_name='ordered'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='paid_at',
            field=models.DateTimeField(null=True, verbose_name='paid'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='prices_include_tax',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='invoice',
            name='reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='shipping_taxes',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='invoiceline',
            name='discount',
            field=models.DecimalField(decimal_places=3, default=0, max_digits=14),
        ),
        migrations.AddField(
            model_name='invoiceline',
            name='tax',
            field=models.DecimalField(decimal_places=3, default=0, max_digits=14),
        ),
        migrations.AddField(
            model_name='invoiceline',
            name='tax_category',
            field=models.CharField(choices=[('S', 'Taxed'), ('Z', 'Zero rated'), ('AE', 'Reverse charge'), ('K', 'Intra-community supply'), ('G', 'Export'), ('E', 'Exempt'), ('O', 'Not subject to VAT')], default='S', max_length=2),
        ),
        migrations.AlterField(
            model_name='invoice',
            name='kind',
            field=models.CharField(choices=[('invoice', 'Invoice'), ('credit_note', 'Credit note'), ('cancellation', 'Cancellation'), ('delivery_note', 'Delivery note')], default='invoice', max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='seller',
            name='country',
            field=models.CharField(choices=invoices.particulars.country_choices, default='DE', max_length=2, verbose_name='country'),
        ),
        migrations.AlterField(
            model_name='seller',
            name='iban',
            field=models.CharField(blank=True, default='', max_length=42, validators=[invoices.particulars.check_iban], verbose_name='IBAN'),
        ),
        migrations.AlterField(
            model_name='seller',
            name='vat_id',
            field=models.CharField(blank=True, default='', max_length=20, validators=[invoices.particulars.check_vat_id], verbose_name='VAT id'),
        ),
        migrations.RunPython(tell_of_each_line, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='invoice',
            name='key',
            field=models.CharField(max_length=80, unique=True),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.UniqueConstraint(condition=models.Q(('cancelled_at', None), ('kind', 'invoice')), fields=('order_number',), name='one_invoice_per_order'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'cancellation')), fields=('corrects',), name='a_document_is_cancelled_once'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', False), ('kind__in', ['credit_note', 'cancellation'])), models.Q(('corrects', None), ('kind__in', ['invoice', 'delivery_note'])), _connector='OR'), name='a_correction_names_what_it_corrects'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('discount__gte', 0), ('shipping__gte', 0), ('subtotal__gte', 0), ('total__gte', 0)), name='a_document_has_no_negative_amounts'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('printed_at', None), models.Q(models.Q(('file', ''), _negated=True), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='a_printed_document_has_its_file'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=models.CheckConstraint(condition=models.Q(('discount__gte', 0), ('discount__lte', models.F('total'))), name='a_line_is_discounted_to_nothing_at_most'),
        ),
    ]
