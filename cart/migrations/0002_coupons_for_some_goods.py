from django.db import migrations, models
from django.db.models import Q


def say_what_was_meant(apps, schema_editor):
    """A coupon that names goods was for those alone."""
    coupons = apps.get_model("cart", "Coupon").objects
    named = Q(product_rows__isnull=False) | Q(category_rows__isnull=False)
    limited = set(coupons.filter(named).values_list("pk", flat=True))
    coupons.filter(pk__in=limited).update(for_some_goods=True)


class Migration(migrations.Migration):
    dependencies = [("cart", "0001_coupons")]

    operations = [
        migrations.AddField(
            model_name="coupon",
            name="for_some_goods",
            field=models.BooleanField(
                default=False,
                help_text="For what is named below. Otherwise it is for everything.",
                verbose_name="only for some goods",
            ),
        ),
        migrations.RunPython(say_what_was_meant, migrations.RunPython.noop),
    ]
