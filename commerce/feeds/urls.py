"""Addresses of feeds: the same in every language."""

from django.urls import path

from commerce.feeds import views

urlpatterns = [path("<slug:key>/<slug:name>.<slug:ending>", views.feed, name="feed")]
