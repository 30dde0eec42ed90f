from django.urls import path

from ..views import checkout, returning

app_name = "checkout"
urlpatterns = [
    path("", checkout.checkout, name="checkout"),
    path("return/<uuid:key>/", returning.come_back, name="return"),
]
