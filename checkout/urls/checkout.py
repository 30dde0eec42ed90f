from django.urls import path

from ..views import checkout

app_name = "checkout"
urlpatterns = [
    path("", checkout.checkout, name="checkout"),
    path("return/<str:token>/", checkout.come_back, name="return"),
]
