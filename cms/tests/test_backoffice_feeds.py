"""What staff sees of the product feeds."""

import pytest
from django.test import Client

from commerce.customers.models import User
from commerce.feeds import kinds
from commerce.feeds.models import Feed
from commerce.tests.factories import NOW


@pytest.mark.django_db
def test_the_list_says_where_a_feed_is_and_how_much_is_in_it_and_offers_no_form(client: Client) -> None:
    client.force_login(User.objects.create_superuser("admin@maru.example", "a-long-password"))
    assert client.get("/admin/product-feeds/").status_code == 200  # nothing was made yet
    Feed.objects.create(name="naver", entries=12, size=900, made_at=NOW)

    page = client.get("/admin/product-feeds/").content.decode()

    assert kinds.address(name="naver") in page
    assert ">12<" in page.replace(" ", "").replace("\n", "")
    assert "/admin/product-feeds/new/" not in page
