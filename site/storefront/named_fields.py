"""Names for those fields of a page form that Wagtail shows without one to a screen reader."""

from typing import Any

from django.apps import apps
from django.forms import Widget
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.blocks import Block, FieldBlock, ListBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField


class LabelledEditor(DraftailRichTextArea):
    """The editor of a rich text field, which a label beside it names."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        if id_ := (attrs or {}).get("id"):
            self.options["ariaLabelledBy"] = f"{id_}-label"
        return super().get_context(name, value, attrs)


def name_blocks() -> None:
    """Give the fields within every stream their block's label."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, StreamField):
                _name_within(field.stream_block, has_labels=False)


def _name_within(block: Block, *, has_labels: bool) -> None:
    """Wagtail shows a label beside each field of a struct block, and but a heading elsewhere."""
    if isinstance(block, StreamBlock | StructBlock):
        for child in block.child_blocks.values():
            _name_within(child, has_labels=isinstance(block, StructBlock))
    elif isinstance(block, ListBlock):
        _name_within(block.child_block, has_labels=False)
    elif isinstance(block, FieldBlock):
        _name(block.field.widget, block.label, has_label=has_labels)


def _name(widget: Widget, label: str, *, has_label: bool) -> None:
    if isinstance(widget, DraftailRichTextArea):
        widget.options["ariaLabel"] = label  # a label beside it would speak of a hidden field
    elif not has_label:
        widget.attrs["aria-label"] = label
