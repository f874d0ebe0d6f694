"""What every page of "Events" has in common: who may see it, where it leads back to, how it names people."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.backoffice import people
from workers import health

STEER = "workers.steer_delivery"
SEE_USERS = "commerce.change_user"


def may(request: HttpRequest) -> bool:
    """Tell whether a person may see events and steer their deliveries."""
    return bool(request.user.has_perm(STEER))


def permission() -> QuerySet[Permission]:
    """Return the permission as a row."""
    return Permission.objects.filter(content_type__app_label="workers", codename="steer_delivery")


class Page(WagtailAdminTemplateMixin, View):
    """A page for operators. Whoever may not gets 403, not a way around."""

    header_icon = "history"
    title: str | Promise = _("Events")
    crumbs: tuple[tuple[str, Any], ...] = ()  # names of addresses and how they are called
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let through who may."""
        if not may(request):
            return TemplateResponse(request, "backoffice/events/refused.html", status=403)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the page."""
        response: HttpResponseBase = self.render_to_response(self.get_context_data(**kwargs))
        return response

    def get_page_title(self) -> Any:
        """Call the page by its title."""
        return self.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        way = [
            {"url": reverse(f"events:{name}"), "label": label}
            for name, label in (("index", _("Events")), *self.crumbs)
        ]
        if way[-1]["label"] != self.get_page_title():
            way.append({"url": "", "label": self.get_page_title()})
        return [*self.breadcrumbs_items, *way]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the three sections with what waits in them."""
        return {**super().get_context_data(**kwargs), "sections": _sections(self.request)}


def _sections(request: HttpRequest) -> list[dict[str, Any]]:
    dead = health.dead()
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [
        {
            "label": label,
            "address": reverse(f"events:{name}"),
            "here": here == name,
            "number": dead if name == "dead" else 0,
        }
        for name, label in (("index", _("Events")), ("dead", _("Given up")), ("replays", _("Replays")))
    ]


def me(request: HttpRequest) -> str:
    """Return how records call the person before the screen."""
    return f"user:{request.user.pk}"


def actors(names: Iterable[str], *, request: HttpRequest) -> dict[str, dict[str, str]]:
    """Return how actors are called, with a link to the person for those who may see people."""
    called = people.names(names)
    links = request.user.has_perm(SEE_USERS)
    return {
        actor: {"name": name, "actor": actor, "address": _person(actor) if links else ""}
        for actor, name in called.items()
    }


def _person(actor: str) -> str:
    kind, _colon, number = actor.partition(":")
    return reverse("wagtailusers_users:edit", args=[number]) if kind == "user" and number.isdigit() else ""
