"""Addresses of the CMS beside its pages."""

from django.urls import path

from cms import views

urlpatterns = [
    path("theme/<slug:version>.css", views.theme, name="theme"),
    path("films/<int:pk>/captions.<str:language>.vtt", views.captions, name="film-captions"),
]
