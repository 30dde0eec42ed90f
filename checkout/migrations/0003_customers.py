"""Orders from before customers were told apart learn whose they are."""

from django.db import migrations

from checkout.orders.customers import identity


def name_customers(apps, schema_editor):
    Order = apps.get_model("checkout", "Order")
    nameless = Order.objects.filter(customer="").order_by("pk").only("pk", "email")
    batch = []
    for order in nameless.iterator(chunk_size=2000):
        order.customer = identity(order.email)
        batch.append(order)
        if len(batch) == 2000:
            Order.objects.bulk_update(batch, ["customer"])
            batch = []
    Order.objects.bulk_update(batch, ["customer"])


class Migration(migrations.Migration):
    dependencies = [("checkout", "0002_money_back")]

    operations = [
        migrations.RunPython(name_customers, migrations.RunPython.noop, elidable=True),
    ]
