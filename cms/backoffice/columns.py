"""Columns that several lists of the back office share."""

from collections.abc import Callable
from typing import Any

from wagtail.admin.ui.tables import Column

from cms.backoffice import words


class TagColumn(Column):
    """A state as a coloured tag."""

    cell_template_name = "backoffice/cells/tag.html"

    def __init__(self, name: str, *, tone: Callable[[Any], str], **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.tone = tone

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Add the colour."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "tone": self.tone(instance)}


class PictureColumn(Column):
    """A thumbnail; the value is a stored picture or nothing."""

    cell_template_name = "backoffice/cells/picture.html"


class NumberColumn(Column):
    """A number that keeps its heading on a phone, where the table has none."""

    cell_template_name = "backoffice/cells/number.html"


class WonColumn(Column):
    """An amount in won."""

    def get_value(self, instance: Any) -> str:
        """Write the amount."""
        return words.won(super().get_value(instance))


class MomentColumn(Column):
    """A time in Seoul."""

    def get_value(self, instance: Any) -> str:
        """Write the time."""
        return words.moment(super().get_value(instance))
