"""The page that shows all of it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from .samples import SAMPLES, Sample


@dataclass(frozen=True)
class Shown:
    """A component in its states, rendered."""

    name: str
    states: list[tuple[str, SafeString]]


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    shown = [Shown(name, _states(name, sample, request)) for name, sample in SAMPLES.items()]
    return render(request, "design/design.html", {"components": shown})


def _states(name: str, sample: Sample, request: HttpRequest) -> list[tuple[str, SafeString]]:
    template = f"components/{name}.html"
    return [
        (words, _in_its_place(sample, render_to_string(template, context, request)))
        for words, context in sample.states().items()
    ]


def _in_its_place(sample: Sample, html: str) -> SafeString:
    if sample.as_source:
        return format_html("<pre>{}</pre>", html.strip())
    return mark_safe(sample.around.format(html))  # noqa: S308 - our own templates and samples
