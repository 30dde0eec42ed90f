from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StorefrontConfig(AppConfig):
    name = "storefront"
    verbose_name = _("Storefront")

    def ready(self) -> None:
        from . import named_fields
        from .page_cache import desk, watching

        desk.watch()
        watching.watch()
        named_fields.name_blocks()
