"""Every address of the shop. What is not listed is a Wagtail page."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from storefront.design import views as design

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("payments/", include("checkout.urls.payments")),
    path("", include("storefront.discovery.urls")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

if settings.DEBUG:
    urlpatterns += [path("design/", design.show)]

# The default language has no prefix; a second one gets its own.
urlpatterns += i18n_patterns(
    path("cart/", include("cart.urls")),
    path("checkout/", include("checkout.urls.checkout")),
    path("orders/", include("checkout.urls.orders")),
    path("search/", include("products.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
