"""Let old addresses of products and categories lead to the new ones, in every language.

Wagtail makes redirects for the pages that moved. The shop's other languages take their addresses from the page of the
default language, also where they have no page of their own: theirs are made here. Whatever led to an old address leads to
the new one at once, so that nobody is sent on twice.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.contrib.redirects.models import Redirect

from cms import languages
from cms.models import CategoryPage, ProductPage


def moved(*, page: Any, before: str) -> int:
    """Make what leads from the old addresses of a page, and of all below it, to the new ones; return how many.

    `before` is the `url_path` that the page had. Only pages of the default language have addresses of goods.
    """
    site = page.get_site()
    if site is None or before == page.url_path or not languages.leads(page=page):
        return 0
    pairs = _pairs(page, before)
    if not pairs:
        return 0
    with transaction.atomic():
        return _lead(site, pairs)


def _pairs(page: Any, before: str) -> list[tuple[str, str, str]]:
    """Return language, old and new address of everything whose address changed."""
    if isinstance(page, ProductPage):
        kind, paths = "p", [(_last(before), page.slug)]
    elif isinstance(page, CategoryPage):
        below = page.get_descendants(inclusive=True).values_list("url_path", flat=True)
        kind = "c"
        paths = [(_shelf(before + path.removeprefix(page.url_path)), _shelf(path)) for path in below]
    else:
        return []
    return [
        (
            code,
            languages.address(kind=kind, path=old, language=code),
            languages.address(kind=kind, path=new, language=code),
        )
        for code, _name in settings.LANGUAGES
        for old, new in paths
        if old != new
    ]


def _lead(site: Any, pairs: list[tuple[str, str, str]]) -> int:
    ours = Redirect.objects.filter(site=site, automatically_created=True)
    by_path = {Redirect.normalise_path(old): new for _code, old, new in pairs}
    arrived = [Redirect.normalise_path(new) for new in by_path.values()]
    ours.filter(old_path__in=arrived).delete()  # something lives there again
    for _code, old, new in pairs:
        Redirect.objects.filter(redirect_link__in=(old, Redirect.normalise_path(old))).update(
            redirect_link=new
        )
    others = {Redirect.normalise_path(old): new for code, old, new in pairs if code != languages.default()}
    ours.filter(old_path__in=others).delete()
    rows = [
        Redirect(old_path=old, site=site, redirect_link=new, automatically_created=True)
        for old, new in others.items()
    ]
    Redirect.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)  # an editor's own stays
    return len(rows)


def _last(url_path: str) -> str:
    return url_path.strip("/").rpartition("/")[2]


def _shelf(url_path: str) -> str:
    return "/".join(url_path.strip("/").split("/")[2:])
