"""The staff's screens in the Wagtail admin."""

from wagtail_modeladmin.options import modeladmin_register

from .staff import MessageAdmin

modeladmin_register(MessageAdmin)
