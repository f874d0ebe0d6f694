"""Addresses under /admin/events/."""

from django.urls import path

from workers.backoffice import act_pages, dead_page, event_page, replay_pages, strip
from workers.backoffice.event_list import EventList

urlpatterns = [
    path("", EventList.as_view(), name="index"),
    path("strip/", strip.strip, name="strip"),
    path("<int:pk>/", event_page.EventPage.as_view(), name="event"),
    path("deliveries/<int:pk>/<slug:act>/", act_pages.SteerPage.as_view(), name="steer"),
    path("dead/", dead_page.DeadPage.as_view(), name="dead"),
    path("dead/<slug:act>/", act_pages.DeadActPage.as_view(), name="dead_act"),
    path("replays/", replay_pages.ReplayPage.as_view(), name="replays"),
    path("replays/<int:pk>/", replay_pages.RunPage.as_view(), name="run"),
    path("replays/<int:pk>/progress/", replay_pages.progress, name="progress"),
    path("replays/<int:pk>/cancel/", replay_pages.cancel, name="cancel_run"),
]
