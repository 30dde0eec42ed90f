from django.urls import path

from ..views import payments

app_name = "payments"
urlpatterns = [
    path("<slug:gateway>/", payments.provider_event, name="provider-event"),
]
