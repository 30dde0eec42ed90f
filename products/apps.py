from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    name = "products"
    verbose_name = _("Products")

    def ready(self) -> None:
        from wagtail.images import get_image_model
        from wagtail.signals import post_page_move

        post_page_move.connect(_follow_moves, dispatch_uid="lists follow moves")
        post_migrate.connect(_fill_empty_lists, sender=self, dispatch_uid="lists are filled")
        post_save.connect(
            _prepare_picture, sender=get_image_model(), dispatch_uid="pictures are prepared"
        )


def _follow_moves(**kwargs: Any) -> None:
    from .finding import keeping

    keeping.follow_moves()


def _fill_empty_lists(**kwargs: Any) -> None:
    """A shop from before there were lists has pages, and nothing to find them by."""
    from .finding import keeping

    keeping.fill_if_empty()


def _prepare_picture(instance: Any, raw: bool, **kwargs: Any) -> None:
    """It is new, or has another file or focal point."""
    from .tasks import prepare_picture

    if not raw:
        prepare_picture.wake(instance.pk)
