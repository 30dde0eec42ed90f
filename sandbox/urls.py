"""Everything the sandbox answers."""

from django.urls import path

from sandbox.api.view import api
from sandbox.control import actions, dashboard, readings
from sandbox.pages import hosted

urlpatterns = [
    path("", dashboard.dashboard, name="control"),
    path("v1/<path:path>", api, name="api"),
    path("pay/<str:key>", hosted.pay, name="pay"),
    path("pay/<str:key>/3ds", hosted.three_d_secure, name="three-d-secure"),
    path("_control/health", readings.health, name="control-health"),
    path("_control/requests", readings.requests, name="control-requests"),
    path("_control/events", readings.events, name="control-events"),
    path("_control/deliveries", readings.deliveries, name="control-deliveries"),
    path("_control/pay/<str:key>", actions.pay, name="control-pay"),
    path("_control/async/<str:key>", actions.finish_debit, name="control-async"),
    path("_control/expire/<str:key>", actions.expire, name="control-expire"),
    path("_control/amount/<str:key>", actions.tamper, name="control-amount"),
    path("_control/refund/<str:key>", actions.refund, name="control-refund"),
    path("_control/dispute/<str:key>", actions.dispute, name="control-dispute"),
    path("_control/dispute/<str:key>/close", actions.close_dispute, name="control-dispute-close"),
    path("_control/settle", actions.settle, name="control-settle"),
    path("_control/webhook", actions.webhook, name="control-webhook"),
    path("_control/mode", actions.mode, name="control-mode"),
    path("_control/release", actions.release, name="control-release"),
    path("_control/deliver/<str:key>", actions.deliver, name="control-deliver"),
    path("_control/faults", actions.fault, name="control-faults"),
    path("_control/reset", actions.reset, name="control-reset"),
]
