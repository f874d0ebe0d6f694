"""What a buyer writes, and what a reader reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.photos.fields import PhotosField
from commerce.photos.files import MOST
from commerce.reviews.models import STARS, TEXT_LENGTH, Review
from commerce.reviews.states import Complaint

_WORDS = {
    5: _("Very good"),
    4: _("Good"),
    3: _("All right"),
    2: _("Not so good"),
    1: _("Bad"),
}


class ReviewForm(forms.Form):
    """Stars, words and photos; for a review that exists also which of its photos go."""

    rating = forms.TypedChoiceField(
        label=_("How many stars?"),
        choices=[(stars, _WORDS[stars]) for stars in reversed(STARS)],
        coerce=int,
        error_messages={"required": _("Please choose one to five stars.")},
    )
    text = forms.CharField(
        label=_("Your review"),
        min_length=10,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 6}),
        help_text=_("10 to 2,000 characters. Please leave out names, phone numbers and addresses."),
        error_messages={"required": _("Please write some words.")},
    )
    pictures = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_(
            "Up to five, 8 MB each. Everybody sees them; where they were taken is removed before we keep them."
        ),
    )
    without = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, review: Review | None = None, **kwargs: Any) -> None:
        if review:
            kwargs.setdefault("initial", {"rating": review.rating, "text": review.text})
        super().__init__(*args, **kwargs)
        self.kept = list(review.photos.all()) if review else []
        self.fields["without"].choices = [(photo.pk, photo.pk) for photo in self.kept]  # type: ignore[attr-defined]

    def stars(self) -> list[tuple[int, Any]]:
        """Return the choices of stars with their words, the best first."""
        return [(stars, _WORDS[stars]) for stars in reversed(STARS)]

    def clean(self) -> dict[str, Any]:
        """Refuse more photos than a review may have."""
        typed: dict[str, Any] = super().clean() or {}
        left = len(self.kept) - len(typed.get("without", []))
        if left + len(typed.get("pictures") or []) > MOST:
            self.add_error("pictures", _("A review has five photos at most, counting those it has already."))
        return typed


class ReportForm(forms.Form):
    """What is wrong with a review."""

    kind = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=[("", _("Please choose")), *Complaint.choices],
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"required": _("Please choose the reason.")},
    )
    text = forms.CharField(
        label=_("Details"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 3}),
    )
