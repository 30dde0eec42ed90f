"""Addresses that machines know by heart."""

from django.urls import path

from . import views

urlpatterns = [
    path("robots.txt", views.robots),
    path("sitemap.xml", views.sitemap_index),
    path("sitemap-<int:number>.xml", views.sitemap),
    path("feeds/products.xml", views.products),
    path("llms.txt", views.llms),
    path("site.webmanifest", views.manifest, name="manifest"),
]
