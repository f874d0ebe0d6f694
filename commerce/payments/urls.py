from django.urls import path

from commerce.payments import webhooks

urlpatterns = [path("portone/", webhooks.receive, name="portone-webhook")]
