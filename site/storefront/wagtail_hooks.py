"""What the shop as a whole adds to the admin."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_editor_js")
def buttons_wait_for_autosave() -> SafeString:
    return format_html('<script src="{}"></script>', static("js/after-autosave.js"))
