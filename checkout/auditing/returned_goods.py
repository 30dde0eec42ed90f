"""What must always hold of goods that came back."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from mailing.breaches import Breach
from products.models import StockMovement

from ..models import OrderLine, RefundLine
from .sums import CHUNK, each, sums


def no_more_comes_back_than_was_sold() -> Iterator[Breach]:
    """With a refund or without."""
    lines = OrderLine.objects.filter(Exists(RefundLine.objects.filter(line=OuterRef("pk"))))
    lines = lines.annotate(back=sums(RefundLine.objects.counted(), "quantity", "line"))
    for line in each(lines.filter(back__gt=F("quantity")).select_related("order")):
        yield Breach(
            "no more comes back than was sold",
            line.order.number,
            f"{line.sku}: sold {line.quantity}, back {line.back}",
        )


def no_more_is_shelved_than_was_sold() -> Iterator[Breach]:
    sold = OrderLine.objects.filter(order__number=OuterRef("reference"), variant=OuterRef("item"))
    shelved = StockMovement.objects.filter(reason=StockMovement.Reason.RETURNED).order_by()
    shelved = shelved.values("reference", "item__variant__sku", "item").annotate(
        back=Sum("on_hand_change"), sold=Coalesce(Subquery(sold.values("quantity")[:1]), 0)
    )
    for row in shelved.filter(back__gt=F("sold")).iterator(chunk_size=CHUNK):
        yield Breach(
            "no more goes back on the shelf than was sold",
            row["reference"],
            f"{row['item__variant__sku']}: sold {row['sold']}, on the shelf again {row['back']}",
        )
