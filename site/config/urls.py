"""Addresses: the admin and machines first, then the shop in both languages, then Wagtail's pages."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms.backoffice.sign_in import OperatorSignIn
from config import views
from config.sitemaps import SITEMAPS

admin.site.login_form = OperatorSignIn
handler404 = "commerce.catalog.views.not_found"

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", include(wagtailadmin_urls)),
    path("django-admin/", admin.site.urls),
    path("documents/", include(wagtaildocs_urls)),
    path("webhooks/", include("commerce.payments.urls")),
    path("api/v1/", include("commerce.checkout.api.urls")),
    path("feeds/", include("commerce.feeds.urls")),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap-part"),
    path(".well-known/security.txt", views.security, name="security"),
]

if getattr(settings, "DEBUG_TOOLBAR", False):
    urlpatterns.append(path("__debug__/", include("debug_toolbar.urls")))
if settings.DEBUG:
    urlpatterns.append(path("dev/", include("config.dev.urls")))
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)

urlpatterns += i18n_patterns(
    path("accounts/", include("commerce.accounts.urls")),
    path("", include("commerce.urls")),
    path("", include("cms.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
