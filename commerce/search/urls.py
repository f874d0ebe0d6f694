"""Addresses of the search."""

from django.urls import path

from commerce.search import views

urlpatterns = [
    path("", views.search, name="search"),
    path("suggest/", views.suggest, name="search-suggest"),
]
