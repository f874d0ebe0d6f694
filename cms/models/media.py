"""Pictures and documents of the shop. Own models from the first migration: they cannot be changed later."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage


class ShopImage(AbstractImage):
    """A picture; what it shows is said in both languages where it is used."""

    credit = models.CharField(_("credit"), max_length=120, blank=True)

    admin_form_fields = (*WagtailImage.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")


class ShopRendition(AbstractRendition):
    """A picture in one size and format."""

    image = models.ForeignKey(ShopImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("image", "filter_spec", "focal_point_key"), name="rendition_once")
        ]


class ShopDocument(AbstractDocument):
    """A file to download."""

    admin_form_fields = WagtailDocument.admin_form_fields
