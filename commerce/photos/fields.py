"""Photos as a field of a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.photos import files
from commerce.photos.files import BadPhoto, Photo

_WRONG = {
    "size": _("%(name)s is larger than 8 MB."),
    "kind": _("%(name)s is no JPEG, PNG or WebP picture."),
    "pixels": _("%(name)s has too many pixels."),
}


class Pictures(forms.FileInput):
    """Several files in one control."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "input", "accept": "image/jpeg,image/png,image/webp", **(attrs or {})})


class PhotosField(forms.FileField):
    """Up to five photos, each drawn anew."""

    widget = Pictures

    def clean(self, data: Any, initial: Any = None) -> list[Photo]:
        """Return the photos.

        Raises:
            ValidationError: too many, too large, or no pictures.
        """
        sent = [file for file in (data if isinstance(data, list) else [data]) if file]
        if len(sent) > files.MOST:
            raise forms.ValidationError(_("Please choose five photos at most."), code="many")
        return [self._photo(file) for file in sent]

    def _photo(self, file: Any) -> Photo:
        try:
            return files.clean(size=file.size, content=file)
        except BadPhoto as bad:
            text = _WRONG[bad.why] % {"name": file.name[:60]}
            raise forms.ValidationError(text, code=bad.why) from bad
