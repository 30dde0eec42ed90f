"""The states a page can be looked at in, and what the preview says about the one it shows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ..editing.fields import MomentField

AS_IT_IS, SOLD_OUT, ON_SALE, ON_A_DATE = "", "sold-out", "on-sale", "on-a-date"
MODES = [
    (AS_IT_IS, _("As it is")),
    (SOLD_OUT, _("Sold out")),
    (ON_SALE, _("On sale")),
    (ON_A_DATE, _("On a date")),
]
PERCENT_OFF = 20  # of a price, in the example of a sale
MOST_CHANGES = 5  # planned moments that are offered
TYPED = "%Y-%m-%dT%H:%M"  # as a browser sends a date and a time


_MOMENT = forms.DateTimeInput(
    format=TYPED, attrs={"type": "datetime-local", "class": "field__input"}
)


class MomentForm(forms.Form):
    """A date and a time to come."""

    # The one parameter that Wagtail hands on to a preview. It says either a mode or a moment.
    mode = MomentField(label=_("On"), widget=_MOMENT)

    def clean_mode(self) -> datetime:
        moment: datetime = self.cleaned_data["mode"]
        if moment < timezone.now():
            raise ValidationError(_("Choose a moment to come."))
        return moment


@dataclass
class Preview:
    """What is shown, in words; for a date also the form that asks for another."""

    state: str
    moment: datetime | None = None
    form: MomentForm | None = None
    changes: list[tuple[str, str]] = field(default_factory=list)  # typed, in words
    notes: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        if self.moment:
            return _now("Preview: as planned for %(moment)s") % {"moment": _in_words(self.moment)}
        names = dict(MODES)
        return _now("Preview: %(state)s") % {"state": str(names[self.state]).lower()}


def read(mode: str, *, changes: list[datetime], at: datetime) -> Preview:
    """The state a preview is asked for. What is neither a mode nor a moment shows today."""
    if mode in (AS_IT_IS, SOLD_OUT, ON_SALE):
        return Preview(mode)
    first = changes[0] if changes else at + timedelta(days=1)
    typed = _typed(first) if mode == ON_A_DATE else mode
    form = MomentForm({"mode": typed}, auto_id="preview-%s")
    return Preview(
        ON_A_DATE if form.is_valid() else AS_IT_IS,
        moment=form.cleaned_data.get("mode"),
        form=form,
        changes=[(_typed(change), _in_words(change)) for change in changes[:MOST_CHANGES]],
    )


def notes_on(page: Any, preview: Preview) -> list[str]:
    """What is made up in this state, and whether the page is shown at all at its moment."""
    moment = preview.moment
    if preview.state == ON_SALE:
        off = {"percent": PERCENT_OFF}
        return [_now("An example: %(percent)s %% off what is not reduced already.") % off]
    if moment and page.go_live_at and page.go_live_at > moment:
        return [_now("This page is not published yet then.")]
    if moment and page.expire_at and page.expire_at <= moment:
        return [_now("This page is no longer published then.")]
    return []


def _typed(moment: datetime) -> str:
    # A form knows minutes. One that is begun counts as over: what happens in it has happened.
    if moment.second or moment.microsecond:
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    local = timezone.localtime(moment)
    # The hour that autumn's clocks show twice cannot be typed: the first minute after it can.
    while local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        moment += timedelta(minutes=1)
        local = timezone.localtime(moment)
    return local.strftime(TYPED)


def _in_words(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
