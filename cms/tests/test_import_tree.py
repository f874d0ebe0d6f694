"""Places of many new pages: computed while nobody else may add a page to the same list."""

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, connections
from wagtail.models import Locale, Page

from cms.importing.batch import tree
from cms.models import ProductPage

pytestmark = pytest.mark.django_db


def held(pk: int) -> bool:
    """Tell whether another connection would have to wait for a page's row."""
    found: list[bool] = []

    def look() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM wagtailcore_page WHERE id = %s FOR UPDATE NOWAIT", [pk])
            found.append(False)
        except OperationalError:
            found.append(True)
        finally:
            connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found[0]


def placed(monkeypatch: pytest.MonkeyPatch) -> tuple[bool, list[ProductPage]]:
    """Place two pages below the root; return whether its row was held when its last child was read."""
    root = Page.get_first_root_node()
    locale = Locale.objects.get(language_code="ko")
    new = [ProductPage(title="그릇", slug=f"bowl-{number}", locale=locale) for number in range(2)]
    last, seen = Page.get_last_child, []

    def read(page: Any) -> Any:
        seen.append(held(root.pk))
        return last(page)

    monkeypatch.setattr(Page, "get_last_child", read)
    tree.place(pages=new, parent=root)
    return seen[0], new


def test_nobody_adds_a_page_while_places_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Page.get_first_root_node()
    last = root.get_last_child()

    waiting, new = placed(monkeypatch)

    assert waiting is True
    assert [page.path for page in new] == [last._inc_path(), new[0]._inc_path()]
    assert [(page.depth, page.url_path) for page in new] == [(2, "/bowl-0/"), (2, "/bowl-1/")]
    assert Page.objects.get(pk=root.pk).numchild == root.numchild + 2


def test_without_the_lock_somebody_could(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the same places would be given twice."""
    monkeypatch.setattr(Page.objects, "select_for_update", Page.objects.all)

    waiting, _new = placed(monkeypatch)

    assert waiting is False


def test_an_address_that_is_in_use_is_refused() -> None:
    root = Page.get_first_root_node()
    taken = root.get_last_child()
    page = ProductPage(title="그릇", slug=taken.slug, locale=Locale.objects.get(language_code="ko"))

    with pytest.raises(ValidationError):
        tree.place(pages=[page], parent=root)

    assert Page.objects.get(pk=root.pk).numchild == root.numchild
