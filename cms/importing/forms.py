"""What an editor says when a file is uploaded, and when it is carried out."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cms.importing import files

MOST_ZIP = 500 * 1024 * 1024  # bytes of a zip of pictures as it is uploaded


class Upload(forms.Form):
    """A table, and the pictures that it names."""

    file = forms.FileField(
        label=pgettext_lazy("import", "Table"),
        help_text=gettext_lazy("CSV (UTF-8 or CP949; comma, semicolon or tab) or XLSX, at most 50 MB."),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )
    pictures = forms.FileField(
        label=gettext_lazy("Pictures"),
        required=False,
        help_text=gettext_lazy(
            "A zip of the pictures that the table names, at most 500 MB. Not needed for pictures of the library "
            "and for addresses."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is kept."""
        return self._bounded("file", files.MOST_BYTES)

    def clean_pictures(self) -> Any:
        """Refuse what is too large before it is kept."""
        return self._bounded("pictures", MOST_ZIP)

    def _bounded(self, name: str, most: int) -> Any:
        file = self.cleaned_data[name]
        if file and file.size > most:
            text = _("The file is too large: at most %(most)s MB.")
            raise forms.ValidationError(text % {"most": most // 1024 // 1024})
        return file


class Confirm(forms.Form):
    """How a checked file is carried out."""

    together = forms.BooleanField(
        label=gettext_lazy("All or none"),
        required=False,
        help_text=gettext_lazy("If one row fails, nothing of the file is kept. For at most 2,000 rows."),
    )
