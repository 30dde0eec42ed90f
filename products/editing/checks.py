"""The shop's own advice among Wagtail's content checks, in the editor's side panel.

The preview prints each piece of advice as an element with `data-advice`, and a rule of Wagtail's
checker finds it there. So the panel counts it, shows it while somebody types, and leads to it.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.userbar import ContentCheckerItem

# What the panel says of each kind of advice. The element in the preview says which one it is.
KINDS = {
    "no-description": (
        _("No description for search engines"),
        _("Write one under Promote: it is what people read before they come."),
    ),
    "no-picture": (_("No picture"), _("Add one: hardly anybody buys what cannot be seen.")),
    "no-alt-text": (
        _("Picture without alternative text"),
        _("Say what it shows, for those who cannot see it."),
    ),
    "wrong-price": (
        _("A price that the product does not have"),
        _("Leave prices out of the text: they change without it."),
    ),
    "no-gtin": (_("No GTIN"), _("Price comparisons and marketplaces ask for it.")),
    "no-weight": (_("No weight"), _("Shipping is priced by it.")),
}


def _rule(kind: str) -> dict[str, Any]:
    return {
        "id": f"advice-{kind}",
        "impact": "moderate",
        "selector": f'[data-advice="{kind}"]',
        "tags": ["shop"],
        # Finding the element is the finding: it has no title, so this check never passes.
        "any": ["non-empty-title"],
        "enabled": True,
    }


class ShopChecks(ContentCheckerItem):
    """Wagtail's checks, pictures without any alternative text, and the shop's advice."""

    axe_custom_rules = [*ContentCheckerItem.axe_custom_rules, *map(_rule, KINDS)]
    axe_run_only = [
        *ContentCheckerItem.axe_run_only,
        "image-alt",
        *(f"advice-{kind}" for kind in KINDS),
    ]
    axe_messages = {
        **ContentCheckerItem.axe_messages,
        "image-alt": {
            "error_name": _("Picture without alternative text"),
            "help_text": _("Say what it shows, or mark it as decorative."),
        },
        **{
            f"advice-{kind}": {"error_name": name, "help_text": help_text}
            for kind, (name, help_text) in KINDS.items()
        },
    }

    def get_axe_options(self, request: HttpRequest) -> dict[str, Any]:
        """Axe's own, with patience for a slow computer, and no minute for a preview that left.

        Axe takes a preview that does not answer at once for one without faults, and waits a minute
        for one that began and was replaced (pingWaitTime and frameWaitTime, in milliseconds:
        https://github.com/dequelabs/axe-core/blob/develop/doc/API.md#options-parameter).
        """
        return super().get_axe_options(request) | {"pingWaitTime": 10_000, "frameWaitTime": 10_000}


def add_shop_checks(items: list[Any]) -> None:
    """Put the shop's checker in the place of Wagtail's, wherever that stands."""
    items[:] = [
        ShopChecks(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item
        for item in items
    ]
