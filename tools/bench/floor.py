"""The floor: an empty view behind Django's usual middleware, and nothing of the shop. `gunicorn tools.bench.floor`."""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)


def empty(_request: HttpRequest) -> HttpResponse:
    """Answer with nothing to speak of."""
    return HttpResponse("ok")


urlpatterns = [path("", empty)]

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DEBUG=False,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=MIDDLEWARE,
    ROOT_URLCONF=__name__,
    SECRET_KEY="bench-only",
    USE_I18N=True,
)
django.setup()
application = get_wsgi_application()
