"""One shipping rate for the same parcels. Of those there were, the first one written stays."""

import logging

import django.db.models.functions.comparison
from django.db import migrations, models

logger = logging.getLogger(__name__)
BAND = ("method_id", "zone_id", "currency", "from_subtotal", "up_to_grams")


def keep_the_first(apps, schema_editor):
    """Which of them was charged was the database's choice, so none is a price staff relied on.

    Orders keep their own copy of what sending cost, so nothing refers to a rate.
    """
    rates = apps.get_model("checkout", "ShippingRate").objects.using(schema_editor.connection.alias)
    kept = {}
    for rate in rates.order_by("pk"):
        first = kept.setdefault(tuple(getattr(rate, name) for name in BAND), rate)
        if first is not rate:
            message = "Shipping method %s had two rates for the same parcels: %s stays, %s is gone"
            logger.warning(message, rate.method_id, first.price, rate.price)
            rate.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('checkout', '0009_beyond_limit'),
    ]

    operations = [
        migrations.RunPython(keep_the_first, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='shippingrate',
            constraint=models.UniqueConstraint(models.F('method'), models.F('zone'), models.F('currency'), models.F('from_subtotal'), django.db.models.functions.comparison.Coalesce('up_to_grams', models.Value(-1), output_field=models.IntegerField()), name='one_shipping_rate_per_band', violation_error_message='Another rate has the same zone, currency and limits.'),
        ),
    ]
