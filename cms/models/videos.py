"""Films: files of our own, or such at YouTube and Vimeo, which are asked for only when somebody presses play."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from cms import films

MOST_BYTES = 100 * 1024 * 1024
_TIMING = re.compile(r"^(\d{2,}:)?\d{2}:\d{2}\.\d{3} --> (\d{2,}:)?\d{2}:\d{2}\.\d{3}", re.MULTILINE)


def is_film(upload: Any) -> None:
    """Refuse what only says that it is a film, and what is too heavy for a shop.

    Raises:
        ValidationError: it begins like neither MP4 nor WebM, or has more than 100 MB.
    """
    if getattr(upload, "_committed", False):
        return  # it was looked at when it came
    if upload.size > MOST_BYTES:
        raise ValidationError(_("The film has more than 100 MB. Make it shorter or smaller."))
    file = getattr(upload, "file", upload)
    file.seek(0)
    head = file.read(12)
    file.seek(0)
    quicktime = head[8:12] == b"qt  "  # a film of an Apple camera under another name: few browsers play it
    if (head[4:8] != b"ftyp" or quicktime) and not head.startswith(b"\x1a\x45\xdf\xa3"):
        raise ValidationError(_("This is no MP4 or WebM film."))


def are_captions(text: str) -> None:
    """Refuse captions that browsers cannot read.

    Raises:
        ValidationError: it is no WebVTT.
    """
    if not text.lstrip("\ufeff").startswith("WEBVTT") or not _TIMING.search(text):
        raise ValidationError(
            _(
                "Captions are WebVTT: a first line WEBVTT, then lines like 00:01.000 --> 00:04.000 with words below."
            )
        )


class ShopVideo(index.Indexed, models.Model):
    """A film with its still picture and captions."""

    title = models.CharField(
        _("title"), max_length=120, help_text=_("Shoppers hear it when they choose the film.")
    )
    title_en = models.CharField(_("title (English)"), max_length=120, blank=True)
    file = models.FileField(
        _("file"),
        upload_to="videos/",
        blank=True,
        validators=[FileExtensionValidator(["mp4", "webm"]), is_film],
        help_text=_("MP4 or WebM, at most 100 MB."),
    )
    address = models.URLField(
        _("address at YouTube or Vimeo"),
        blank=True,
        help_text=_("Instead of a file. Nothing is loaded from there before a shopper presses play."),
    )
    poster = models.ForeignKey(
        "cms.ShopImage", on_delete=models.PROTECT, related_name="+", verbose_name=_("still picture")
    )
    captions = models.TextField(
        _("captions"), blank=True, validators=[are_captions], help_text=_("WebVTT, of a file.")
    )
    captions_en = models.TextField(_("captions (English)"), blank=True, validators=[are_captions])

    panels = [
        MultiFieldPanel([FieldPanel("title"), FieldPanel("title_en")], heading=_("Title")),
        MultiFieldPanel([FieldPanel("file"), FieldPanel("address")], heading=_("Film")),
        FieldPanel("poster"),
        MultiFieldPanel([FieldPanel("captions"), FieldPanel("captions_en")], heading=_("Captions")),
    ]
    search_fields = [index.SearchField("title"), index.AutocompleteField("title")]

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("film")
        verbose_name_plural = _("films")
        constraints = [
            models.CheckConstraint(
                condition=Q(file="") & ~Q(address="") | ~Q(file="") & Q(address=""),
                name="film_has_one_source",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a film with two sources or none, and addresses that are no film.

        Raises:
            ValidationError: with the field that is wrong.
        """
        if bool(self.file) == bool(self.address):
            raise ValidationError({"file": _("Choose a file, or enter an address: one of them.")})
        if self.address and films.embed_of(self.address) is None:
            raise ValidationError({"address": _("This is no address of a film at YouTube or Vimeo.")})

    @property
    def embed(self) -> films.Embed | None:
        """Return where a film of another house is; None for a file of our own."""
        return films.embed_of(self.address) if self.address else None

    def title_in(self, language: str) -> str:
        """Return the title in a language."""
        return (self.title_en if language == "en" else "") or self.title

    def captions_in(self, language: str) -> str:
        """Return the captions in a language; empty when there are none."""
        return self.captions_en if language == "en" else self.captions
