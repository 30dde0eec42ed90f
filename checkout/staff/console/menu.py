"""The console as one menu with a list for each kind of record."""

from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.options import ModelAdminGroup

from .attempts import AttemptsAdmin
from .events import EventsAdmin
from .findings import FindingsAdmin
from .money_back import DisputesAdmin, RefundsAdmin


class PaymentConsole(ModelAdminGroup):
    """Shown to whoever may see one of its lists."""

    menu_label = _("Payments")
    menu_icon = "key"
    menu_order = 155
    items = (AttemptsAdmin, EventsAdmin, RefundsAdmin, DisputesAdmin, FindingsAdmin)
