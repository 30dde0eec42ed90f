from django.urls import path

from . import views

app_name = "cart"
urlpatterns = [
    path("", views.show, name="show"),
    path("add/", views.add, name="add"),
    path("update/", views.update, name="update"),
    path("acknowledge/", views.acknowledge, name="acknowledge"),
    path("coupon/", views.apply_coupon, name="apply_coupon"),
    path("coupon/remove/", views.remove_coupon, name="remove_coupon"),
]
