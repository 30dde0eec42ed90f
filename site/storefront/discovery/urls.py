"""Addresses that machines know by heart."""

from django.urls import path

from . import views

urlpatterns = [
    path("robots.txt", views.robots),
    path("sitemap.xml", views.sitemap_index, name="sitemap"),
    path("sitemap-<int:number>.xml", views.sitemap, name="sitemap_file"),
    path("feeds/products.xml", views.products),
    path("llms.txt", views.llms, name="llms"),
    path("site.webmanifest", views.manifest, name="manifest"),
]
