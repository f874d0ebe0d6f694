"""Controls that write themselves write what Django's write."""

from typing import Any

import pytest
from django import forms
from django.test.html import parse_html
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from commerce import widgets

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


def test_attributes_that_only_look_alike_are_told_apart() -> None:
    same = "a&amp;b"

    written = [
        widgets.Text().render("it", "", {"data-x": said}) for said in (SafeString(same), same, True, 1)
    ]

    assert ['data-x="a&amp;b"' in written[0], 'data-x="a&amp;amp;b"' in written[1]] == [True, True]
    assert [" data-x>" in written[2], 'data-x="1"' in written[3]] == [True, True]


def test_words_in_attributes_are_the_readers() -> None:
    control = widgets.Text(attrs={"placeholder": gettext_lazy("Search")})

    with translation.override("en"):
        english = control.render("it", "")
    with translation.override("ko"):
        korean = control.render("it", "")

    assert ('placeholder="Search"' in english, 'placeholder="검색"' in korean) == (True, True)
