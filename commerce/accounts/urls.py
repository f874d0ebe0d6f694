"""Everything under /accounts/: our pages, then allauth's. Our names come first where both have a page."""

from django.urls import include, path

from commerce.accounts import views

urlpatterns = [
    path("", views.home, name="account-home"),
    path("consents/", views.consent_page, name="account-consents"),
    path("2fa/totp/activate/", views.enrol_app, name="mfa_activate_totp"),
    path("2fa/webauthn/add/", views.enrol_key, name="mfa_add_webauthn"),
    path("", include("allauth.urls")),
]
