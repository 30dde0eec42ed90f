from django.urls import path

from ..views import orders

app_name = "orders"
urlpatterns = [
    path("<str:token>/", orders.show, name="show"),
    path("<str:token>/pay/", orders.pay, name="pay"),
    path("<str:token>/cancel/", orders.cancel, name="cancel"),
    path("<str:token>/invoice/", orders.invoice, name="invoice"),
]
