from django.urls import path

from . import views

app_name = "cart"
urlpatterns = [
    path("", views.show, name="show"),
    path("add/", views.add, name="add"),
    path("update/", views.update, name="update"),
    path("acknowledge/", views.acknowledge, name="acknowledge"),
]
