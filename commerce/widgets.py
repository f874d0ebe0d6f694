"""Controls of long forms that write themselves: Django's make a template of their own of every one of them.

What they write is what Django's write.
"""

from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def _attributes(attrs: dict[str, Any]) -> SafeString:
    """Return attributes as they stand in a tag; what was typed is none of them, so they are the same for everybody."""
    known = tuple((name, value, value.__class__) for name, value in attrs.items())  # True is no 1
    return _flat(known, get_language() or "")


@lru_cache(maxsize=500)
def _flat(attrs: tuple[tuple[str, Any, type], ...], _language: str) -> SafeString:
    return flatatt({name: value for name, value, _kind in attrs})


class _Input:
    """An `<input>`: text, mail, a box to tick."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        own = context["widget"]
        value = own["value"]
        said = "" if value is None else format_html(' value="{}"', value)
        return format_html(
            '<input type="{}" name="{}"{}{}>', own["type"], own["name"], said, _attributes(own["attrs"])
        )


class Text(_Input, forms.TextInput):
    """A line of text."""


class Mail(_Input, forms.EmailInput):
    """An e-mail address."""


class Box(_Input, forms.CheckboxInput):
    """A box to tick."""


class Choice(forms.Select):
    """A list to choose from, without groups."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        own = context["widget"]
        options = (option for _name, group, _index in own["optgroups"] for option in group)
        written = format_html_join(
            "",
            '\n  <option value="{}"{}>{}</option>\n',
            ((one["value"], _attributes(one["attrs"]), one["label"]) for one in options),
        )
        return format_html('<select name="{}"{}>{}</select>', own["name"], _attributes(own["attrs"]), written)
