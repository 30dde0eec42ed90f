"""`python -m bench.shop.shelf`: enough pages on one shelf to fill a list."""

import django

django.setup()

from bench.pages import CATEGORY, PER_PAGE  # noqa: E402
from products.models import CategoryPage, ProductPage  # noqa: E402

shelf = CategoryPage.objects.get(slug=CATEGORY.strip("/"))
lacking = PER_PAGE - ProductPage.objects.descendant_of(shelf).live().count()
elsewhere = ProductPage.objects.not_descendant_of(shelf).live()
for page in elsewhere[: max(lacking, 0)]:
    page.copy(to=shelf, update_attrs={"slug": f"more-{page.slug}"})
