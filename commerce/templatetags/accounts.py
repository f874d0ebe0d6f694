"""Controls of the forms of accounts, which allauth makes: in the shop's look, each with its label, hint and error."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()


@register.simple_tag(takes_context=True)
def social_ways(context: dict[str, Any], process: str) -> list[dict[str, str]]:
    """Return the providers that the shop has keys of, each with the address that its button posts to.

    `process` is login or connect; where somebody wanted to go first they go afterwards.
    """
    asked = context["request"].GET.get("next") or context["request"].POST.get("next") or ""
    query = urlencode({"process": process, **({"next": asked} if asked else {})})
    return [{"id": name, "url": f"{reverse(f'{name}_login')}?{query}"} for name in settings.SOCIAL_KEYS]


@register.simple_tag
def account_field(bound: BoundField, hint: bool = True) -> SafeString:
    """Return a labelled control; what is wrong with it stands below and is read out with it."""
    if bound.is_hidden:
        return bound.as_widget()
    wrong = str(next(iter(bound.errors), ""))
    help_text = bound.help_text if hint else ""
    attrs: dict[str, str | bool] = {"placeholder": ""}
    spoken = [f"{bound.auto_id}_hint"] * bool(help_text) + [f"{bound.auto_id}_error"] * bool(wrong)
    if spoken:
        attrs["aria-describedby"] = " ".join(spoken)
    if isinstance(bound.field.widget, CheckboxInput):
        return _checkbox(bound, attrs, wrong)
    attrs["class"] = "input"
    note = "" if bound.field.required else gettext("(optional)")
    return format_html(
        '<div class="field">\n  <label class="field__label" for="{}">{} <em>{}</em></label>\n  {}\n  {}\n  {}\n</div>',
        bound.id_for_label,
        bound.label,
        note,
        bound.as_widget(attrs=attrs),
        format_html('<div class="field__hint" id="{}_hint">{}</div>', bound.auto_id, help_text)
        if help_text
        else "",
        _error(bound, wrong),
    )


def _checkbox(bound: BoundField, attrs: dict[str, str | bool], wrong: str) -> SafeString:
    note = gettext("(required)") if bound.field.required else gettext("(optional)")
    return format_html(
        '<div class="field">\n  <label class="checkbox" for="{}">{} <span>{} <em>{}</em></span></label>\n  {}{}\n</div>',
        bound.id_for_label,
        bound.as_widget(attrs=attrs),
        bound.label,
        note,
        format_html('<div class="field__hint" id="{}_hint">{}</div>', bound.auto_id, bound.help_text)
        if bound.help_text
        else "",
        _error(bound, wrong),
    )


def _error(bound: BoundField, wrong: str) -> SafeString | str:
    return format_html('<p class="field__error" id="{}_error">{}</p>', bound.auto_id, wrong) if wrong else ""
