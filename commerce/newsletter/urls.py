"""Addresses of the newsletter."""

from django.urls import path

from commerce.newsletter import views

urlpatterns = [
    path("", views.ask, name="newsletter"),
    path("asked/", views.asked, name="newsletter-asked"),
    path("<slug:token>/", views.show, name="newsletter-state"),
    path("<slug:token>/confirm/", views.confirm, name="newsletter-confirm"),
    path("<slug:token>/end/", views.end, name="newsletter-end"),
]
