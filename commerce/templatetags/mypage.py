"""The navigation of my page."""

from typing import Any

from django import template

from commerce.mypage import navigation

register = template.Library()


@register.simple_tag(takes_context=True)
def my_pages(context: dict[str, Any]) -> list[navigation.Link]:
    """Return the pages of my page; the current one is marked."""
    return navigation.links(path=context["request"].path, customer_id=context["request"].user.pk)
