"""The order sheet's own controls write what Django's write."""

from typing import Any

import pytest
from django import forms
from django.test.html import parse_html

from commerce.checkout import widgets

AWKWARD = '"><b>&amp;'
CHOICES = [("", "no"), ("door", 'at the "door"'), ("a&b", "<both>")]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            widgets.Text(attrs={"type": "tel", "class": "input", "data-x": ""}),
            forms.TextInput({"type": "tel", "class": "input", "data-x": ""}),
        ),
        (widgets.Mail(), forms.EmailInput()),
        (widgets.Box(), forms.CheckboxInput()),
        (widgets.Choice(choices=CHOICES), forms.Select(choices=CHOICES)),
    ],
)
@pytest.mark.parametrize("value", [None, "", "door", "a&b", True, AWKWARD])
def test_a_control_is_written_as_django_writes_it(
    ours: forms.Widget, theirs: forms.Widget, value: Any
) -> None:
    attrs = {"id": "id_it", "required": True, "disabled": False, "aria-describedby": AWKWARD}

    assert parse_html(ours.render("it", value, attrs)) == parse_html(theirs.render("it", value, attrs))
    assert AWKWARD not in ours.render("it", value, attrs)
