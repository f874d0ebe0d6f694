"""Files of products that were uploaded, what each row of them would do, and how far the work is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CatalogImport(models.Model):
    """One file, from its upload to its last row. `position` is the last group of rows that was dealt with.

    The position commits together with what the rows did: whoever goes on after a crash finds the next one.
    """

    class Kind(models.TextChoices):
        CATALOG = "catalog", _("Products")
        FEED = "feed", _("Prices and stock")

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        APPLYING = "applying", _("Being carried out")
        DONE = "done", _("Carried out")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Not possible")

    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    kind = models.CharField(
        max_length=10, choices=Kind.choices, blank=True
    )  # known once its headings are read
    name = models.CharField(max_length=255)  # of the file, as the editor calls it
    file = models.CharField(max_length=255)  # its name in the private storage
    pictures = models.CharField(max_length=255, blank=True)  # the zip of pictures, in the same storage
    columns = models.JSONField(default=list)  # headings in the order of the file, as they are written there
    together = models.BooleanField(default=False)  # all rows or none
    loaded = models.BooleanField(default=False)  # every row of the file has its row here
    position = models.PositiveIntegerField(default=0)
    groups = models.PositiveIntegerField(default=0)  # the last group
    rows_total = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)  # why the file is of no use: a key of `words.REASONS`
    detail = models.CharField(max_length=255, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="applying"), name="one_import_is_carried_out"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def going_on(self) -> bool:
        """Return whether a worker has something to do for it."""
        return self.state in (self.State.CHECKING, self.State.APPLYING)


class ImportRow(models.Model):
    """A line of the file. Lines of one product have one group and are judged and carried out together."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("not checked yet")
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        SAME = "same", _("unchanged")
        ERROR = "error", _("with errors")

    run = models.ForeignKey(CatalogImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()  # as a spreadsheet counts, the headings are line 1
    group = models.PositiveIntegerField()
    slug = models.CharField(max_length=255, blank=True)
    sku = models.CharField(max_length=64, blank=True)
    values = models.JSONField(default=dict)  # {column: text}
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    messages = models.JSONField(default=list)  # [{"code", "column", "values": {…}}]
    changes = models.JSONField(default=list)  # [[column, before, after]]
    revision = models.PositiveIntegerField(null=True)  # of the page when it was judged
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="import_line_once")]
        indexes = [
            models.Index(fields=["run", "group"], name="import_groups"),
            models.Index(fields=["run", "sku"], name="import_skus"),
            models.Index(fields=["run", "outcome", "line"], name="import_outcomes"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line}"


class FetchedPicture(models.Model):
    """Which picture was fetched from an address: the same address is not fetched a second time."""

    url = models.CharField(max_length=500, unique=True)
    image = models.ForeignKey("cms.ShopImage", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url
